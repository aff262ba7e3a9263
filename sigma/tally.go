package sigma

import (
	"container/list"
	"sort"
	"time"
)

// A ring is the last times of a sequence that does not go backwards.
type ring struct {
	times []time.Time
	first int // the earliest
}

// add takes a time, in place of the earliest if there are n.
func (r *ring) add(at time.Time, n int) {
	if len(r.times) < n {
		r.times = append(r.times, at)
		return
	}
	r.times[r.first] = at
	r.first = (r.first + 1) % n
}

// since counts the times that are not before oldest.
func (r *ring) since(oldest time.Time) int {
	n := len(r.times)
	return n - sort.Search(n, func(i int) bool { return !r.times[(r.first+i)%n].Before(oldest) })
}

// values are different values, in the order in which they were last seen.
type values struct {
	known map[string]*list.Element
	order *list.List // of seenValue
}

type seenValue struct {
	value string
	at    time.Time
}

// add takes a value, in place of the one seen longest ago if there are n.
func (v *values) add(value string, at time.Time, n int) {
	if v.known == nil {
		v.known, v.order = make(map[string]*list.Element), list.New()
	}
	if e := v.known[value]; e != nil {
		e.Value = seenValue{value, at}
		v.order.MoveToBack(e)
		return
	}
	if len(v.known) >= n {
		v.drop(v.order.Front())
	}
	v.known[value] = v.order.PushBack(seenValue{value, at})
}

// forget drops the values that were last seen before oldest.
func (v *values) forget(oldest time.Time) {
	for e := v.order.Front(); e != nil && e.Value.(seenValue).at.Before(oldest); e = v.order.Front() {
		v.drop(e)
	}
}

func (v *values) drop(e *list.Element) {
	delete(v.known, v.order.Remove(e).(seenValue).value)
}
