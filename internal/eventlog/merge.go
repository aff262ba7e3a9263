package eventlog

import (
	"cmp"
	"container/heap"
	"context"
	"errors"
	"io"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// A pass by time goes through all logs side by side: a heap has of each log the time of the event that comes next. Nothing else
// of a log need be there, so that memory and open files do not grow with the logs. What reading takes, the chunk and what was
// learned of it, lies on one of a bounded number of desks. When all are taken, the log whose next event comes last gives up its
// desk (no choice costs fewer chunks that are read again), and gets one when its turn comes: its [evtx.Cursor] knows the place.
// Logs that do not overlap in time thus come and go, and many that do are read a chunk at a time.

// mergeLimits bound what a pass by time takes.
type mergeLimits struct {
	desks   int // of some 120 KB each
	open    int // of so few logs the files stay open; otherwise each is opened for every chunk
	streams int // cannot give up their desks: of more than these, copies are read
	damage  int // places that are remembered until the end, when they are told
	sorted  int // events that are put in order; 0 for maxSorted
}

// defaultLimits take up to 250 MB: many logs want memory of their own.
func defaultLimits(logs int) mergeLimits {
	l := mergeLimits{desks: 1000, open: 64, streams: 32, damage: 10_000}
	if logs > 10_000 {
		l.desks = 128
	}
	return l
}

// A track is a log among those that are merged.
type track struct {
	in     Reading
	rank   int       // decides between equal times
	time   time.Time // of the next event
	cursor evtx.Cursor
	desk   *desk // nil: it has given it up
	opened bool  // it has been, and is known to be a log
	behind int64 // bytes of the log, for the progress
	damage *damage

	sorted *timeline // not nil: the events are those of it, and not of the cursor
	next   int       // of sorted.events
	back   bool      // the latest comes first
}

// tracks is a heap: the earliest event first.
type tracks []*track

func (q tracks) Len() int           { return len(q) }
func (q tracks) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q tracks) Less(i, j int) bool { return q[i].before(q[j]) }
func (q *tracks) Push(x any)        { *q = append(*q, x.(*track)) }
func (q *tracks) Pop() any {
	last := len(*q) - 1
	x := (*q)[last]
	*q = (*q)[:last]
	return x
}

func (t *track) before(other *track) bool {
	if t.back {
		t, other = other, t
	}
	if !t.time.Equal(other.time) {
		return t.time.Before(other.time)
	}
	return t.rank < other.rank
}

// merge is a pass by time on its way.
type merge[B any] struct {
	*run[B]
	desks  *desks
	queue  tracks
	own    B
	keyer  keyer
	where  func(*evtx.Record) bool
	last   *track // whose events are in own
	kept   int    // damage
	bytes  int64
	events uint64
}

// byTime visits the events of all logs by their time.
func (r *run[B]) byTime(ctx context.Context, sorted []*timeline) error {
	limits := defaultLimits(len(r.Logs))
	if r.limits != nil {
		limits = *r.limits
	}
	m := &merge[B]{run: r, desks: newDesks(r.Pass, limits), own: r.consumer.New(), where: r.where()}
	defer m.desks.close()
	if r.seen != nil {
		m.keyer.seed = r.seen.seed
	}
	all := make([]track, len(r.Logs))
	for i, log := range r.Logs {
		t := &all[i]
		t.in, t.rank = *r.reading(log), i
		t.in.rank = uint32(i)
		if sorted != nil && sorted[i] != nil {
			t.sorted, t.back, t.damage = sorted[i], r.Backward, &sorted[i].damage
		}
		if err := r.begin(&t.in); err != nil {
			return err
		}
	}
	for i := range all {
		more, err := m.advance(ctx, &all[i])
		if err != nil {
			return err
		}
		if more {
			m.queue = append(m.queue, &all[i])
		}
	}
	heap.Init(&m.queue)
	if err := m.visitAll(ctx); err != nil && err != ErrEnough {
		return err
	}
	for i := range all {
		t := &all[i]
		if t.sorted != nil {
			t.in.Stats = t.sorted.stats
			t.in.Err = cmp.Or(t.in.Err, t.sorted.err)
		}
		if t.damage != nil {
			t.in.take(evtx.Stats{}, 0, *t.damage, false)
		}
		if err := r.end(&t.in); err != nil {
			return err
		}
	}
	return nil
}

func (m *merge[B]) visitAll(ctx context.Context) error {
	for len(m.queue) > 0 {
		t := m.queue[0]
		if m.last != t {
			if err := m.flushLast(); err != nil {
				return err
			}
		}
		rec, err := m.record(ctx, t)
		if err != nil {
			return err
		}
		if rec != nil {
			if err := m.visit(t, rec); err != nil {
				return err
			}
		}
		more, err := m.advance(ctx, t)
		switch {
		case err != nil:
			return err
		case more:
			heap.Fix(&m.queue, 0)
		default:
			heap.Pop(&m.queue)
		}
	}
	return m.flushLast()
}

func (m *merge[B]) flushLast() error {
	last := m.last
	if m.last = nil; last == nil {
		return nil
	}
	return m.flush(m.own, &last.in)
}

// record is the event where the log stands; nil if it has gone.
func (m *merge[B]) record(ctx context.Context, t *track) (*evtx.Record, error) {
	d, err := m.desks.sit(ctx, t)
	if err != nil {
		return nil, m.stop(ctx, t, err)
	}
	rec, err := t.record(d)
	d.rest()
	var place *evtx.FormatError
	switch {
	case err == nil:
		return rec, nil
	case errors.As(err, &place):
		m.addDamage(t, err)
		return nil, nil
	}
	return nil, m.stop(ctx, t, err)
}

func (m *merge[B]) visit(t *track, rec *evtx.Record) error {
	if m.last != t {
		m.consumer.enter(m.own, t.in.Log)
	}
	m.last = t
	if accept := t.in.Log.accept; accept != nil && !accept(rec) || m.where != nil && !m.where(rec) {
		return nil
	}
	var key uint64
	known := false
	if m.seen != nil && t.in.Log.numbered() {
		if key, known = m.keyer.key(rec); known && m.seen.elsewhere(key, t.in.rank) {
			t.in.Duplicates++
			m.consumer.again(m.own, rec)
			return nil
		}
	}
	full, err := m.consumer.Visit(m.own, rec)
	if err != nil {
		m.addDamage(t, unusable(rec, err))
	} else {
		t.in.Visited++
		if known {
			m.seen.add(key, t.in.rank)
		}
	}
	if m.events++; m.events%1024 == 0 && m.Progress != nil {
		m.Progress(m.ahead+m.bytes, m.events)
	}
	if full {
		return m.flush(m.own, &t.in)
	}
	return nil
}

// advance moves to the log's next selected event and reports whether there is one.
func (m *merge[B]) advance(ctx context.Context, t *track) (bool, error) {
	if err := ctx.Err(); err != nil || t.in.Err != nil {
		return false, err
	}
	if t.sorted != nil {
		return m.advanceSorted(t), nil
	}
	d, err := m.desks.sit(ctx, t)
	if err != nil {
		return false, m.stop(ctx, t, err)
	}
	rec, err := t.cursor.Next(d.reader, d.buf, func(place *evtx.FormatError) { m.addDamage(t, place) })
	d.rest()
	switch {
	case err == io.EOF:
		m.desks.leave(t)
		m.behind(t, max(0, t.in.Log.Size))
		return false, nil
	case err != nil:
		return false, m.stop(ctx, t, err)
	}
	t.time = rec.TimeCreated()
	m.behind(t, rec.Offset())
	return true, nil
}

// record is the event where the log stands.
func (t *track) record(d *desk) (*evtx.Record, error) {
	if t.sorted != nil {
		return d.buf.RecordAt(d.reader, t.sorted.events[t.next-1].place)
	}
	return t.cursor.Record(d.reader, d.buf)
}

// advanceSorted is advance for a log whose events have been put in order.
func (m *merge[B]) advanceSorted(t *track) bool {
	events := t.sorted.events
	if t.next == len(events) {
		m.desks.leave(t)
		m.behind(t, max(0, t.in.Log.Size))
		return false
	}
	t.time = ofTicks(events[t.next].ticks)
	t.next++
	m.behind(t, max(0, t.in.Log.Size)*int64(t.next)/int64(len(events)))
	return true
}

// behind notes how much of a log lies behind.
func (m *merge[B]) behind(t *track, bytes int64) {
	m.bytes += bytes - t.behind
	t.behind = bytes
}

// stop ends a log that cannot be read any further.
func (m *merge[B]) stop(ctx context.Context, t *track, err error) error {
	m.desks.leave(t)
	return t.in.fail(ctx, err)
}

// addDamage notes damage, of which the most is counted alone once there is much of it in all logs.
func (m *merge[B]) addDamage(t *track, err error) {
	if t.damage == nil {
		t.damage = &damage{most: m.places()}
	}
	if m.kept >= m.desks.limits.damage {
		t.damage.more++
		return
	}
	before := len(t.damage.places)
	t.damage.add(err)
	m.kept += len(t.damage.places) - before
}
