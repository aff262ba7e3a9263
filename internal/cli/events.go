package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/internal/words"
)

func newEventsCommand(ios *IOStreams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "events [SOURCE...]",
		Short: "Show the events of a log",
		Long: `Show the events of one or more event logs (.evtx), in the order of the log.

` + sourceHelp + `

On a terminal, a table cuts the message to the width of the window, and leaves
out columns that find no room. Everything is in the other formats, and in a
table that goes to a file or to another program.

Formats: text has everything about an event in a block of lines; csv is for
spreadsheets (values stay as they are: import the columns as text, so that none
is taken for a formula); tsv has a tab between values, and \t, \n and \\ in place
of those within; json is one array, jsonl one object a line; xml is what
Event Viewer saves; rows is a flat table for databases, one JSON object a line
with the same keys always, and parquet the same table as a Parquet file; timesketch
is what Timesketch imports (name the file .jsonl); evtx is an event log again, with the chosen events alone,
which Event Viewer opens.

Use --output to write a file: Windows PowerShell 5.1 reads what a program prints
in an old code page, and > would spoil all letters but the English ones.`,
		Example: `  gwlogs events testdata/gateway-en.evtx
  gwlogs events --since 7d --level critical,error,warning testdata/gateway-en.evtx
  gwlogs events --id 401 --format text testdata/gateway-en.evtx
  gwlogs events --contains "proxy" --format csv -o proxy.csv testdata
  gwlogs events --since 7d --format evtx -o week.evtx testdata/gateway-en.evtx
  gwlogs events --format jsonl - < testdata/gateway-fr.evtx`,
	}
	var f orderFlags
	addEventVerb(cmd, ios, eventFormats(), func(ctx context.Context, o *options, sources []string) error {
		return runOrdered(ctx, ios, &f, o, sources, "events")
	}, f.register())
	return cmd
}

// batchBytes is how much output a core gathers before it is written. It bounds memory; more is not faster.
const batchBytes = 512 << 10

// eventBatch is rendered events.
type eventBatch struct {
	out    []byte
	render report.Renderer
}

// runEvents prints the selected events; what is how they are called if there are none.
func runEvents(ctx context.Context, ios *IOStreams, o *options, sources []string, what string) error {
	s, err := openSession(ctx, ios, o, sources)
	if err != nil {
		return err
	}
	if o.format == report.EVTX {
		return s.finish(ctx, writeLog(ctx, s, what))
	}
	return s.finish(ctx, printEvents(ctx, s, what))
}

// eventFormats are the formats of verbs that show events.
func eventFormats() []report.Format { return append(report.Formats(), report.EVTX) }

func printEvents(ctx context.Context, s *session, what string) error {
	events, err := report.NewEvents(s.out, s.options.format, s.out.style(s.ios, s.options))
	if err != nil {
		return err
	}
	if s.options.follow {
		err = followEvents(ctx, s, events)
	} else {
		err = printFound(ctx, s, events)
	}
	if err != nil {
		return err
	}
	if s.nothingRead() {
		return nil // finish says that nothing useful came out: not even an empty document
	}
	if err := events.Close(); err != nil {
		return err
	}
	if s.options.follow {
		return nil
	}
	if s.totals.Visited == 0 && s.options.format.ForPeople() {
		s.coverage().sayNothingFound(what)
		return s.sayNearest(ctx)
	}
	if err := s.sayNoField(ctx, events.Unseen()); err != nil {
		return err
	}
	s.sayMerge()
	if s.options.limit == 0 || s.totals.Visited < uint64(s.options.limit) { // else the logs have not been read to their begin
		s.coverage().sayUncovered()
	}
	return nil
}

// sayMerge tells somebody who looks at the events of several logs, one after the other, that they can be one timeline.
func (s *session) sayMerge() {
	o := s.options
	if s.totals.LogsVisited > 1 && o.limit == 0 && !o.merge && o.format.ForPeople() && s.out.terminal && s.ios.ErrTerminal {
		s.console.hint("these are %s logs, one after the other: --merge makes one timeline of them", words.Thousands(s.totals.LogsVisited))
	}
}

// printFound prints what is in the logs.
func printFound(ctx context.Context, s *session, events *report.Events) error {
	switch {
	case s.options.limit != 0:
		return printLast(ctx, s, events)
	case s.options.reverse && !s.options.merge:
		return printReverse(ctx, s, events)
	}
	merge := s.options.merge
	err := printAll(ctx, s, events, func(p *eventlog.Pass) { p.ByTime, p.Sort, p.Backward = merge, merge, s.options.reverse })
	if errors.Is(err, eventlog.ErrTooManyToSort) {
		err = &hintedError{fmt.Errorf("--merge --reverse: %w cannot be put in order", err), "say how many: -n 1000; or choose fewer: --since"}
	}
	return err
}

// printAll prints the events of logs as they are met.
func printAll(ctx context.Context, s *session, events *report.Events, order func(*eventlog.Pass)) error {
	doc := &eventDocument{doc: events}
	from := s.origins(events)
	ordered := func(p *eventlog.Pass) {
		order(p)
		doc.merged = p.ByTime
	}
	err := visitWith(ctx, s, ordered, eventlog.Consumer[*eventBatch]{
		Begin: from.begin,
		New:   func() *eventBatch { return &eventBatch{render: events.Renderer()} },
		Enter: func(b *eventBatch, in *eventlog.Log) { from.enter(b.render, in) },
		Visit: func(b *eventBatch, rec *evtx.Record) (full bool, err error) {
			b.out, err = b.render.Append(b.out, rec)
			return len(b.out) >= batchBytes, err
		},
		Flush: func(b *eventBatch, _ *eventlog.Reading) error {
			err := doc.add(b.out)
			b.out = b.out[:0]
			return err
		},
	})
	if err != nil {
		return err
	}
	return doc.flush()
}

// eventDocument is where rendered events go.
type eventDocument struct {
	doc     *report.Events
	merged  bool
	pending []byte
}

// add writes a piece, in a merge not at once: there a log often has an event at a time.
func (d *eventDocument) add(piece []byte) error {
	if d.merged {
		d.pending = append(d.pending, piece...)
		if len(d.pending) < batchBytes {
			return nil
		}
		return d.flush()
	}
	return d.doc.Add(piece)
}

func (d *eventDocument) flush() error {
	if len(d.pending) == 0 {
		return nil
	}
	err := d.doc.Add(d.pending)
	d.pending = d.pending[:0]
	return err
}
