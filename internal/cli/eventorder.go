package cli

import (
	"context"
	"strconv"
	"strings"

	"github.com/gwlogs/gwlogs/internal/report"
)

// orderFlags say how many events are shown, in which order, and what of them.
type orderFlags struct {
	limit   string
	reverse bool
	follow  bool
	fields  []string
	bom     bool
}

func (f *orderFlags) register() flagGroup {
	fs := newFlagSet()
	fs.StringVarP(&f.limit, "limit", "n", "", "only the last `N` of the events; of several logs by time")
	fs.BoolVar(&f.reverse, "reverse", false, "the newest event first, of several logs those of the last one; with --merge the newest of all")
	fs.BoolVarP(&f.follow, "follow", "f", false, "then wait for new events, and show them as they come, until Ctrl-C; before them the last 10, "+
		"or what -n (0, all) or --since say")
	fs.StringArrayVar(&f.fields, "fields", nil, "the columns of a table and of csv, `NAMES` with commas: "+
		strings.Join(report.Fields(), ", ")+", and data.NAME for a named value; source is the log below what was typed, path the same with it, "+
		"bundle the report ID of the bundle that it lies in")
	fs.BoolVar(&f.bom, "bom", false, "csv for Excel, which knows UTF-8 by a mark at its begin alone; times as it takes them, to the millisecond, in the zone of --tz")
	return flagGroup{"How many events, and what of them", fs}
}

// apply gives the options these flags.
func (f *orderFlags) apply(o *options) (*options, error) {
	limit, err := f.parseLimit(o)
	if err != nil {
		return nil, err
	}
	switch {
	case f.follow:
		if err := f.checkFollow(o); err != nil {
			return nil, err
		}
	case (limit > 0 || f.reverse) && o.format == report.EVTX:
		return nil, usage("leave --limit and --reverse out, or choose by --since", "--format evtx has all events, in the order of the log")
	}
	if f.bom && o.format != report.CSV {
		return nil, usage("--format csv --bom", "--bom is for csv")
	}
	fields, err := f.parseFields(o.format)
	if err != nil {
		return nil, err
	}
	return o.but(func(o *options) {
		o.limit, o.reverse, o.fields, o.bom = limit, f.reverse, fields, f.bom
		o.follow = f.follow
	}), nil
}

// parseLimit reads how many events are shown; 0 for all.
func (f *orderFlags) parseLimit(o *options) (int, error) {
	n, err := strconv.Atoi(f.limit)
	switch {
	case f.limit == "" && f.follow && !o.sinceGiven:
		return followedLimit, nil
	case f.limit == "", f.limit == "all":
		return 0, nil
	case err == nil && n == 0 && f.follow:
		return newOnly, nil
	case err != nil || n < 1:
		return 0, usage("say how many: -n 10", "--limit: %q is no number of events", f.limit)
	}
	return n, nil
}

// parseFields reads names of columns.
func (f *orderFlags) parseFields(format report.Format) ([]string, error) {
	if len(f.fields) == 0 {
		return nil, nil
	}
	if !format.HasColumns() {
		return nil, usage("--format table, csv or tsv", "--fields does not fit --format %s, which has all of an event", format)
	}
	fields := split(f.fields)
	for _, name := range fields {
		if !report.IsField(name) {
			hint := ""
			if best := nearestName(name, report.Fields()); best != "" {
				hint = "did you mean " + best + "? "
			}
			return nil, usage(hint+"fields are "+strings.Join(report.Fields(), ", ")+", and data.NAME: --fields time,id,data.TargetUserName",
				"--fields: there is no field %q", name)
		}
	}
	return fields, nil
}

func runOrdered(ctx context.Context, ios *IOStreams, f *orderFlags, o *options, sources []string, what string) error {
	o, err := f.apply(o)
	if err != nil {
		return err
	}
	if o.follow {
		ios.screen.noPager()
	}
	return runEvents(ctx, ios, o, sources, what)
}
