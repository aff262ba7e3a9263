package view

import (
	"context"
	"fmt"
	"sort"
)

// A result is the events that a filter wants, by time.
type result struct {
	s      *snapshot
	sorted []uint32 // all events
	events []uint32
}

// maxResults is how many events all results that are kept have together: 64 MB of them.
const maxResults = 16 << 20

// result looks for the events that a filter wants. Asked again of the same events it has them at once.
func (e *Engine) result(ctx context.Context, f *Filter) (*result, error) {
	f, err := f.check()
	if err != nil {
		return nil, err
	}
	for _, c := range f.Conditions {
		if fieldKind(c.Field) == kindScan {
			if err := e.wait(ctx); err != nil { // the logs are read for it: once, when they are known
				return nil, err
			}
			break
		}
	}
	s := e.snapshot()
	key := fmt.Sprintf("%d %d %s", s.n, s.generation, f.key())
	e.cache.Lock()
	r := e.cache.results.get(key)
	e.cache.Unlock()
	if r != nil {
		return &result{s, r.sorted, r.events}, nil
	}
	scans, err := e.scans(ctx, s, f)
	if err != nil {
		return nil, err
	}
	q, err := s.compile(f, scans)
	if err != nil {
		return nil, err
	}
	r = &result{s: s, sorted: e.sorted(s)}
	if r.events = r.sorted; len(q.tests) > 0 {
		r.events = q.select_(r.sorted)
	}
	e.cache.Lock()
	defer e.cache.Unlock()
	e.cache.results.put(key, r)
	e.cache.results.trim(maxScans, func(all map[string]*result) bool {
		n := 0
		for _, r := range all {
			if len(r.events) < len(r.sorted) {
				n += len(r.events)
			}
		}
		return n <= maxResults
	})
	return r, nil
}

// select_ returns those of the events that are wanted, in their order.
func (q *query) select_(events []uint32) []uint32 {
	out := make([]uint32, 0, 64)
	for _, n := range events {
		if q.match(int(n)) {
			out = append(out, n)
		}
	}
	return out
}

// sorted returns all events of a snapshot by time.
func (e *Engine) sorted(s *snapshot) []uint32 {
	e.cache.sorting.Lock()
	defer e.cache.sorting.Unlock()
	have := e.cache.sorted
	if len(have) > s.n { // a newer snapshot was sorted meanwhile
		have = nil
		return s.sortInto(have)
	}
	all := s.sortInto(have)
	e.cache.sorted = all
	return all
}

// position is where an event is, or would be, in the order of time.
func (r *result) position(n int) (at int, exact bool) {
	at = sort.Search(len(r.events), func(i int) bool { return r.s.before(r.events[i], uint32(n)) >= 0 })
	return at, at < len(r.events) && r.events[at] == uint32(n)
}

// nearest is the position of the event that is next to another in time; -1 if there is none.
func (r *result) nearest(n int) (at int, exact bool) {
	at, exact = r.position(n)
	switch {
	case len(r.events) == 0:
		return -1, false
	case exact || at == 0:
		return at, exact
	case at == len(r.events):
		return at - 1, false
	}
	t := r.s.at(n).time
	if t-r.s.at(int(r.events[at-1])).time <= r.s.at(int(r.events[at])).time-t {
		at--
	}
	return at, false
}

// turned is a position counted from the other end, if the order is that.
func (r *result) turned(at int, newest bool) int {
	if newest && at >= 0 {
		return len(r.events) - 1 - at
	}
	return at
}

// newestFirst reads an order.
func newestFirst(order string) (bool, error) {
	switch order {
	case "", "newest":
		return true, nil
	case "oldest":
		return false, nil
	}
	return false, &Error{Message: fmt.Sprintf("no order is called %q", order), Hint: "newest or oldest"}
}
