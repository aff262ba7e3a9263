package view

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// A reference names an event for others who have the same logs: "source|record|time".
func (s *snapshot) ref(n int) string {
	x := s.at(n)
	return fmt.Sprintf("%s|%d|%s", s.logs[x.log].source, x.record, textOf(x.time))
}

// findRef returns the event that a reference names; of one without its source, the one of that record and time. -1 if there is none.
func (s *snapshot) findRef(sorted []uint32, ref string) int {
	rest, when, ok := cutLast(ref)
	if !ok {
		return -1
	}
	source, number, ok := cutLast(rest)
	if !ok {
		source, number = "", rest
	}
	record, err := strconv.ParseUint(number, 10, 64)
	ticks, err2 := parseTicks(when, false)
	if err != nil || err2 != nil {
		return -1
	}
	return s.findEvent(sorted, source, record, ticks)
}

func cutLast(s string) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, '|')
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+1:], true
}

// findEvent returns the event of a record number and a time, of that source if it is there; -1 if there is none.
func (s *snapshot) findEvent(sorted []uint32, source string, record, ticks uint64) int {
	found := -1
	at := sort.Search(len(sorted), func(i int) bool { return s.at(int(sorted[i])).time >= ticks })
	for ; at < len(sorted); at++ {
		n := int(sorted[at])
		x := s.at(n)
		if x.time != ticks {
			break
		}
		if x.record != record {
			continue
		}
		if s.logs[x.log].source == source {
			return n
		}
		if found < 0 {
			found = n
		}
	}
	return found
}

// nearTime returns the event that is next to a time; -1 if there is none.
func (r *result) nearTime(ticks uint64) int {
	at := sort.Search(len(r.events), func(i int) bool { return r.s.at(int(r.events[i])).time >= ticks })
	switch {
	case len(r.events) == 0:
		return -1
	case at == len(r.events):
		at--
	case at > 0 && ticks-r.s.at(int(r.events[at-1])).time < r.s.at(int(r.events[at])).time-ticks:
		at--
	}
	return int(r.events[at])
}
