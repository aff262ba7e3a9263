package cli

import (
	"context"
	"errors"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/internal/where"
)

const whereHelp = `--where takes an expression over the fields of an event:

  EventID in (4624, 4625) and not TargetUserName endswith '$'
  Level <= 2 and (Data contains "9350" or Data contains "9351")
  IpAddress cidr 10.0.0.0/8 or not exists(IpAddress)

Fields are those of System (EventID, Level by name or number, Provider, Channel,
Computer, EventRecordID, TimeCreated, Task, Opcode, Keywords, Version,
ProcessID, ThreadID, UserID, ActivityID), the named values of the event, Data
for values without a name, and Message for the text of all. Names are in any
case. Where a field has several values, one of them is enough.

  =  !=                            the whole value, in any case
  <  <=  >  >=                     numbers; times are for --since and --until
  in (VALUE, VALUE)                one of several
  contains  startswith  endswith   a part of it, in any case
  re                               a regular expression (RE2)
  cidr                             an address within a network
  exists                           there is such a field
  and  or  not  ( )                not stands before in, contains and the like, too

Texts stand in quotes, 'so' or "so"; a quote within them is typed twice. Nothing
else in a text has a meaning of its own.`

// newWhereTopic is a page of the help.
func newWhereTopic() *cobra.Command {
	return &cobra.Command{Use: "where", Short: "How --where chooses events by an expression", Long: whereHelp}
}

// addEventVerb is addSourceVerb for a verb that looks at single events, which --where, --xpath and --grep can choose among.
func addEventVerb(cmd *cobra.Command, ios *IOStreams, formats []report.Format, run func(context.Context, *options, []string) error, own ...flagGroup) {
	var f conditionFlags
	fs := newFlagSet()
	fs.StringVar(&f.where, "where", "", "only events for which this `EXPRESSION` holds: \"EventID in (25, 401) and Data contains '9350'\"; "+
		"see gwlogs help where")
	fs.StringVar(&f.xpath, "xpath", "", "only events that this `QUERY` of Event Viewer selects, as wevtutil takes it or as the XML of a custom view: "+
		"'*[System[(Level=1 or Level=2) and EventID=401]]'")
	fs.StringVar(&f.grep, "grep", "", "only events in whose message this regular `EXPRESSION` (RE2) is found: '(?i)port 935[0-4]'")
	var shard string
	sharding := shardFlag(&shard)
	addSourceVerb(cmd, formats, func(ctx context.Context, o *options, sources []string) error {
		o, err := f.apply(fs, o, ios.Now)
		if err != nil {
			return err
		}
		part, err := parseShard(sharding.flags, shard, sources)
		if err != nil {
			return err
		}
		return run(ctx, o.but(func(o *options) { o.shard = part }), sources)
	}, append(own, flagGroup{"Choose events by an expression", fs}, flagGroup{outputGroup, pagerFlag()}, sharding)...)
	for _, name := range []string{"where", "xpath", "grep", "shard"} {
		_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(nil, cobra.ShellCompDirectiveNoFileComp))
	}
}

type conditionFlags struct{ where, xpath, grep string }

// A condition chooses among events, for one goroutine.
type condition func(*evtx.Record) bool

// apply gives the options what makes conditions, all of which have to hold.
func (f *conditionFlags) apply(fs *pflag.FlagSet, o *options, now func() time.Time) (*options, error) {
	var all []func() condition
	var fields []string
	narrowed := o.selection.Any
	if fs.Changed("where") {
		e, err := where.Parse(f.where)
		if err != nil {
			return nil, usage("gwlogs help where shows how expressions are written", "--where: %v", err)
		}
		fields = e.DataFields()
		if must := e.Selection(); len(narrowed) == 0 && len(must.IDs)+len(must.Levels) > 0 { // decided before the event is read
			narrowed = []evtx.Selection{must}
		}
		all = append(all, func() condition { return e.Filter().Match })
	}
	if fs.Changed("xpath") {
		x, err := where.ParseXPath(f.xpath, now())
		if err != nil {
			return nil, usage("a query looks like this: --xpath '*[System[(Level=1 or Level=2) and EventID=401]]', or is the XML of a custom view; "+
				"gwlogs help where has more for --where", "--xpath: %v", err)
		}
		all = append(all, func() condition { return x.Match })
	}
	if fs.Changed("grep") {
		re, err := regexp.Compile(f.grep)
		var wrong *syntax.Error
		if errors.As(err, &wrong) {
			if strings.Contains(f.grep, "(?=") || strings.Contains(f.grep, "(?!") || strings.Contains(f.grep, "(?<") {
				return nil, usage("leave it out, or give two conditions: --grep A --not-contains B", "--grep: there is no looking ahead or behind in RE2: %q",
					wrong.Expr)
			}
			return nil, usage(`put \ before characters that mean themselves: --grep 'a\.b'; for a plain text, use --contains`,
				"--grep: %s: %q", wrong.Code, wrong.Expr)
		}
		all = append(all, func() condition {
			var text []byte
			return func(rec *evtx.Record) bool {
				text = rec.AppendMessage(text[:0])
				return re.Match(text)
			}
		})
	}
	return o.but(func(o *options) { o.conditions, o.fieldsWanted, o.selection.Any = all, fields, narrowed }), nil
}

// narrow makes a pass visit only events for which the conditions hold.
func (o *options) narrow(p *eventlog.Pass) {
	if len(o.conditions) == 0 {
		return
	}
	p.Where = func() func(*evtx.Record) bool {
		var all []condition
		for _, c := range o.conditions {
			all = append(all, c())
		}
		return func(rec *evtx.Record) bool {
			return !slices.ContainsFunc(all, func(holds condition) bool { return !holds(rec) })
		}
	}
}
