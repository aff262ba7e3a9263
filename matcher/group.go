package matcher

import (
	"cmp"
	"encoding/binary"
	"hash/fnv"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

const (
	maxGroups     = 1000
	maxWhole      = 500      // groups that keep their example whole
	maxExample    = 8 << 10  // bytes of an example's text
	maxExampleXML = 32 << 10 // bytes of an example
)

// groups counts events by what they say. Its memory is bounded: a log with
// 200,000 errors has some dozen kinds of them; what goes beyond maxGroups is
// counted together.
//
// The groups of a worker stay with it when they are taken, without their texts:
// whatever it finds after that comes later in the log, and is no example.
type groups struct {
	kinds   map[string]*kind
	counted []*kind // since they were last taken
	whole   int     // kinds with an example as XML
	rest    Rest

	occurred    []occurred // what a worker has noted
	occurrences            // of an Analyzer

	key   []byte
	tells bool // somebody wants to know of each event, see Options.Grouped
}

// A GroupKey tells a group from all others, whichever logs it was found in: the hash of what its events have in common.
type GroupKey uint64

// A grouped event is one of a group.
type grouped struct {
	key   GroupKey
	place evtx.Place
}

// A kind is a group in the making.
type kind struct {
	Group
	key       string
	signature int
}

func newGroups() *groups { return &groups{kinds: make(map[string]*kind)} }

// noSignature is the index of the signature of what none explains.
const noSignature = -1

// see counts an event that a signature explains, or none; line is the innermost
// message of its text. It returns its kind, nil if there are too many, and whether that is new and has no example yet.
func (g *groups) see(rec *evtx.Record, signature int, line string) (k *kind, fresh bool) {
	level, at := rec.Level(), rec.TimeCreated()
	g.key = appendKey(g.key[:0], rec, signature, level)
	shape := len(g.key)
	g.key = appendShape(g.key, line)
	k = g.kinds[string(g.key)]
	if fresh = k == nil; fresh {
		if len(g.kinds) >= maxGroups {
			g.rest.add(signature, level, 1)
			return nil, false
		}
		k = &kind{key: string(g.key), signature: signature}
		k.Group = Group{Channel: rec.Channel(), Provider: rec.Provider(), EventID: rec.EventID(), Level: level, Shape: k.key[shape:], Key: groupKey(k.key[4:])}
		g.kinds[k.key] = k
	}
	if k.Count == 0 {
		g.counted = append(g.counted, k)
		k.First, k.Last = at, at
	}
	k.join(1, at, at)
	return k, fresh
}

// groupKey is the hash of what a group has in common, without its signature.
func groupKey(of string) GroupKey {
	h := fnv.New64a()
	io.WriteString(h, of)
	return GroupKey(h.Sum64())
}

// full reports whether the groups of a worker want to be taken.
func (g *groups) full() bool { return len(g.kinds) >= maxGroups || len(g.occurred) >= maxFound }

func (g *Group) join(count int, first, last time.Time) {
	g.Count += count
	if first.Before(g.First) {
		g.First = first
	}
	if last.After(g.Last) {
		g.Last = last
	}
}

func (r *Rest) add(signature int, level evtx.Level, count int) {
	if signature == noSignature && isError(level) {
		r.Unexplained += count
	} else {
		r.Other += count
	}
}

func isError(level evtx.Level) bool { return level == evtx.LevelCritical || level == evtx.LevelError }

// appendKey appends what tells the kinds of events apart, but for their shape.
func appendKey(dst []byte, rec *evtx.Record, signature int, level evtx.Level) []byte {
	channel, provider := rec.Channel(), rec.Provider()
	dst = binary.LittleEndian.AppendUint32(dst, uint32(signature))
	dst = binary.LittleEndian.AppendUint16(dst, rec.EventID())
	dst = append(dst, byte(level))
	for _, name := range [...]string{channel, provider} {
		dst = binary.AppendUvarint(dst, uint64(len(name)))
		dst = append(dst, name...)
	}
	return dst
}

// take takes what a worker has counted in a log, and empties it.
func (g *groups) take(from *groups, source string) {
	if len(g.kinds)+len(from.counted) > maxGroups { // the order decides which find room
		slices.SortFunc(from.counted, func(a, b *kind) int {
			return cmp.Or(cmp.Compare(a.Example.RecordID, b.Example.RecordID), cmp.Compare(a.key, b.key))
		})
	}
	for _, k := range from.counted {
		g.takeKind(k, source)
		k.Count, k.Example, k.XML = 0, Evidence{}, ""
	}
	g.rest.Unexplained += from.rest.Unexplained
	g.rest.Other += from.rest.Other
	from.counted, from.rest = from.counted[:0], Rest{}
	if len(from.kinds) >= maxGroups {
		clear(from.kinds)
	}
}

func (g *groups) takeKind(k *kind, source string) {
	have := g.kinds[k.key]
	switch {
	case have == nil && len(g.kinds) < maxGroups:
		own := *k
		own.Example.Source = source
		if g.whole++; g.whole > maxWhole {
			own.XML = ""
		}
		g.kinds[k.key] = &own
	case have == nil:
		g.rest.add(k.signature, k.Level, k.Count)
	default:
		have.join(k.Count, k.First, k.Last)
	}
}

// sorted returns the groups, errors before warnings and the most frequent first.
func (g *groups) sorted(signatures []*Signature) []Group {
	all := make([]Group, 0, len(g.kinds))
	for k := range maps.Values(g.kinds) {
		if k.signature != noSignature {
			k.Signature = signatures[k.signature]
		}
		all = append(all, k.Group)
	}
	severity := func(g *Group) evtx.Level { return max(g.Level, evtx.LevelError) } // critical events are errors
	slices.SortFunc(all, func(a, b Group) int {
		return cmp.Or(cmp.Compare(severity(&a), severity(&b)), cmp.Compare(b.Count, a.Count), a.First.Compare(b.First),
			cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.EventID, b.EventID), cmp.Compare(a.Example.Cause, b.Example.Cause),
			cmp.Compare(a.Example.RecordID, b.Example.RecordID), cmp.Compare(a.Shape, b.Shape))
	})
	return all
}
