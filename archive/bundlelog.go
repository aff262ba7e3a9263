package archive

import (
	"context"
	"fmt"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/matcher"
)

// A bundleLog is a log on its way into the bundle.
type bundleLog struct {
	redactedLog
	path   string
	source string
	file   *slicer
	from   int64 // in the spool
}

// begin begins the log of a source, which is the name of a file or a channel.
func (b *builder) begin(source string) (*bundleLog, error) {
	source = b.redactor.Text(source)
	from := b.spool.size
	file, err := newSlicer(b.slice, &b.spool)
	if err != nil {
		return nil, &TempError{err}
	}
	b.log = &bundleLog{
		redactedLog: redactedLog{w: evtx.NewWriter(file), redactor: b.redactor},
		path:        b.names.entry(LogFolder, source, ".evtx"), source: source, file: file, from: from,
	}
	return b.log, nil
}

// discard gives up the log that was begun.
func (b *builder) discard() {
	if b.log != nil {
		b.log.w.Discard()
		b.log.file.body.Close()
		b.log = nil
	}
}

// end puts the log that was begun into the bundle. What is found in it, is found in the redacted slice; in is the log that it was
// cut from.
func (b *builder) end(ctx context.Context, in *eventlog.Reading) error {
	l := b.log
	b.log = nil
	if err := l.w.Close(); err != nil {
		l.file.body.Close()
		return err
	}
	content, err := l.file.finish(l.from, &b.spool)
	if err != nil {
		return &TempError{err}
	}
	sums := make(chan error, 1)
	var sha string
	go func() {
		var err error
		content.crc, sha, err = l.file.sums()
		sums <- err
	}()
	own, err := b.look(ctx, l)
	if failed := <-sums; err == nil && failed != nil {
		err = &TempError{failed}
	}
	if err != nil {
		return err
	}
	b.entries = append(b.entries, b.entryOf(l, sha, own, in))
	b.content = append(b.content, content)
	b.openWindow(own.Last)
	b.cover(in.Stats)
	counts, suspects, opaque := l.counts()
	b.rules = append(b.rules, ruleCounts(l.path, counts)...)
	b.suspects = append(b.suspects, ruleCounts(l.path, suspects)...)
	if b.computer == "" && l.computer != "" {
		// A Redactor of its own, as this is no event and not to be counted.
		b.computer = b.redactor.Fork().Value("Computer", evtx.StringValue(l.computer)).String()
	}
	if opaque > 0 {
		b.unseen = append(b.unseen, fmt.Sprintf("%s: binary values that were searched for text alone: %d", l.path, opaque))
	}
	if in.Err != nil {
		b.unseen = append(b.unseen, l.path+": the rest of the log, which could not be read, is not in the bundle")
	}
	if l.refused > 0 {
		b.unseen = append(b.unseen, fmt.Sprintf("%s: events that could not be written, and are not in the bundle: %d", l.path, l.refused))
	}
	return nil
}

func (b *builder) entryOf(l *bundleLog, sha string, own matcher.Source, in *eventlog.Reading) Entry {
	of := in.Stats
	e := Entry{
		Path: l.path, Bytes: l.file.size, SHA256: sha, Source: l.source, Channel: own.Channel,
		Records: own.Records, First: known(own.First), Last: known(own.Last), Damaged: in.Damaged, Refused: l.refused,
		LogStart: known(of.First), LogEnd: known(of.Last), Elsewhere: in.Duplicates,
	}
	e.Part = in.Log.IsPart() && uint64(of.Selected) > in.Visited+in.Duplicates
	if e.Missing = own.Missing(); !b.whole || e.Part || in.Duplicates > 0 {
		e.Missing = (&matcher.Source{Stats: of}).Missing()
	}
	from := b.window.From
	e.Uncovered = from != nil && !of.First.IsZero() && of.First.After(*from)
	if of.LowestID > 1 {
		e.Overrun = of.LowestID - 1
	}
	integrity := matcher.NewIntegrity(of)
	for i := range integrity.Cleared {
		c := &integrity.Cleared[i]
		c.User, c.Channel = "", b.redactor.Text(c.Channel)
	}
	e.Integrity = &integrity
	return e
}
