package view

import (
	"slices"
	"sort"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
)

// An entry is what the index knows of an event: 40 bytes. Everything else is read from the log when somebody asks for it.
type entry struct {
	time    uint64 // 100 ns since 1601; 0 for an event without a time
	record  uint64
	place   evtx.Place
	log     uint32
	process uint32
	origin  uint32
	id      uint16
	level   uint8
	flags   uint8
}

const flagRecovered = 1

// An origin is what events of one writer have in common. There are few of them in a log: a condition on one of its names is decided
// once for each, not for each event.
type origin struct{ provider, channel, computer, user string }

// maxOrigins bounds the origins of a log that was made to have one an event; those beyond have no names in lists.
const maxOrigins = 1 << 18

const (
	blockBits = 13
	blockSize = 1 << blockBits
)

// An index is the events of all logs, in the order in which they were read. It only grows: a copy of the struct stays as it was.
type index struct {
	blocks  []*[blockSize]entry
	n       int
	origins []origin
	logs    []*logInfo
	spans   []span // in the order of their logs
	open    span   // the one that comes behind them, and may still grow
}

// A span is events of one log that were read one after the other and lie so in it: their places ascend. A log that has wrapped has two.
type span struct {
	from, to uint32
	log      uint32
}

// A logInfo is a log of the index.
type logInfo struct {
	log    *eventlog.Log
	source string
	bundle string

	// Of the pass that has read it; set before ended is.
	ended      bool
	stats      evtx.Stats
	damaged    int
	duplicates uint64
	err        *eventlog.Error

	channel string // of the first event
	events  int
}

func (x *index) at(n int) *entry { return &x.blocks[n>>blockBits][n&(blockSize-1)] }

// add appends an entry and returns its number.
func (x *index) add(e *entry) {
	if x.n>>blockBits == len(x.blocks) {
		x.blocks = append(x.blocks, new([blockSize]entry))
	}
	*x.at(x.n) = *e
	x.n++
}

// extend puts the events from n on, of one log, into spans.
func (x *index) extend(from int, log uint32) {
	for n := from; n < x.n; n++ {
		o := &x.open
		if o.from < o.to && o.log == log && int(o.to) == n && x.at(n-1).place < x.at(n).place {
			o.to++
			continue
		}
		if o.from < o.to {
			x.spans = append(x.spans, *o)
		}
		*o = span{uint32(n), uint32(n + 1), log}
	}
}

// find returns the number of the event at a place of a log; -1 if it is not in the index.
func (x *index) find(log uint32, place evtx.Place) int {
	first := sort.Search(len(x.spans), func(i int) bool { return x.spans[i].log >= log })
	for i := first; i < len(x.spans) && x.spans[i].log == log; i++ {
		if n := x.findIn(&x.spans[i], place); n >= 0 {
			return n
		}
	}
	if x.open.log == log {
		return x.findIn(&x.open, place)
	}
	return -1
}

func (x *index) findIn(s *span, place evtx.Place) int {
	n := int(s.from) + sort.Search(int(s.to-s.from), func(i int) bool { return x.at(int(s.from)+i).place >= place })
	if n < int(s.to) && x.at(n).place == place {
		return n
	}
	return -1
}

// before orders events by time, and those of one instant as they were read.
func (x *index) before(a, b uint32) int {
	s, t := x.at(int(a)).time, x.at(int(b)).time
	switch {
	case s < t || s == t && a < b:
		return -1
	case a == b:
		return 0
	}
	return 1
}

// sortInto returns all events by time: those of sorted, which are the first, and what has come since.
func (x *index) sortInto(sorted []uint32) []uint32 {
	have := len(sorted)
	if have == x.n {
		return sorted
	}
	tail := x.sortedTail(have)
	if have == 0 || x.before(sorted[have-1], tail[0]) < 0 {
		return append(slices.Clip(sorted), tail...)
	}
	all := make([]uint32, 0, x.n)
	for len(sorted) > 0 && len(tail) > 0 {
		if x.before(sorted[0], tail[0]) < 0 {
			all, sorted = append(all, sorted[0]), sorted[1:]
		} else {
			all, tail = append(all, tail[0]), tail[1:]
		}
	}
	return append(append(all, sorted...), tail...)
}

// sortedTail returns the events from n on by time, by a radix sort: it keeps events of one time in their order, and a log of millions
// takes a fraction of a second. Times are put beside the numbers first, as looking them up costs more than all the rest.
func (x *index) sortedTail(n int) []uint32 {
	type timed struct {
		time uint64
		n    uint32
	}
	all := make([]timed, x.n-n)
	least, most, sorted := ^uint64(0), uint64(0), true
	for i := range all {
		t := x.at(n + i).time
		sorted = sorted && t >= most
		least, most = min(least, t), max(most, t)
		all[i] = timed{t, uint32(n + i)}
	}
	if !sorted {
		const digit = 11 // bits
		other := make([]timed, len(all))
		for shift := 0; (most-least)>>shift > 0; shift += digit {
			var at [1<<digit + 1]int
			for i := range all {
				at[(all[i].time-least)>>shift&(1<<digit-1)+1]++
			}
			for i := 1; i < len(at); i++ {
				at[i] += at[i-1]
			}
			for i := range all {
				d := (all[i].time - least) >> shift & (1<<digit - 1)
				other[at[d]] = all[i]
				at[d]++
			}
			all, other = other, all
		}
	}
	tail := make([]uint32, len(all))
	for i := range all {
		tail[i] = all[i].n
	}
	return tail
}

// secondsTo1970 is from the begin of FILETIMEs, 1601, to that of Unix.
const secondsTo1970 = 11644473600

// ticksOf is a time as a FILETIME; 0 for none.
func ticksOf(t time.Time) uint64 {
	if s := t.Unix() + secondsTo1970; s > 0 {
		return uint64(s)*10_000_000 + uint64(t.Nanosecond()/100)
	}
	return 0
}

// timeOf is the time of a FILETIME, in UTC.
func timeOf(ticks uint64) time.Time {
	return time.Unix(int64(ticks/10_000_000)-secondsTo1970, int64(ticks%10_000_000)*100).UTC()
}

const timeLayout = "2006-01-02T15:04:05.0000000Z07:00"

// textOf is a time as the protocol has it; empty for none.
func textOf(ticks uint64) string {
	if ticks == 0 {
		return ""
	}
	return timeOf(ticks).Format(timeLayout)
}

// A recorder makes entries of records, for one goroutine.
type recorder struct {
	entries []entry // whose origin counts here
	origins []origin
	known   map[origin]uint32
	global  []uint32 // of origins, as far as they have got a number in the index
	last    origin
	at      uint32
	user    []byte // raw, of the last record
	sid     string
}

func newRecorder() *recorder { return &recorder{known: make(map[origin]uint32)} }

func (r *recorder) visit(rec *evtx.Record) {
	e := entry{
		time: ticksOf(rec.TimeCreated()), record: rec.EventRecordID(), place: rec.Place(),
		process: rec.ProcessID(), id: rec.EventID(), level: uint8(rec.Level()),
	}
	if rec.Recovered() {
		e.flags |= flagRecovered
	}
	user := rec.Value(evtx.FieldUserID)
	if string(user.Raw) != string(r.user) {
		r.user = append(r.user[:0], user.Raw...)
		r.sid = user.String()
	}
	o := origin{rec.Provider(), rec.Channel(), rec.Computer(), r.sid}
	if o != r.last || len(r.origins) == 0 {
		r.last, r.at = o, r.originOf(o)
	}
	e.origin = r.at
	r.entries = append(r.entries, e)
}

func (r *recorder) originOf(o origin) uint32 {
	if i, ok := r.known[o]; ok {
		return i
	}
	i := uint32(len(r.origins))
	r.known[o] = i
	r.origins = append(r.origins, o)
	return i
}
