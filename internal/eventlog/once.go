package eventlog

import (
	"hash/maphash"
	"math/bits"

	"github.com/gwlogs/gwlogs/evtx"
)

// An event that is in several logs is known by its computer, channel, record number and time, and by its provider and number, which
// cost nothing and differ where two computers were made from one image. Its text is no part of that: in a bundle, secrets are out
// of it. What a pass remembers of an event is a hash of these, as many as seenLimit allows.

// seenLimit is how many events a pass remembers at least: the youngest of the logs. It remembers no more than twice as many, in 128 MB.
const seenLimit = 6 << 20

// A keyer makes the keys of events. It belongs to one goroutine.
type keyer struct {
	seed                        maphash.Seed
	computer, channel, provider string // of the last event: they repeat
	names                       uint64 // their hash
}

// key is what an event is known by; ok is false for one that cannot be told from others.
func (k *keyer) key(rec *evtx.Record) (key uint64, ok bool) {
	id, at := rec.EventRecordID(), timeOf(rec)
	if id == 0 || at == 0 {
		return 0, false
	}
	computer, channel, provider := rec.Computer(), rec.Channel(), rec.Provider()
	if computer != k.computer || channel != k.channel || provider != k.provider || k.names == 0 {
		k.computer, k.channel, k.provider = computer, channel, provider
		var h maphash.Hash
		h.SetSeed(k.seed)
		for _, s := range []string{computer, channel, provider} {
			h.WriteString(s)
			h.WriteByte(0)
		}
		k.names = h.Sum64() | 1
	}
	return mix(mix(k.names, id), at^uint64(rec.EventID())<<48) | 1, true // 0 is an empty place
}

// timeOf is a time as a number; 0 for none.
func timeOf(rec *evtx.Record) uint64 {
	t := rec.TimeCreated()
	if t.Before(oldest()) {
		return 0
	}
	return uint64(t.Unix())*10_000_000 + uint64(t.Nanosecond()/100)
}

// mix makes one number of two, each bit of which counts.
func mix(a, b uint64) uint64 {
	high, low := bits.Mul64(a^0x9e3779b97f4a7c15, b^0xd1b54a32d192ed03)
	return high ^ low
}

// seen are the events of the logs of a pass. Those of a log that is being read are put in when it ends: the goroutines that read it
// meanwhile ask for events of other logs alone, and get the same answers however many they are.
type seen struct {
	seed        maphash.Seed
	limit       int  // of a generation
	byTime      bool // all logs are read at once: which log an event was in is remembered
	now, before generation
	forgot      bool // some are not remembered any more
}

func newSeen(limit int, byTime bool) *seen {
	return &seen{seed: maphash.MakeSeed(), limit: limit, byTime: byTime}
}

// elsewhere reports whether an event was seen in another log than this one.
func (s *seen) elsewhere(key uint64, log uint32) bool {
	for _, g := range []*generation{&s.now, &s.before} {
		if at, ok := g.find(key); ok {
			return !s.byTime || g.logs[at] != log
		}
	}
	return false
}

// add puts an event in. When a generation is full, the one before it is forgotten.
func (s *seen) add(key uint64, log uint32) {
	if s.now.count >= s.limit {
		s.forgot = s.forgot || s.before.count > 0
		s.now, s.before = generation{}, s.now
	}
	s.now.add(key, log, s.byTime)
}

// A generation is a hash table with open addresses.
type generation struct {
	keys  []uint64 // a power of two of them; 0 is empty
	logs  []uint32 // which log it was in, if that is remembered
	count int
}

// find gives the place of a key, or where it belongs.
func (g *generation) find(key uint64) (at int, ok bool) {
	if len(g.keys) == 0 {
		return 0, false
	}
	last := len(g.keys) - 1
	for at = int(key>>1) & last; g.keys[at] != 0; at = (at + 1) & last {
		if g.keys[at] == key {
			return at, true
		}
	}
	return at, false
}

func (g *generation) add(key uint64, log uint32, logs bool) {
	if 4*g.count >= 3*len(g.keys) {
		g.grow(logs)
	}
	at, ok := g.find(key)
	if ok {
		return
	}
	g.keys[at] = key
	if logs {
		g.logs[at] = log
	}
	g.count++
}

func (g *generation) grow(logs bool) {
	was := *g
	*g = generation{keys: make([]uint64, max(1024, 2*len(was.keys))), count: was.count}
	if logs {
		g.logs = make([]uint32, len(g.keys))
	}
	for i, key := range was.keys {
		if key == 0 {
			continue
		}
		at, _ := g.find(key)
		if g.keys[at] = key; logs {
			g.logs[at] = was.logs[i]
		}
	}
}
