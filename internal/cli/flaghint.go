package cli

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gwlogs/gwlogs/internal/report"
)

// otherNames are flags of other tools, and what says the same here.
func otherNames() map[string]string {
	return map[string]string{
		"from": "since", "after": "since", "start": "since", "starttime": "since", "to": "until", "before": "until", "end": "until", "endtime": "until",
		"last": "limit", "tail": "limit", "max": "limit", "maxevents": "limit", "count": "limit", "lines": "limit", "c": "limit",
		"newest": "reverse", "rd": "reverse", "desc": "reverse", "query": "where", "filter": "where", "q": "where",
		"search": "contains", "text": "contains", "keyword": "contains", "regex": "grep", "eventid": "id", "event-id": "id", "ids": "id",
		"source": "provider", "providername": "provider", "log": "channel", "logname": "channel", "host": "computer", "computername": "computer",
		"severity": "level", "priority": "level", "p": "level", "timezone": "tz", "utc": "tz", "columns": "fields", "out": "output", "out-file": "output",
		"threads-number": "threads", "silent": "quiet", "color": "no-color", "exclude": "exclude-id", "exclude-contains": "not-contains", "without": "not-contains", "language": "lang", "key": "identity",
	}
}

// elsewhere is how to say what is no flag here.
func elsewhere() map[string]string {
	return map[string]string{
		"record": `--where "EventRecordID = 25"`, "recordid": `--where "EventRecordID = 25"`,
		"user": `--where "UserID = 'S-1-5-18'"`, "userid": `--where "UserID = 'S-1-5-18'"`, "sid": `--where "UserID = 'S-1-5-18'"`,
		"head": "gwlogs events LOG | head -n 10", "first": "gwlogs events LOG | head -n 10",
	}
}

// flagHint is what was probably meant by a flag that there is not.
func flagHint(cmd *cobra.Command, unknown *pflag.NotExistError) string {
	typed := strings.ToLower(unknown.GetSpecifiedName())
	if group := unknown.GetSpecifiedShortnames(); group != "" {
		typed = strings.ToLower(strings.SplitN(group, "=", 2)[0])
		if len(typed) > 1 && cmd.Flags().Lookup(typed) != nil {
			return "names of flags have two dashes: --" + typed
		}
	}
	if hint := elsewhere()[typed]; hint != "" && cmd.Flags().Lookup("where") != nil {
		return hint
	}
	if f, ok := report.ParseFormat(typed); ok && cmd.Flags().Lookup("format") != nil {
		return "did you mean --format " + string(f) + "?"
	}
	if name := otherNames()[typed]; name != "" && cmd.Flags().Lookup(name) != nil {
		return "did you mean --" + name + "?"
	}
	best, least := "", 3
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		d := edits(typed, f.Name)
		if len(typed) > 2 && strings.HasPrefix(f.Name, typed) {
			d = 1
		}
		if d < least && d < len(typed) && !f.Hidden {
			best, least = f.Name, d
		}
	})
	if best == "" {
		return cmd.CommandPath() + " --help shows the flags"
	}
	return "did you mean --" + best + "?"
}
