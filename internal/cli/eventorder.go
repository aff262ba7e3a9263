package cli

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/report"
)

// orderFlags say how many events are shown, in which order, and what of them.
type orderFlags struct {
	limit   string
	reverse bool
	fields  []string
	bom     bool
}

func (f *orderFlags) register() flagGroup {
	fs := newFlagSet()
	fs.StringVarP(&f.limit, "limit", "n", "", "only the last `N` of the events")
	fs.BoolVar(&f.reverse, "reverse", false, "the newest event first: the logs are read from their end")
	fs.StringArrayVar(&f.fields, "fields", nil, "the columns of a table and of csv, `NAMES` with commas: "+
		strings.Join(report.Fields(), ", ")+", and data.NAME for a named value")
	fs.BoolVar(&f.bom, "bom", false, "csv for Excel, which knows UTF-8 by a mark at its begin alone")
	return flagGroup{"How many events, and what of them", fs}
}

// apply gives the options these flags.
func (f *orderFlags) apply(o *options) (*options, error) {
	limit := 0
	if f.limit != "" {
		n, err := strconv.Atoi(f.limit)
		if err != nil || n < 1 {
			return nil, usage("say how many: -n 10", "--limit: %q is no number of events", f.limit)
		}
		limit = n
	}
	switch {
	case (limit > 0 || f.reverse) && o.format == report.EVTX:
		return nil, usage("leave --limit and --reverse out, or choose by --since", "--format evtx has all events, in the order of the log")
	case f.reverse && o.merge && limit == 0:
		return nil, usage("say how many: --merge --reverse -n 100", "--merge with --reverse needs --limit")
	}
	if f.bom && o.format != report.CSV {
		return nil, usage("--format csv --bom", "--bom is for csv")
	}
	fields, err := f.parseFields(o.format)
	if err != nil {
		return nil, err
	}
	return o.but(func(o *options) { o.limit, o.reverse, o.fields, o.bom = limit, f.reverse, fields, f.bom }), nil
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
			return nil, usage("fields are "+strings.Join(report.Fields(), ", ")+", and data.NAME: --fields time,id,data.TargetUserName",
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
	return runEvents(ctx, ios, o, sources, what)
}

// orderedBatch is rendered events, each apart.
type orderedBatch struct {
	out    []byte
	ends   []int
	render report.Renderer
}

func (b *orderedBatch) visit(rec *evtx.Record) (err error) {
	if b.out, err = b.render.Append(b.out, rec); err == nil {
		b.ends = append(b.ends, len(b.out))
	}
	return err
}

// event is the i-th, and ends with the next call.
func (b *orderedBatch) event(i int) []byte {
	begin := 0
	if i > 0 {
		begin = b.ends[i-1]
	}
	return b.out[begin:b.ends[i]]
}

// printOrdered prints the last events, or all from the newest on. The logs are read from their end, no further than is needed;
// by time, from their begin.
func printOrdered(ctx context.Context, s *session, events *report.Events) error {
	last := lastEvents{limit: s.options.limit}
	byTime := s.options.merge
	take := events.Add
	if byTime || !s.options.reverse {
		take = last.keep // the order of reading is not that of showing
	}
	left := s.options.limit
	from := s.origins(events)
	err := visitWith(ctx, s, func(p *eventlog.Pass) { p.ByTime, p.Backward = byTime, !byTime }, eventlog.Consumer[*orderedBatch]{
		Begin: from.begin,
		New:   func() *orderedBatch { return &orderedBatch{render: events.Renderer()} },
		Enter: func(b *orderedBatch, in *eventlog.Log) { from.enter(b.render, in) },
		Visit: func(b *orderedBatch, rec *evtx.Record) (bool, error) { return false, b.visit(rec) },
		Flush: func(b *orderedBatch, _ *eventlog.Reading) error {
			defer func() { b.out, b.ends = b.out[:0], b.ends[:0] }()
			for i := range b.ends {
				if !byTime {
					i = len(b.ends) - 1 - i
				}
				if err := take(b.event(i)); err != nil {
					return err
				}
				if left--; left == 0 && !byTime {
					return eventlog.ErrEnough
				}
			}
			return nil
		},
	})
	if err != nil {
		return err
	}
	return last.print(events, byTime != s.options.reverse)
}

// lastEvents keeps the events that were rendered last.
type lastEvents struct {
	limit int
	all   [][]byte // a ring of limit events, once it is full
	next  int
}

func (l *lastEvents) keep(event []byte) error {
	if len(l.all) < l.limit {
		l.all = append(l.all, slices.Clone(event))
		return nil
	}
	l.all[l.next] = append(l.all[l.next][:0], event...)
	l.next = (l.next + 1) % l.limit
	return nil
}

// print prints them as they were kept, or the other way round.
func (l *lastEvents) print(events *report.Events, forward bool) error {
	for i := range l.all {
		if !forward {
			i = len(l.all) - 1 - i
		}
		if err := events.Add(l.all[(l.next+i)%len(l.all)]); err != nil {
			return err
		}
	}
	return nil
}
