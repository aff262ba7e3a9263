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
// number of places, which new events take over from those that were not met for
// longest: its memory is bounded, and an event that is not known costs no more
// than the copy of its values.
type memo struct {
	seed      maphash.Seed
	key       []byte // of the current event
	sentences sentences
	bones     places[remembered]
	whole     places[told]
	other     told // for what is too long to be remembered
}

// places are where what is remembered lies: a hash says in which row, and in a
// row the place is taken that was asked for longest ago. They grow with the
// number of different events: most logs are small.
type places[T any] struct {
	all    []placed[T]
	missed int // since they last grew
	clock  uint32
}

// A placed is what is remembered under a key.
type placed[T any] struct {
	key
	hash  uint64
	asked uint32 // when, by the clock of the places
	T     T
}

const (
	fewPlaces  = 32
	manyPlaces = 2048
	rowPlaces  = 8
)

// row returns the places where what has a hash may be.
func (p *places[T]) row(hash uint64) []placed[T] {
	at := int(hash % uint64(len(p.all)/rowPlaces) * rowPlaces)
	return p.all[at : at+rowPlaces]
}

// find returns the place of a key, nil if it has none.
func (p *places[T]) find(hash uint64, channel, provider string, data []byte) *T {
	if p.clock++; len(p.all) == 0 {
		return nil
	}
	row := p.row(hash)
	for i := range row {
		if at := &row[i]; at.hash == hash && at.is(channel, provider, data) {
			at.asked = p.clock
			return &at.T
		}
	}
	return nil
}

// take returns the place that a key takes over from another; what is in it is still the other's.
func (p *places[T]) take(hash uint64, channel, provider string, data []byte) *T {
	if p.missed++; len(p.all) == 0 || p.missed > len(p.all) && len(p.all) < manyPlaces {
		p.grow()
	}
	at := p.oldest(hash)
	at.set(channel, provider, data)
	at.hash, at.asked = hash, p.clock
	return &at.T
}

func (p *places[T]) oldest(hash uint64) *placed[T] {
	row := p.row(hash)
	oldest := &row[0]
	for i := range row[1:] {
		if at := &row[1+i]; p.clock-at.asked > p.clock-oldest.asked {
			oldest = at
		}
	}
	return oldest
}

// grow doubles the places; what is known stays known.
func (p *places[T]) grow() {
	old := p.all
	p.all, p.missed = make([]placed[T], max(fewPlaces, 2*len(old))), 0
	for i := range old {
		if old[i].asked > 0 {
			*p.oldest(old[i].hash) = old[i]
		}
	}
}

// remembered is what is known of a skeleton.
type remembered struct {
	rules []*sigma.Rule
	more  bool // the rules look at more than that: rules are not known
}

// told is what is known of values; what is not known yet is found out when it
// is first asked for.
type told struct {
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

// find returns what is known of an event's skeleton, or else where it is to be
// noted; nil if the event has none. What was known before is made a sentence.
func (m *memo) find(s *skeletons, channel, provider string, id uint16, data []evtx.Data) (at *remembered, known bool) {
	said := m.sentences.of(channel, provider, frameOf(id, data))
	if one := said.find(s, data); one != nil {
		return &one.remembered, true
	}
	m.key = append(m.key[:0], byte(id), byte(id>>8))
	for i := range data {
		var ok bool
		if m.key, ok = s.add(m.key, &data[i]); !ok || len(m.key) > maxKey {
			return nil, false
		}
	}
	hash := maphash.Bytes(m.seed, m.key)
	if at = m.bones.find(hash, channel, provider, m.key); at != nil {
		m.sentences.add(said, newSentence(s, m.key[2:], data, at))
		return at, true
	}
	return m.bones.take(hash, channel, provider, m.key), false
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
	at := m.whole.find(hash, channel, provider, m.key)
	if at == nil {
		at = m.whole.take(hash, channel, provider, m.key)
		at.forget()
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
