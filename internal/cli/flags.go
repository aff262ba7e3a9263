package cli

import (
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"filippo.io/age"
	"github.com/spf13/pflag"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/report"
)

// sourceFlags are the flags of every verb that takes SOURCE, as they were typed.
type sourceFlags struct {
	since, until, relativeTo, zone string

	ids, levels, keywords []string
	providers, channels   []string
	computers, contains   []string
	notIDs, notProviders  []string
	notContains           []string
	recover, merge        bool
	duplicates            bool

	format, output string
	quiet, noColor bool
	verbose        bool

	threads    int
	ansiCodec  string
	identities []string

	given, shown *pflag.FlagSet // say which were typed at all
}

// register adds the flags in groups, which the help shows.
func (f *sourceFlags) register(formats []report.Format) []flagGroup {
	choose := newFlagSet()
	f.given = choose
	choose.StringVar(&f.since, "since", "", "only events from this `TIME` on: a date (2017-05-04), a time "+
		"(2017-05-04 18:00, 18:00), today, yesterday, or how far back (7d, 36h, 2 days)")
	choose.StringVar(&f.until, "until", "", "only events up to this `TIME`; a date or a month means its end")
	choose.StringVar(&f.relativeTo, "relative-to", "newest",
		"what 7d and today count from: the newest event of all logs, or now (`newest|now`); now for live channels")
	choose.StringVar(&f.zone, "tz", "UTC", "the `ZONE` of times that are typed and shown: UTC, local, +02:00, or a name such as Europe/Paris")
	choose.StringArrayVar(&f.levels, "level", nil,
		"only these `LEVELS`: critical, error, warning, information, verbose, or numbers, with commas; critical-warning and 1-3 are all between")
	choose.StringArrayVar(&f.ids, "id", nil, "only these event `IDS`: 25, or 25,401, or 100-199")
	choose.StringArrayVar(&f.notIDs, "exclude-id", nil, "no events with these `IDS`")
	choose.StringArrayVar(&f.contains, "contains", nil, "only events with this `TEXT` in them, in any case; several times: all of them")
	choose.StringArrayVar(&f.notContains, "not-contains", nil, "no events with this `TEXT` in them, in any case; several times: none of them")
	choose.StringArrayVar(&f.providers, "provider", nil,
		"only events of the provider `NAME` (the source in Event Viewer); any of several; * and ? stand for anything, here and below")
	choose.StringArrayVar(&f.notProviders, "exclude-provider", nil, "no events of the provider `NAME`")
	choose.StringArrayVar(&f.channels, "channel", nil, "only events of the channel `NAME` (the log in Event Viewer); any of several")
	choose.StringArrayVar(&f.computers, "computer", nil, "only events of the computer `NAME`, with or without its domain; any of several")
	choose.StringArrayVar(&f.keywords, "keyword", nil, "only events with this `KEYWORD`: \"audit failure\", \"audit success\"; any of several")
	choose.BoolVar(&f.merge, "merge", false, "the events of all logs as one timeline, instead of one log after the other, "+
		"also where the clock of a log went back")
	choose.BoolVar(&f.duplicates, "duplicates", false, "also events that another of the logs has already; without it, each counts once")
	choose.BoolVar(&f.recover, "recover", false, "also look for old events in the unused space of the log; they are marked")

	show := newFlagSet()
	f.shown = show
	show.StringVar(&f.format, "format", string(formats[0]), "`FORMAT` of the output: "+formatNames(formats))
	show.StringVarP(&f.output, "output", "o", "", "write to this `FILE`: it appears when it is complete, or not at all")
	show.BoolVarP(&f.quiet, "quiet", "q", false, "no progress, no notes: errors alone on standard error")
	show.BoolVar(&f.noColor, "no-color", false, "no colours; the environment variable NO_COLOR does the same")

	other := newFlagSet()
	other.IntVar(&f.threads, "threads", 0, "use `N` cores, 0 for all")
	other.StringVar(&f.ansiCodec, "ansi-codec", defaultCodec, "code page `NAME` of texts in logs from before Unicode")
	other.StringArrayVar(&f.identities, "identity", nil, "the age key in this `FILE` opens encrypted bundles; repeatable")
	return []flagGroup{{"Choose events", choose}, {outputGroup, show}, {otherGroup, other}}
}

// verboseFlag is for verbs that read logs. (Others have a -v of their own.)
func (f *sourceFlags) verboseFlag() *pflag.FlagSet {
	fs := newFlagSet()
	fs.BoolVarP(&f.verbose, "verbose", "v", false, "name each damaged place of a log, and in a diagnosis every log")
	return fs
}

// outputGroup is the title of the flags that say how results are shown.
const outputGroup = "Output"

// otherGroup is the title of the flags that are rarely needed.
const otherGroup = "Other"

func newFlagSet() *pflag.FlagSet {
	fs := pflag.NewFlagSet("", pflag.ContinueOnError)
	fs.SortFlags = false
	return fs
}

func formatNames(formats []report.Format) string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = string(f)
	}
	return strings.Join(names, ", ")
}

// options are the flags, understood.
type options struct {
	verb  string
	shard eventlog.Shard // the part of the sources that is read

	since, until moment
	relativeTo   eventlog.Reference
	zone         *time.Location     // of times for people
	defaults     []eventlog.Default // channels that are read without any source, beside the gateway's
	neighbours   bool               // likewise what System and Application tell of it

	selection      evtx.Selection     // without the times, which may depend on the logs
	conditions     []func() condition // of --where and --grep
	fieldsWanted   []string           // names in --where that no event need have, in lower case
	recover, merge bool
	duplicates     bool // an event that is in several logs is several
	format         report.Format
	byEnding       bool // the format is that of the name of the file
	output         string
	quiet, noColor bool
	verbose        bool // each damaged place is named, and each log of a diagnosis
	threads        int
	fields         []string // columns of a table of events; empty for the usual ones
	bom            bool
	limit          int // events that are shown: the last ones; 0 for all, newOnly for none
	reverse        bool
	follow         bool

	codePage   evtx.CodePage
	identities []age.Identity
	sinceGiven bool

	text  bool            // texts are logs too
	texts []eventlog.Text // that were typed or pasted
}

// formatOfFile is the format that the name of a file ends with, and else the usual one.
func formatOfFile(name string, formats []report.Format) (f report.Format, byEnding bool) {
	ending := strings.TrimPrefix(strings.ToLower(filepath.Ext(name)), ".")
	if ending == "ndjson" {
		ending = string(report.JSONLines)
	}
	if f, known := report.ParseFormat(ending); known && f != formats[0] && slices.Contains(formats, f) {
		return f, true
	}
	return formats[0], false
}

// but is a copy with a change: the options of a command line stay as they were parsed.
func (o *options) but(change func(*options)) *options {
	c := *o
	change(&c)
	return &c
}

func (f *sourceFlags) parse(formats []report.Format) (*options, error) {
	o := &options{
		recover: f.recover, merge: f.merge, duplicates: f.duplicates, output: f.output, quiet: f.quiet, noColor: f.noColor, threads: f.threads,
		verbose: f.verbose,
	}
	var err error
	if o.format, err = parseFormat(f.format, formats); err != nil {
		return nil, err
	}
	if named, known := report.ParseFormat(f.output); known && !f.shown.Changed("format") {
		return nil, usage("--format "+string(named)+"; for a file of that name: -o ./"+f.output, "--output: %s is a format: which file?", f.output)
	}
	if !f.shown.Changed("format") {
		o.format, o.byEnding = formatOfFile(f.output, formats)
	}
	if o.selection, err = f.parseSelection(); err != nil {
		return nil, err
	}
	if o.codePage, err = parseCodePage(f.ansiCodec); err != nil {
		return nil, err
	}
	if o.identities, err = readIdentities(f.identities); err != nil {
		return nil, err
	}
	o.sinceGiven = f.given.Changed("since")
	if f.threads < 0 {
		return nil, usage("0 means all "+strconv.Itoa(runtime.NumCPU())+" cores", "--threads: %d is less than nothing", f.threads)
	}
	return o, f.parseTimes(o)
}

func (f *sourceFlags) parseTimes(o *options) error {
	var err error
	if o.zone, err = parseZone(f.zone); err != nil {
		return err
	}
	if f.given.Changed("since") { // also when it is empty: a variable of a script that was not set
		if o.since, err = parseMoment("since", f.since, o.zone); err != nil {
			return err
		}
	}
	if f.given.Changed("until") {
		if o.until, err = parseMoment("until", f.until, o.zone); err != nil {
			return err
		}
	}
	to := eventlog.Reference(strings.ToLower(f.relativeTo))
	if f.given.Changed("relative-to") {
		o.relativeTo = to
	}
	if to != eventlog.ToNewest && to != eventlog.ToNow {
		return usage("use --relative-to newest or --relative-to now", "--relative-to: unknown %q", f.relativeTo)
	}
	both := o.since.given() && o.until.given()
	if both && o.since.counted() && o.until.counted() && o.since.Back < o.until.Back {
		return orderError(o.since.text, o.until.text)
	}
	if both && !o.since.Relative && !o.until.Relative && o.since.At.After(o.until.At) {
		return orderError(o.since.text, o.until.text)
	}
	return nil
}

// window is the time that was asked for.
func (o *options) window(now func() time.Time) *eventlog.Window {
	return &eventlog.Window{Since: o.since.Moment, Until: o.until.Moment, To: o.relativeTo, Now: now}
}

func orderError(since, until string) error {
	return usage("the earlier time comes first: --since 2017-05-01 --until 2017-05-04, or --since 7d --until 2d",
		"--since %s is later than --until %s", since, until)
}

func parseFormat(name string, formats []report.Format) (report.Format, error) {
	hint := "use --format with one of " + formatNames(formats)
	parsed, known := report.ParseFormat(name)
	for _, f := range formats {
		if known && f == parsed {
			return f, nil
		}
	}
	if known {
		return "", usage(hint, "--format: %s does not fit this command", parsed)
	}
	switch strings.ToLower(name) {
	case "xlsx", "xls", "excel":
		hint = "Excel reads this: --format csv --bom -o events.csv"
	case "ndjson", "json-lines", "jsonlines":
		hint = "that is --format jsonl"
	case "json-pretty", "short", "short-iso", "cat", "verbose", "list":
		hint = "in blocks of lines: --format text; " + hint
	}
	return "", usage(hint, "--format: unknown format %q", name)
}
