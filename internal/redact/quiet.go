package redact

import "hash/maphash"

// quiet remembers values in which there is nothing to take out, so that what a log
// says a thousand times is looked at once: the names of machines and programs, and
// sentences without a number. What becomes of a value depends on its bytes, on what
// its name says, on the kind of the event, and on the other values of the record. Of
// what is remembered the name says nothing and the event is an ordinary one; and one
// that had the others looked at, as it has the name of something secret in it, has
// them looked at each time. Only hashes are kept, of 64 bits and with a seed that
// nobody knows: that two values share one is less likely than that the machine fails.
// A value has two places, of which the next that falls there takes one over: that bounds
// the memory. FuzzQuiet holds a Redactor that remembers against one that does not.
type quiet struct {
	seed   maphash.Seed
	known  []uint64 // hashes; the lowest bit says that the other values are to be looked at
	missed int      // since it last grew
}

// What is known grows with the number of different values: most logs are small.
const (
	fewQuiet  = 1 << 8
	manyQuiet = 1 << 14 // 128 KiB
)

func newQuiet() quiet { return quiet{seed: maphash.MakeSeed()} }

// fresh returns an empty one.
func (q *quiet) fresh() quiet { return quiet{seed: q.seed} }

// find returns the hash of a value, and whether it is known, and with others.
func (q *quiet) find(raw []byte) (hash uint64, known, others bool) {
	hash = maphash.Bytes(q.seed, raw) | 1<<63 // none is 0
	if len(q.known) == 0 {
		return hash, false, false
	}
	pair := q.pair(hash)
	have := pair[0]
	if have>>1 != hash>>1 {
		have = pair[1]
	}
	return hash, have>>1 == hash>>1, have&1 != 0
}

func (q *quiet) pair(hash uint64) []uint64 {
	at := hash & uint64(len(q.known)-1) &^ 1
	return q.known[at : at+2 : at+2]
}

func (q *quiet) add(hash uint64, others bool) {
	if q.missed++; q.missed > len(q.known) && len(q.known) < manyQuiet {
		q.known, q.missed = make([]uint64, max(fewQuiet, 2*len(q.known))), 0
	}
	hash &^= 1
	if others {
		hash |= 1
	}
	pair := q.pair(hash)
	pair[0], pair[1] = hash, pair[0]
}
