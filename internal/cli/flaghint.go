package cli

import (
	"os"
	"slices"
	"strconv"
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
		"sd": "since", "ed": "until", "start-time": "since", "end-time": "until", "timeline-start": "since", "timeline-end": "until", "since-time": "since",
		"inc": "id", "exc": "exclude-id", "include-id": "id", "include-eid": "id", "exclude-eid": "exclude-id", "u": "provider", "unit": "provider",
		"identifier": "provider", "k": "contains", "g": "grep", "r": "reverse", "latest": "reverse", "sort-by": "reverse", "l": "limit",
		"head": "limit", "group-by": "by", "groupby": "by", "field": "by", "output-format": "format", "fmt": "format", "json-lines": "format",
		"watch": "follow", "wait": "follow", "exclude-source": "exclude-provider", "not-provider": "exclude-provider", "not-id": "exclude-id",
		"field-filter": "where", "expression": "where", "select": "fields", "column": "fields", "props": "fields", "d": "output",
		"severity": "level", "priority": "level", "p": "level", "timezone": "tz", "utc": "tz", "columns": "fields", "out": "output", "out-file": "output",
		"threads-number": "threads", "silent": "quiet", "color": "no-color", "exclude": "exclude-id", "exclude-contains": "not-contains", "without": "not-contains", "language": "lang", "key": "identity",
	}
}

// elsewhere is how to say what is no flag here.
func elsewhere() map[string]string {
	return map[string]string{
		"record": `--where "EventRecordID = 25"`, "recordid": `--where "EventRecordID = 25"`,
		"user": `--where "UserID = 'S-1-5-18'"`, "userid": `--where "UserID = 'S-1-5-18'"`, "sid": `--where "UserID = 'S-1-5-18'"`,
		"exclude-channel": `--where "Channel != 'NAME'"`, "exclude-computer": `--where "Computer != 'NAME'"`,
		"exclude-level": `--level critical,error,warning, or --where "Level != verbose"`,
		"sort":          "events come in the order of the log; --merge sorts those of several by time, --reverse shows the newest first",
		"jq":            "gwlogs events --format jsonl LOG | jq 'EXPRESSION'", "jsonpath": "gwlogs events --format jsonl LOG | jq 'EXPRESSION'",
		"no-headers": "csv and tsv have a line of names, jsonl and rows have none",
		"histogram":  "gwlogs stats --by hour LOG", "boot": "--since, with a date or a time",
		"S": "did you mean --since?", "U": "did you mean --until?", "F": "gwlogs stats --by provider LOG: all values of a field, and how often each comes",
		"e":    "did you mean --reverse? or -n 100: the last 100",
		"head": "gwlogs events LOG | head -n 10", "first": "gwlogs events LOG | head -n 10",
	}
}

// flagHint is what was probably meant by a flag that there is not.
func flagHint(cmd *cobra.Command, unknown *pflag.NotExistError) string {
	typed := strings.ToLower(unknown.GetSpecifiedName())
	if group := unknown.GetSpecifiedShortnames(); group != "" {
		if n, err := strconv.Atoi(group); err == nil {
			return "did you mean -n " + strconv.Itoa(n) + "?"
		}
		if hint := elsewhere()[group[:1]]; hint != "" && cmd.Flags().Lookup("where") != nil {
			return hint
		}
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

// otherCommands are what other tools call what a command here does.
func otherCommands() map[string][]string {
	return map[string][]string{
		`gwlogs events --contains TEXT LOG, or --grep, --where`: {"search", "find", "grep", "query", "qe", "query-events", "filter", "select"},
		`gwlogs events LOG`: {"show", "print", "cat", "dump", "view-events", "log", "logs", "read", "list", "ls", "json-timeline", "csv-timeline", "timeline",
			"convert", "parse", "get"},
		`gwlogs events --follow LOG`:                   {"tail", "follow", "watch"},
		`gwlogs events --format evtx -o week.evtx LOG`: {"epl", "export-log", "export", "save", "extract"},
		`gwlogs stats LOG`: {"metrics", "eid-metrics", "log-metrics", "computer-metrics", "count", "summary", "summarize", "histogram", "gli", "get-loginfo",
			"info", "top"},
		`gwlogs stats --id 4624,4625 --by data.TargetUserName LOG`: {"logon-summary", "logons"},
		`gwlogs channels`:           {"el", "enum-logs", "list-logs", "gl", "get-log"},
		`gwlogs diagnose LOG`:       {"hunt", "scan", "analyse", "analyze", "explain-log", "doctor", "status", "problems", "detect", "why"},
		`gwlogs signatures`:         {"rules", "lint", "update-rules"},
		`gwlogs archive LOG`:        {"bundle", "pack", "zip", "collect", "flare"},
		`gwlogs send LOG`:           {"upload", "submit"},
		`gwlogs view LOG`:           {"open", "gui", "browse", "ui", "web", "serve", "lnav"},
		`gwlogs fetch REPORTID`:     {"download"},
		`gwlogs report-id LOG`:      {"reportid", "id", "ids"},
		`gwlogs help`:               {"man", "usage", "commands", "?"},
		`gwlogs verify BUNDLE`:      {"validate", "test"},
		`gwlogs check`:              {"ping", "probe", "preflight", "connectivity"},
		`gwlogs errors LOG`:         {"error", "err"},
		`gwlogs firewall LOG`:       {"ports", "addresses", "endpoints"},
		`gwlogs redact BUNDLE`:      {"anonymize", "anonymise", "scrub", "sanitize"},
		`gwlogs explain "TEXT"`:     {"what", "message", "code", "errorcode"},
		`gwlogs completion bash`:    {"completions", "autocomplete"},
		`gwlogs version`:            {"ver", "about"},
		`gwlogs eventsource status`: {"event-source", "source"},
	}
}

// commandElsewhere is what does here what another tool's command does; empty if nobody knows it.
func commandElsewhere(name string) string {
	for here, names := range otherCommands() {
		if slices.Contains(names, strings.ToLower(name)) {
			return here
		}
	}
	return ""
}

// otherFlag is how to say here what wevtutil and other programs of Windows say as /x:VALUE, if there is no file of that name.
func otherFlag(source string) (form string, ok bool) {
	if len(source) < 3 || source[0] != '/' {
		return "", false
	}
	name, value, _ := strings.Cut(strings.ToLower(source[1:]), ":")
	here := map[string]string{
		"c": "-n " + value, "count": "-n " + value, "rd": "--reverse", "reversedirection": "--reverse", "q": "--xpath '" + source[min(len(source), len(name)+2):] + "'",
		"query": "--xpath", "f": "--format " + value, "format": "--format " + value, "lf": "leave it out: a file is known as one", "logfile": "leave it out",
		"sq": "--xpath takes the XML of a query as well", "bm": "--since, with a time", "e": "--format xml has a root element", "uni": "output is UTF-8",
		"ow": "-o FILE goes over what is there", "r": "give a file, or run gwlogs there", "l": "--lang, where there is one",
	}[name]
	if here == "" || !strings.Contains(source, ":") {
		return "", false
	}
	if _, err := os.Stat(source); err == nil {
		return "", false
	}
	return "here that is: " + here, true
}
