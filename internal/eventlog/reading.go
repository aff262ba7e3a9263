package eventlog

import (
	"context"
	"errors"

	"github.com/gwlogs/gwlogs/evtx"
)

// A Reading is a log in a pass, and what is known of it so far.
type Reading struct {
	Log     *Log
	Stats   evtx.Stats        // of all events that are intact; at the end, of a live channel those too that were not exported
	Visited uint64            // events that the consumer could use
	Damaged int               // places
	First   *evtx.FormatError // of them; nil if there is none
	Told    int               // of these, those that Pass.Damage got
	Err     *Error            // why the log was not read, or not to its end

	Duplicates uint64 // events that were in another log already, and left out: see Pass.Once

	rank uint32                            // of the log in the pass
	told func(*Reading, *evtx.FormatError) // of damage; nil for nobody
	most int                               // places that are told
}

// Damage counts a place of the log that cannot be used: Flush may find one too.
func (in *Reading) Damage(place *evtx.FormatError) {
	if in.Log.place != nil {
		if place = in.Log.place(place); place == nil {
			return
		}
	}
	if in.Damaged++; in.First == nil {
		in.First = place
	}
	if in.Told < in.most && in.told != nil {
		in.Told++
		in.told(in, place)
	}
}

// take adds what one goroutine has gathered.
func (in *Reading) take(stats evtx.Stats, visited uint64, d damage, backward bool) {
	if backward {
		in.Stats, stats = stats, in.Stats
	}
	in.Stats.Add(stats)
	in.Visited += visited
	for _, place := range d.places {
		in.Damage(place)
	}
	in.Damaged += d.more
}

// fail notes what ended the log, unless all was ended.
func (in *Reading) fail(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	in.Err = in.Log.Fail(err)
	return nil
}

// damage is what is wrong with a part of a log: as much of it as is told, the rest counted.
type damage struct {
	most   int // places that are kept
	places []*evtx.FormatError
	more   int
}

// add takes an error from a sequence of records. The one that ends the log is no damage.
func (d *damage) add(err error) {
	var place *evtx.FormatError
	switch {
	case !errors.As(err, &place):
	case len(d.places) < d.most:
		d.places = append(d.places, place)
	default:
		d.more++
	}
}

// addAll adds the damage of what follows.
func (d *damage) addAll(other *damage) {
	n := min(len(other.places), max(0, d.most-len(d.places)))
	d.places = append(d.places, other.places[:n]...)
	d.more += other.more + len(other.places) - n
}

func (d *damage) empty() { d.places, d.more = d.places[:0], 0 }

// batch is what one goroutine gathers between two flushes.
type batch[B any] struct {
	own        B
	visited    uint64
	duplicates uint64
	keys       []uint64 // of the events that were visited, if they are to be known again
	damage     damage

	where func(*evtx.Record) bool // nil for every event
	seen  *seen                   // nil: no event is looked for
	keyer keyer
}

func newBatch[B any](own B, once *seen, where func(*evtx.Record) bool, places int) *batch[B] {
	b := &batch[B]{own: own, seen: once, where: where, damage: damage{most: places}}
	if once != nil {
		b.keyer.seed = once.seed
	}
	return b
}

// visit is called for every selected record of a log.
func (b *batch[B]) visit(rec *evtx.Record, err error, c *Consumer[B]) (full bool) {
	if err != nil {
		b.damage.add(err)
		return false
	}
	if b.where != nil && !b.where(rec) {
		return false
	}
	var key uint64
	known := false
	if b.seen != nil {
		if key, known = b.keyer.key(rec); known && b.seen.elsewhere(key, 0) {
			b.duplicates++
			c.again(b.own, rec)
			return false
		}
	}
	if full, err = c.Visit(b.own, rec); err != nil {
		b.damage.add(unusable(rec, err))
		return full
	}
	b.visited++
	if known {
		b.keys = append(b.keys, key)
	}
	return full
}

// enter tells b that the events which follow are of a log.
func (c *Consumer[B]) enter(b B, in *Log) B {
	if c.Enter != nil {
		c.Enter(b, in)
	}
	return b
}

func (c *Consumer[B]) again(b B, rec *evtx.Record) {
	if c.Again != nil {
		c.Again(b, rec)
	}
}

func (b *batch[B]) empty() {
	b.visited, b.duplicates, b.keys = 0, 0, b.keys[:0]
	b.damage.empty()
}

// unusable gives an event that a consumer cannot use its place.
func unusable(rec *evtx.Record, err error) error {
	var place *evtx.FormatError
	if errors.As(err, &place) {
		return err
	}
	return &evtx.FormatError{Offset: rec.Offset(), Chunk: rec.Chunk(), RecordID: rec.HeaderID(), Reason: err.Error()}
}
