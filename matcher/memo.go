package matcher

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"slices"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/sigma"
)

// A memo remembers what came of events, so that what a log says a thousand
// times is looked at once: of a skeleton which rules match, and of values that
// are the same to the byte also what is found in their text. It has a fixed
// number of places, in which the next event that falls there takes over: its
// memory is bounded, and an event that is not known costs no more than the copy
// of its values.
type memo struct {
	seed  maphash.Seed
	key   []byte // of the current event
	bones places[remembered]
	whole places[told]
	other told // for what is too long to be remembered
}

// places grow with the number of different events: most logs are small.
type places[T any] struct {
	all    []T
	missed int // since they last grew
}

const (
	fewPlaces  = 32
	manyPlaces = 1024
)

// at returns the place for a hash.
func (p *places[T]) at(hash uint64) *T {
	if len(p.all) == 0 {
		p.all = make([]T, fewPlaces)
	}
	return &p.all[hash%uint64(len(p.all))]
}

// miss notes that something new takes a place; what was known goes when there will be more of them.
func (p *places[T]) miss() {
	if p.missed++; p.missed > len(p.all) && len(p.all) < manyPlaces {
		p.all, p.missed = make([]T, 2*len(p.all)), 0
	}
}

// remembered is what is known of a skeleton.
type remembered struct {
	key
	rules []*sigma.Rule
	more  bool // the rules look at more than that: rules are not known
}

// told is what is known of values; what is not known yet is found out when it
// is first asked for.
type told struct {
	key
	rules   []*sigma.Rule
	matched bool // rules are known

	captures   []captured
	capturedOf []int // signatures whose captures these are

	likely [2]likely // see Worker.cutOff

	message, cause string // see Worker.evidence
}

type likely struct {
	signature int
	known     bool
}

// A key is what tells events apart: where they were written, and what is in them.
type key struct {
	channel, provider string
	data              []byte // id, values
}

func (k *key) is(channel, provider string, data []byte) bool {
	return bytes.Equal(k.data, data) && k.channel == channel && k.provider == provider
}

func (k *key) set(channel, provider string, data []byte) {
	k.channel, k.provider, k.data = channel, provider, append(k.data[:0], data...)
}

const maxKey = 4096 // bytes of the values of an event that is remembered

func newMemo() *memo { return &memo{seed: maphash.MakeSeed()} }

// find returns the place of an event's skeleton, nil if it has none, and
// whether what is there is known of it.
func (m *memo) find(s *skeletons, channel, provider string, id uint16, data []evtx.Data) (at *remembered, known bool) {
	m.key = append(m.key[:0], byte(id), byte(id>>8))
	for i := range data {
		var ok bool
		if m.key, ok = s.add(m.key, &data[i]); !ok || len(m.key) > maxKey {
			return nil, false
		}
	}
	hash := maphash.Bytes(m.seed, m.key)
	if at = m.bones.at(hash); at.is(channel, provider, m.key) {
		return at, true
	}
	m.bones.miss()
	return m.bones.at(hash), false
}

// tell returns what is known of an event of exactly these values.
func (m *memo) tell(channel, provider string, id uint16, data []evtx.Data) *told {
	m.key = append(m.key[:0], byte(id), byte(id>>8))
	for i := range data {
		d := &data[i]
		if len(m.key)+len(d.Name)+len(d.Value.Raw) > maxKey {
			m.other.forget()
			return &m.other
		}
		m.key = append(append(m.key, d.Name...), byte(d.Value.Type), boneName)
		m.key = binary.LittleEndian.AppendUint16(m.key, uint16(len(d.Value.Raw)))
		m.key = append(m.key, d.Value.Raw...)
	}
	hash := maphash.Bytes(m.seed, m.key)
	at := m.whole.at(hash)
	if !at.is(channel, provider, m.key) {
		m.whole.miss()
		at = m.whole.at(hash)
		at.forget()
		at.set(channel, provider, m.key)
	}
	return at
}

// forget makes a place one of which nothing is known.
func (t *told) forget() {
	clear(t.captures)
	t.rules, t.matched, t.captures, t.capturedOf = t.rules[:0], false, t.captures[:0], t.capturedOf[:0]
	t.likely, t.message, t.cause = [2]likely{}, "", ""
}

// has reports whether the captures of a signature are known.
func (t *told) has(signature int) bool { return slices.Contains(t.capturedOf, signature) }
