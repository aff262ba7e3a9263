package matcher

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
)

// A sentence is a skeleton as the next event is compared with it: the UTF-16
// of what it says, byte by byte, and between that numbers and GUIDs. An event
// that agrees has the same skeleton, or one that leaves out more than it has to;
// it is found without that one is made.
//
// Why that is right: what the rules say of two events is the same if they
// differ in nothing but numbers and GUIDs where no text can stand, see skeletons.
// What is compared byte by byte does not differ. A number is taken to its last
// digit, and asked for the texts that may stand there, as in the event that the
// sentence was made of; what stands beside it is known from the sentence, or
// looked at where another number is near.
type sentence struct {
	values []sentenceValue
	remembered
}

type sentenceValue struct {
	name  string
	typ   evtx.ValueType
	parts []sentencePart // of a string, at least one
	fixed string         // of other types: the value
}

// A sentencePart is text, and the gap behind it.
type sentencePart struct {
	text string // UTF-16
	gap  gap
	near bool // what stands beside the gap is in another one: it is looked at

	flanks flanks   // of a number
	ends   guidEnds // of a GUID
}

type gap uint8

const (
	gapNone gap = iota // the value ends
	gapNumber
	gapGUID
)

// newSentence makes a sentence of values and their skeleton, of which something is known.
func newSentence(s *skeletons, bones []byte, data []evtx.Data, known *remembered) *sentence {
	made := &sentence{values: make([]sentenceValue, len(data)), remembered: remembered{slices.Clone(known.rules), known.more}}
	for i := range data {
		d := &data[i]
		v := &made.values[i]
		v.name, v.typ = strings.Clone(d.Name), d.Value.Type
		bones = bones[2+len(d.Name)+1:] // boneValue, type, name, boneName
		if v.typ != evtx.TypeString {
			v.fixed = string(d.Value.Raw)
			bones = bones[len(v.fixed):]
			continue
		}
		bones = v.read(s, bones, d.Value.Raw)
	}
	return made
}

// read takes the parts of a text from its skeleton, and returns what is behind that.
func (v *sentenceValue) read(s *skeletons, bones, raw []byte) []byte {
	from, at := 0, 0
	for at < len(raw) {
		switch bones[0] {
		case boneNumber:
			end := endOfNumber(raw, at)
			v.parts = append(v.parts, sentencePart{text: string(raw[from:at]), gap: gapNumber})
			from, at = end, end
		case boneGUID:
			v.parts = append(v.parts, sentencePart{text: string(raw[from:at]), gap: gapGUID})
			from, at = at+2*guidLen, at+2*guidLen
		case boneWide:
			bones, at = bones[2:], at+2
		default:
			at += 2
		}
		bones = bones[1:]
	}
	v.parts = append(v.parts, sentencePart{text: string(raw[from:])})
	v.look(s, raw)
	return bones
}

// look notes what stands beside the gaps.
func (v *sentenceValue) look(s *skeletons, raw []byte) {
	at := 0
	for i := range v.parts[:len(v.parts)-1] {
		p, next := &v.parts[i], &v.parts[i+1]
		start := at
		at += len(p.text)
		end := at + 2*guidLen
		if p.gap == gapNumber {
			end = endOfNumber(raw, at)
		}
		before, first, _ := beside(raw, at-2, -2)
		after, last, _ := beside(raw, end, 2)
		p.near = first < start && start > 0 || last >= end+len(next.text) && end+len(next.text) < len(raw)
		if p.gap == gapNumber {
			p.flanks = s.flanks(before, after)
		} else {
			p.ends = s.guidEnds(before, after)
		}
		at = end
	}
}

func endOfNumber(raw []byte, at int) int {
	for at+1 < len(raw) && isDecimal(raw[at]) && raw[at+1] == 0 {
		at += 2
	}
	return at
}

// is reports whether values are the sentence.
func (said *sentence) is(s *skeletons, data []evtx.Data) bool {
	if len(data) != len(said.values) {
		return false
	}
	for i := range data {
		d, v := &data[i], &said.values[i]
		if d.Value.Type != v.typ || d.Name != v.name {
			return false
		}
		if v.parts == nil {
			if string(d.Value.Raw) != v.fixed {
				return false
			}
		} else if !v.is(s, d.Value.Raw) {
			return false
		}
	}
	return true
}

func (v *sentenceValue) is(s *skeletons, raw []byte) bool {
	if len(raw) > maxSkeleton || len(raw)%2 != 0 {
		return false
	}
	at := 0
	for i := range v.parts {
		p := &v.parts[i]
		end := at + len(p.text)
		if len(raw) < end || string(raw[at:end]) != p.text {
			return false
		}
		switch at = end; p.gap {
		case gapNumber:
			if end = endOfNumber(raw, at); end == at || p.mayBeText(s, raw, at, end) {
				return false
			}
		case gapGUID:
			var guid guidCodes
			if end = at + 2*guidLen; !guid.read(&s.codes, raw, at) || p.guidMayBeText(s, raw, at, &guid) {
				return false
			}
		}
		at = end
	}
	return at == len(raw)
}

// mayBeText reports whether a text may stand where a number is.
func (p *sentencePart) mayBeText(s *skeletons, raw []byte, from, to int) bool {
	if p.near {
		return s.stays(raw, from, to)
	}
	return s.staysBetween(&p.flanks, raw[from:to])
}

// guidMayBeText reports the same of a GUID.
func (p *sentencePart) guidMayBeText(s *skeletons, raw []byte, at int, guid *guidCodes) bool {
	if p.near {
		return s.mayDecide(raw, at, guid)
	}
	return s.mayDecideBetween(&p.ends, guid)
}

// sentences are those that were met more than once, by what their events are
// called, how they begin and how they end. Where there are too many, all are forgotten: what
// is met again is found by its skeleton, and added anew.
type sentences struct {
	logs map[logName]map[frame]*saying
	name logName
	log  map[frame]*saying // of name
	all  int
}

type logName struct{ channel, provider string }

// A frame is the id of an event and the first and last four characters of its
// values, up to a digit; of a GUID at an end those beyond it.
type frame struct {
	id          uint16
	first, last uint64
}

// A saying is the sentences of a frame, those met most often first, about.
type saying struct{ all []*sentence }

const (
	maxSayings   = 32 // of one frame
	maxSentences = 1024
)

func frameOf(id uint16, data []evtx.Data) frame {
	f := frame{id: id}
	if len(data) == 0 {
		return f
	}
	raw := data[0].Value.Raw
	if hasDashes(raw, 0) {
		raw = raw[2*guidLen:]
	}
	for i := 0; i < min(8, len(raw)&^1); i += 2 {
		if isDecimal(raw[i]) && raw[i+1] == 0 {
			break
		}
		f.first |= uint64(binary.LittleEndian.Uint16(raw[i:])) << (8 * i)
	}
	raw = data[len(data)-1].Value.Raw
	if at := len(raw) - 2*guidLen; hasDashes(raw, at) {
		raw = raw[:at]
	}
	for i := 2; i <= min(8, len(raw)&^1); i += 2 {
		unit := binary.LittleEndian.Uint16(raw[len(raw)-i:])
		if unit < 0x80 && isDecimal(byte(unit)) {
			break
		}
		f.last = f.last<<16 | uint64(unit)
	}
	return f
}

// hasDashes reports whether there may be a GUID.
func hasDashes(raw []byte, at int) bool {
	return at >= 0 && at+2*guidLen <= len(raw) && raw[at+2*8] == '-' && raw[at+2*13] == '-' && raw[at+2*18] == '-' && raw[at+2*23] == '-'
}

// of returns what events in a frame say.
func (m *sentences) of(channel, provider string, f frame) *saying {
	if m.log == nil || m.name.channel != channel || m.name.provider != provider {
		m.choose(logName{channel, provider})
	}
	said := m.log[f]
	if said == nil {
		if m.all++; m.all > maxSentences {
			*m = sentences{all: 1}
			m.choose(logName{channel, provider})
		}
		said = new(saying)
		m.log[f] = said
	}
	return said
}

func (m *sentences) choose(name logName) {
	log := m.logs[name]
	if log == nil {
		if m.logs == nil {
			m.logs = make(map[logName]map[frame]*saying)
		}
		name = logName{strings.Clone(name.channel), strings.Clone(name.provider)}
		log = make(map[frame]*saying)
		m.logs[name] = log
	}
	m.name, m.log = name, log
}

// find returns the sentence that values are, nil if none is known.
func (said *saying) find(s *skeletons, data []evtx.Data) *sentence {
	for i, one := range said.all {
		if one.is(s, data) {
			if i > 0 { // a step to the front
				said.all[i-1], said.all[i] = one, said.all[i-1]
			}
			return one
		}
	}
	return nil
}

// add adds a sentence; of too many the one that is met most seldom goes.
func (m *sentences) add(said *saying, one *sentence) {
	if len(said.all) == maxSayings {
		said.all[maxSayings-1] = one
		return
	}
	m.all++
	said.all = append(said.all, one)
}
