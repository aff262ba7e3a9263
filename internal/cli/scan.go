package cli

import (
	"context"
	"errors"
	"sync"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
)

// consumer is what a verb does with the selected events. A B gathers what was
// made of them; visit runs on all cores, each B belonging to one at a time.
type consumer[B any] struct {
	fresh func() B
	visit func(b B, rec *evtx.Record) (full bool, err error)
	flush func(b B, log *eventlog.Log) error // in the order of the log; empties b

	// begin, if there is one, is called before each log. Merging does not call it.
	begin func(log *eventlog.Log) error

	// done, if there is one, is called after each log; failed says that it
	// was not read, or not to its end. Merging does not call it.
	done func(log *eventlog.Log, stats evtx.Stats, damaged int, failed bool)
}

// batch is what one core gathers between two flushes.
type batch[B any] struct {
	own      B
	selected uint64
	damage   []*evtx.FormatError
	more     int // damage that was not kept
}

// visit is called for every selected record of a log.
func (b *batch[B]) visit(rec *evtx.Record, err error, visit func(B, *evtx.Record) (bool, error)) bool {
	if err != nil {
		b.addDamage(err)
		return false
	}
	full, err := visit(b.own, rec)
	if err != nil {
		b.addDamage(asDamage(rec, err))
		return full
	}
	b.selected++
	return full
}

// addDamage keeps what can be shown of the log at most. The error that ends
// the log is no damage: Run returns it.
func (b *batch[B]) addDamage(err error) {
	var format *evtx.FormatError
	switch {
	case !errors.As(err, &format):
	case len(b.damage) < damageLines:
		b.damage = append(b.damage, format)
	default:
		b.more++
	}
}

// asDamage gives an event that cannot be shown its place.
func asDamage(rec *evtx.Record, err error) error {
	var format *evtx.FormatError
	if errors.As(err, &format) {
		return err
	}
	return &evtx.FormatError{Offset: rec.Offset(), Chunk: rec.Chunk(), RecordID: rec.HeaderID(), Reason: err.Error()}
}

// scanAll runs the consumer over all logs. The error is that of the output or of ctx; what is wrong with a log is shown.
func scanAll[B any](ctx context.Context, s *session, c consumer[B]) error {
	if s.options.merge && len(s.logs.Logs) > 1 {
		return mergeAll(ctx, s, c)
	}
	var spare pool[B]
	for _, log := range s.logs.Logs {
		s.damage.begin(log.Name)
		s.log = evtx.Stats{}
		failed := s.failed
		if c.begin != nil {
			if err := c.begin(log); err != nil {
				return err
			}
		}
		err := scanLog(ctx, s, log, c, &spare)
		if s.failed == failed {
			s.wholeLog(log)
		}
		s.damage.end()
		if err != nil {
			return err
		}
		if c.done != nil {
			c.done(log, s.log, s.damage.here, s.failed > failed)
		}
	}
	return nil
}

func scanLog[B any](ctx context.Context, s *session, log *eventlog.Log, c consumer[B], spare *pool[B]) error {
	r, closeLog, err := log.Open(ctx)
	if err != nil {
		return s.logError(ctx, err)
	}
	defer closeLog()
	var flushErr error
	scanner := evtx.Scanner[*batch[B]]{
		Threads: s.options.threads,
		Select:  &s.selection,
		New: func() *batch[B] {
			return &batch[B]{own: spare.get(c.fresh)}
		},
		Visit: func(b *batch[B], rec *evtx.Record, err error) bool { return b.visit(rec, err, c.visit) },
		Flush: func(b *batch[B], p evtx.Progress) error {
			s.total.Add(p.Stats)
			s.log.Add(p.Stats)
			s.selected += b.selected
			s.damage.add(b.damage, b.more)
			b.selected, b.damage, b.more = 0, b.damage[:0], 0
			s.progress.update(s.passed+p.Pos, s.counted+uint64(s.total.Records))
			flushErr = c.flush(b.own, log)
			return flushErr
		},
	}
	err = scanner.Run(ctx, r)
	spare.reuse()
	s.passed += max(0, log.Size)
	switch {
	case flushErr != nil:
		return flushErr
	case err != nil:
		return s.logError(ctx, log.Fail(err))
	}
	return nil
}

// logError shows why a log could not be read, or not to its end, unless the run was ended.
func (s *session) logError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	s.fail(err)
	return nil
}

// pool keeps what the cores used for one log for the next: a folder may hold thousands.
type pool[B any] struct {
	mu    sync.Mutex
	all   []B
	spare []B
}

func (p *pool[B]) get(fresh func() B) B {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.spare); n > 0 {
		b := p.spare[n-1]
		p.spare = p.spare[:n-1]
		return b
	}
	b := fresh()
	p.all = append(p.all, b)
	return b
}

// reuse takes everything back. Nobody may use it any more.
func (p *pool[B]) reuse() { p.spare = append(p.spare[:0], p.all...) }
