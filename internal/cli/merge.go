package cli

import (
	"container/heap"
	"context"
	"iter"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
)

// A head is a log of several that are merged, and its next selected event.
type head struct {
	log    *eventlog.Log
	next   func() (*evtx.Record, error, bool)
	stop   func()
	filter *evtx.Filter
	rank   int // of the log among the others: decides between equal times

	rec    *evtx.Record
	time   time.Time
	err    error // of reading the log
	damage []*evtx.FormatError
	more   int
}

// heads is a heap: the earliest event first.
type heads []*head

func (h heads) Len() int      { return len(h) }
func (h heads) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h heads) Less(i, j int) bool {
	if !h[i].time.Equal(h[j].time) {
		return h[i].time.Before(h[j].time)
	}
	return h[i].rank < h[j].rank
}
func (h *heads) Push(x any) { *h = append(*h, x.(*head)) }
func (h *heads) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}

// mergeAll is scanAll with the events of all logs by time. Within a log they
// keep their order, also where its clock went back.
func mergeAll[B any](ctx context.Context, s *session, c consumer[B]) error {
	all, closeAll := s.openHeads(ctx)
	defer closeAll()
	var queue heads
	for _, h := range all {
		if s.advance(h) {
			heap.Push(&queue, h)
		}
	}
	own := c.fresh()
	for len(queue) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		h := queue[0]
		full, err := c.visit(own, h.rec)
		if err != nil {
			h.addDamage(asDamage(h.rec, err))
		} else {
			s.selected++
		}
		if full {
			if err := c.flush(own, h.log); err != nil {
				return err
			}
		}
		if s.advance(h) {
			heap.Fix(&queue, 0)
		} else {
			heap.Pop(&queue)
		}
	}
	for _, h := range all {
		s.endHead(ctx, h)
	}
	return c.flush(own, nil)
}

// openHeads opens all logs; what cannot be opened is shown.
func (s *session) openHeads(ctx context.Context) (all []*head, closeAll func()) {
	var closers []func()
	for i, log := range s.logs.Logs {
		r, closeLog, err := log.Open(ctx)
		if err != nil {
			s.logError(ctx, err)
			continue
		}
		h := &head{log: log, filter: s.selection.Filter(), rank: i}
		h.next, h.stop = iter.Pull2(r.Records())
		closers = append(closers, func() { h.stop(); closeLog() })
		all = append(all, h)
	}
	return all, func() {
		for _, c := range closers {
			c()
		}
	}
}

// advance moves to the log's next selected event and reports whether there is one.
func (s *session) advance(h *head) bool {
	for {
		rec, err, ok := h.next()
		if !ok {
			return false
		}
		if err != nil {
			h.addDamage(err)
			continue
		}
		at := rec.TimeCreated()
		s.total.Add(evtx.Stats{Records: 1, First: at, Last: at})
		if h.filter.Match(rec) {
			h.rec, h.time = rec, at
			return true
		}
	}
}

// addDamage keeps what is shown later, or the error that ended the log.
func (h *head) addDamage(err error) {
	format, ok := err.(*evtx.FormatError)
	switch {
	case !ok:
		h.err = err
	case len(h.damage) < damageLines:
		h.damage = append(h.damage, format)
	default:
		h.more++
	}
}

// endHead shows what is wrong with a log.
func (s *session) endHead(ctx context.Context, h *head) {
	s.wholeMerged(h.log)
	s.damage.begin(h.log.Name)
	s.damage.add(h.damage, h.more)
	s.damage.end()
	if h.err != nil {
		s.logError(ctx, h.log.Fail(h.err))
	}
}
