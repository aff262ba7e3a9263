package eventlog

import (
	"container/heap"
	"context"
	"iter"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// A head is a log of several that are merged, and its next selected event.
type head struct {
	in     *Reading
	reader *evtx.Reader
	next   func() (*evtx.Record, error, bool)
	stop   func()
	filter *evtx.Filter
	rank   int // of the log among the others: decides between equal times

	rec    *evtx.Record
	time   time.Time
	err    error // of reading the log
	damage damage
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

// byTime visits the events of all logs by their time.
func (r *run[B]) byTime(ctx context.Context) error {
	all, closeAll, err := r.openHeads(ctx)
	defer closeAll()
	if err != nil {
		return err
	}
	var queue heads
	for _, h := range all {
		if h.next != nil && h.advance() {
			heap.Push(&queue, h)
		}
	}
	own := r.consumer.New()
	var last *head // whose events are in own
	for len(queue) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		h := queue[0]
		if last != nil && last != h {
			if err := r.flush(own, last.in); err != nil {
				return err
			}
		}
		last = h
		full, err := r.consumer.Visit(own, h.rec)
		if err != nil {
			h.damage.add(unusable(h.rec, err))
		} else {
			h.in.Visited++
		}
		if full {
			if err := r.flush(own, h.in); err != nil {
				return err
			}
		}
		if h.advance() {
			heap.Fix(&queue, 0)
		} else {
			heap.Pop(&queue)
		}
	}
	if last != nil {
		if err := r.flush(own, last.in); err != nil {
			return err
		}
	}
	for _, h := range all {
		h.in.take(evtx.Stats{}, 0, h.damage)
		if h.err != nil {
			if err := h.in.fail(ctx, h.err); err != nil {
				return err
			}
		}
		if err := r.end(h.in); err != nil {
			return err
		}
	}
	return nil
}

// openHeads opens all logs.
func (r *run[B]) openHeads(ctx context.Context) (all []*head, closeAll func(), err error) {
	var closers []func()
	closeAll = func() {
		for _, c := range closers {
			c()
		}
	}
	selection := r.Select
	if selection == nil {
		selection = new(evtx.Selection)
	}
	for i, log := range r.Logs {
		h := &head{in: r.reading(log), filter: selection.Filter(), rank: i}
		all = append(all, h)
		if err := r.begin(h.in); err != nil {
			return all, closeAll, err
		}
		reader, closeLog, err := r.open(ctx, log)
		if err != nil {
			if err := h.in.fail(ctx, err); err != nil {
				return all, closeAll, err
			}
			continue
		}
		h.reader = reader
		h.next, h.stop = iter.Pull2(reader.Records())
		closers = append(closers, func() { h.stop(); closeLog() })
	}
	return all, closeAll, nil
}

// advance moves to the log's next selected event and reports whether there is one.
func (h *head) advance() bool {
	for {
		rec, err, ok := h.next()
		if !ok {
			if h.err == nil { // the log's own sums know what is missing in it
				stats := h.reader.Stats()
				stats.Selected, h.in.Stats = h.in.Stats.Selected, stats
			}
			return false
		}
		if err != nil {
			if _, damaged := err.(*evtx.FormatError); !damaged {
				h.err = err
			}
			h.damage.add(err)
			continue
		}
		at, id := rec.TimeCreated(), rec.EventRecordID()
		sums := evtx.Stats{Records: 1, First: at, Last: at, LowestID: id, HighestID: id}
		wanted := h.filter.Match(rec)
		if wanted {
			sums.Selected = 1
		}
		h.in.Stats.Add(sums)
		if wanted {
			h.rec, h.time = rec, at
			return true
		}
	}
}
