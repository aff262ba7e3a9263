package cli

import (
	"bufio"
	"os"
	"strconv"
	"strings"

	"filippo.io/age"
	"github.com/spf13/cobra"

	"github.com/gwlogs/gwlogs/archive"
	"github.com/gwlogs/gwlogs/internal/fileerror"
	"github.com/gwlogs/gwlogs/internal/reportid"
	"github.com/gwlogs/gwlogs/matcher"
)

// redactFlags are the flags of verbs that redact, as they were typed.
type redactFlags struct {
	mode, rules string
	encryptTo   []string
	lang        string
	dryRun      bool
}

// archiveFlags are the flags of archive, as they were typed.
type archiveFlags struct {
	redactFlags
	reportID, maxSize string
	include           []string
	logEvent, allLogs bool
	review            bool
	check             string // now, or the name of a file
}

func (f *archiveFlags) register(ios *IOStreams) flagGroup {
	fs := newFlagSet()
	fs.StringVar(&f.mode, "redact", string(archive.Secrets),
		"what to take out, `secrets|identities|none`: keys and passwords; names of people and machines too; nothing")
	fs.StringVar(&f.rules, "redact-rules", "", "also the rules in this `FILE`, which can switch off built-in ones")
	fs.StringVar(&f.reportID, "report-id", "", "use this `UUID` as report ID, instead of a new one")
	fs.StringArrayVar(&f.encryptTo, "encrypt-to", nil,
		"encrypt to this age `RECIPIENT` (age1…), or to those in a file of that name; repeatable")
	fs.StringArrayVar(&f.include, "include", nil, "also put this text `FILE` into the bundle, redacted (the last 16 MiB of it); repeatable")
	fs.StringVar(&f.check, "check", "", "also try what the gateway needs from this machine, as gwlogs check does, and put the result in; "+
		"or take it from this `FILE`: --check=check.json")
	fs.Lookup("check").NoOptDefVal = checkNow
	fs.BoolVar(&f.allLogs, "all-logs", false,
		"from a folder, take all logs: not the gateway's alone, and what System and Application tell of it")
	fs.StringVar(&f.maxSize, "max-size", "", "write nothing if the bundle would be larger than `SIZE`: 25MB")
	fs.BoolVar(&f.dryRun, "dry-run", false, "show what would be in the bundle, and write nothing")
	fs.BoolVar(&f.review, "review", false, "first show what is taken out and what is in doubt, and ask what else has to go; "+
		"answers are kept as rules")
	fs.BoolVar(&f.logEvent, "log-event", false, "also note the report ID in the Windows event log (event 25)")
	addLanguage(fs, &f.lang, ios, "the report and of the text for support")
	return flagGroup{"Bundle", fs}
}

// checkNow is --check without a file.
const checkNow = "now"

func (f *archiveFlags) complete(cmd *cobra.Command) {
	modes := []string{string(archive.Secrets), string(archive.Identities), string(archive.None)}
	for name, offers := range map[string][]string{
		"redact": modes, "lang": matcher.Languages(), "report-id": nil, "max-size": {"25MB"}, "encrypt-to": nil,
	} {
		_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(offers, cobra.ShellCompDirectiveNoFileComp))
	}
	_ = cmd.RegisterFlagCompletionFunc("redact-rules", cobra.FixedCompletions([]string{"yml", "yaml"}, cobra.ShellCompDirectiveFilterFileExt))
}

func (f *archiveFlags) parse(*options) (*archiveOptions, error) {
	a, err := f.redactFlags.parse()
	if err != nil {
		return nil, err
	}
	a.Include, a.AllLogs, a.check = f.include, f.allLogs, f.check
	if f.reportID != "" {
		id, ok := reportid.Parse(f.reportID)
		if !ok {
			return nil, usage("a report ID is a UUID: --report-id 06c039b9-3fb8-4b29-88ec-5f1b2a7d90c4", "--report-id: %q is none", f.reportID)
		}
		a.ReportID = id
	}
	if a.MaxSize, err = parseSize(f.maxSize); err != nil {
		return nil, err
	}
	if f.logEvent {
		if err := checkLogEvent(); err != nil {
			return nil, err
		}
		a.logEvent = true
	}
	return a, nil
}

func (f *redactFlags) parse() (*archiveOptions, error) {
	a := &archiveOptions{Options: archive.Options{
		Redact: archive.Mode(strings.ToLower(f.mode)), Rules: f.rules, DryRun: f.dryRun, Lang: strings.ToLower(f.lang),
	}}
	if err := checkLang(a.Lang); err != nil {
		return nil, err
	}
	switch a.Redact {
	case archive.Secrets, archive.Identities, archive.None:
	default:
		return nil, usage("--redact secrets, --redact identities or --redact none", "--redact: unknown %q", f.mode)
	}
	var err error
	a.Recipients, err = parseRecipients(f.encryptTo)
	return a, err
}

// parseRecipients reads the keys before anything is collected: a wrong one must
// not be found out at the end.
func parseRecipients(given []string) ([]age.Recipient, error) {
	var all []age.Recipient
	for _, g := range given {
		if strings.HasPrefix(g, "age1") {
			r, err := age.ParseX25519Recipient(g)
			if err != nil {
				found, err2 := age.ParseRecipients(strings.NewReader(g))
				if err2 != nil {
					return nil, usage("check that it was copied whole: a recipient has 62 characters", "--encrypt-to: %q is no age recipient", shortKey(g))
				}
				all = append(all, found...)
				continue
			}
			all = append(all, r)
			continue
		}
		if strings.HasPrefix(strings.ToUpper(g), "AGE-SECRET-KEY-") {
			return nil, usage("give the public key that belongs to it, which begins with age1", "--encrypt-to: this is a secret key")
		}
		f, err := os.Open(g)
		if err != nil {
			return nil, usage("give a recipient, which begins with age1, or a file with one in each line", "--encrypt-to: %s: %v", g,
				fileerror.Reason(err))
		}
		found, err := age.ParseRecipients(bufio.NewReader(f))
		f.Close()
		if err != nil {
			return nil, usage("the file has one recipient in each line, which begins with age1; lines with # are comments",
				"--encrypt-to: %s: no recipients", g)
		}
		all = append(all, found...)
	}
	return all, nil
}

func shortKey(key string) string {
	if len(key) > 16 {
		return key[:16] + "…"
	}
	return key
}

// parseSize reads 25MB, 10 MiB, 1g, 5000000; 0 for no text.
func parseSize(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	wrong := usage("--max-size 25MB, or 500KB, or 2GB", "--max-size: %q is no size", text)
	t := strings.ToUpper(strings.TrimSpace(text))
	digits := strings.TrimRight(t, "KMGIB ")
	n, err := strconv.ParseFloat(digits, 64)
	if err != nil || n <= 0 || n > 1<<40 {
		return 0, wrong
	}
	switch strings.TrimSpace(t[len(digits):]) {
	case "", "B":
	case "K", "KB":
		n *= 1e3
	case "M", "MB":
		n *= 1e6
	case "G", "GB":
		n *= 1e9
	case "KIB":
		n *= 1 << 10
	case "MIB":
		n *= 1 << 20
	case "GIB":
		n *= 1 << 30
	default:
		return 0, wrong
	}
	return int64(n), nil
}
