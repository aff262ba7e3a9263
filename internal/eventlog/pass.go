package eventlog

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/gwlogs/gwlogs/evtx"
)

// A Pass is one way through the events of several logs. Every reader of events goes through one, so that what cannot be read
// is treated the same everywhere: damage never ends a log, and a log that cannot be read never ends the pass.
type Pass struct {
	Logs    []*Log
	Select  *evtx.Selection // of the events that are visited; nil for all
	Threads int             // 0 for one on each processor

	// Where, if it is given, makes a further condition for the events that are visited, one for each goroutine.
	Where func() func(*evtx.Record) bool

	// ByTime visits the events of all logs by their time, and not one log after the other. Equal times go by the order of the
	// logs; the events of a log keep their order, also where its clock went back, unless Sort is set.
	ByTime bool

	// Sort, of a pass by time, puts the events of a log in the order of time where they are not: each log is looked through before,
	// and a stream kept as for Ahead. Unsorted, if there is one, is told of logs whose time goes back by a minute or more. With
	// Backward the newest event comes first; the error is [ErrTooManyToSort] if there are too many for that.
	Sort     bool
	Unsorted func(log *Log, step BackStep)

	// Backward goes through the logs, and the chunks of each, from the last to the first; Visit still gets the events of a chunk in
	// their order, and each Flush is of one chunk. A pass by time needs Sort for it. A stream is kept as for Ahead.
	Backward bool

	// Ahead looks at logs that are to be read once more. A stream is therefore kept in a temporary file until the Set is
	// closed. What cannot be read is passed over without a word: the pass that follows meets it again.
	Ahead bool

	// Keep has the logs kept that cannot be read in any order, streams and what is compressed, in a temporary file until the Set is
	// closed: single events of theirs are to be looked at later, see [Fetcher].
	Keep bool

	// Once leaves out events that were in another of the logs already: of a log and its copy, a bundle and what it was made of, two
	// exports that overlap. They are counted, see [Reading.Duplicates].
	Once bool

	// LiveOnly passes over stale records, whatever the logs were opened with.
	LiveOnly bool

	// Damage, Failed, Ended and Progress, as far as there are any, are told what happens on the way, one call at a time, in
	// the order of the logs. Damage gets up to Places places of a log, Failed why a log was not read, or not to its
	// end, and Ended the log when nothing more comes of it.
	Damage   func(in *Reading, place *evtx.FormatError)
	Failed   func(in *Reading)
	Ended    func(in *Reading)
	Progress func(bytes int64, events uint64) // that lie behind, of all logs

	Places int // damaged places of a log that are told; 0 for DamageShown

	limits   *mergeLimits // for tests; nil for the usual ones
	remember int          // likewise: seenLimit, if it is 0
}

// DamageShown is how many damaged places of a log are told one by one, if Pass.Places does not say. The others are counted.
const DamageShown = 20

// A Consumer is what becomes of the events of a pass. A B gathers what Visit makes of the events of one log; it belongs to
// one goroutine at a time.
type Consumer[B any] struct {
	// New makes an empty B. It is called by several goroutines, one after the other.
	New func() B

	// Enter, if there is one, is told before each Visit that follows New, or is of another log than the one before, which log that is.
	Enter func(b B, in *Log)

	// Visit takes an event. The record is valid until Visit returns, or until that Flush does which a full B asks for. An error
	// means that the event cannot be used, which counts as damage of the log.
	Visit func(b B, rec *evtx.Record) (full bool, err error)

	// VisitChunk, if there is one, is called in place of Visit for some chunks of which every event is wanted: see [evtx.Scanner].
	VisitChunk func(b B, c *evtx.Chunk) (full bool)

	// Again, if there is one, takes an event that Pass.Once leaves out, in place of Visit.
	Again func(b B, rec *evtx.Record)

	// Flush takes what b has gathered of the log, and empties it: in the order of the events, and never twice at once. An error
	// ends the pass; ErrEnough does so as if the logs ended here, ErrEnoughOfLog as if this log did. A nil Flush takes nothing.
	Flush func(b B, in *Reading) error

	// Begin and End, if there are any, come before and after all else of a log. In a pass by time, all logs begin before the
	// first event and end after the last one. An error ends the pass.
	Begin, End func(in *Reading) error
}

// Totals is what a pass came to.
type Totals struct {
	Stats        evtx.Stats // of all events that are intact, visited or not
	Visited      uint64
	Duplicates   uint64 // events left out by Pass.Once
	Forgot       bool   // Once has met more events than it remembers: some may have been visited twice
	Damaged      int    // places, in all logs
	LogsDamaged  int
	LogsVisited  int // with an event that was visited
	LogsFailed   int // that were not read, or not to their end
	Bytes        int64
	LastLogError *Error // nil if no log failed
}

// Add adds the sums of another pass, over other logs.
func (t *Totals) add(in *Reading) {
	t.Stats.Add(in.Stats)
	t.Visited += in.Visited
	t.Duplicates += in.Duplicates
	t.Damaged += in.Damaged
	if in.Damaged > 0 {
		t.LogsDamaged++
	}
	if in.Visited > 0 {
		t.LogsVisited++
	}
	if in.Err != nil {
		t.LogsFailed++
		t.LastLogError = in.Err
	}
	t.Bytes += max(0, in.Log.Size)
}

// ErrEnough is returned by a Flush that wants no more events, ErrEnoughOfLog by one that wants none of this log, which is not for
// a pass by time.
var (
	ErrEnough      = errors.New("enough")
	ErrEnoughOfLog = errors.New("enough of this log")
)

// Run makes the pass. The error is that of the consumer or of ctx: what is wrong with a log is in the Totals.
func Run[B any](ctx context.Context, p *Pass, c Consumer[B]) (*Totals, error) {
	r := &run[B]{Pass: p, consumer: c, totals: new(Totals)}
	var sorted []*timeline
	if p.ByTime && p.Sort {
		var err error
		if sorted, err = r.timelines(ctx); err != nil {
			return r.totals, err
		}
	}
	byTime := p.ByTime && (len(p.Logs) > 1 || slices.ContainsFunc(sorted, func(t *timeline) bool { return t != nil }))
	if p.Once && len(p.Logs) > 1 {
		r.seen = newSeen(cmp.Or(p.remember, seenLimit), byTime)
		defer func() { r.totals.Forgot = r.seen.forgot }()
	}
	if byTime {
		return r.totals, r.byTime(ctx, sorted)
	}
	for i := range p.Logs {
		if p.Backward {
			i = len(p.Logs) - 1 - i
		}
		in := r.reading(p.Logs[i])
		in.rank = uint32(i)
		if err := r.begin(in); err != nil {
			return r.totals, err
		}
		stop := r.scan(ctx, in)
		enough := stop == ErrEnough
		if stop == nil || enough || stop == ErrEnoughOfLog {
			stop = r.end(in)
		}
		if stop != nil || enough {
			return r.totals, stop
		}
	}
	return r.totals, nil
}

// run is a pass on its way.
type run[B any] struct {
	*Pass
	consumer Consumer[B]
	totals   *Totals // of the logs that are done
	spare    pool[B]
	seen     *seen    // nil without Once
	keys     []uint64 // of the log that is read, to be seen when it ends
	ahead    int64    // bytes that were read before the pass began
}

func (r *run[B]) reading(log *Log) *Reading {
	return &Reading{Log: log, told: r.Damage, most: r.places()}
}

// places is how many damaged places of a log are told.
func (p *Pass) places() int { return cmp.Or(p.Places, DamageShown) }

func (r *run[B]) begin(in *Reading) error {
	if r.consumer.Begin == nil {
		return nil
	}
	return r.consumer.Begin(in)
}

// end closes a log that was read, as far as it could be.
func (r *run[B]) end(in *Reading) error {
	if in.Err == nil {
		in.Stats = in.Log.Whole(in.Stats)
	} else if r.Failed != nil {
		r.Failed(in)
	}
	if in.Log.ended != nil {
		in.Log.ended(in)
	}
	if r.Ended != nil {
		r.Ended(in)
	}
	r.totals.add(in)
	if r.consumer.End == nil {
		return nil
	}
	return r.consumer.End(in)
}

func (r *run[B]) flush(b B, in *Reading) error {
	if r.consumer.Flush == nil {
		return nil
	}
	return r.consumer.Flush(b, in)
}

// where is the further condition of the pass for one goroutine, nil if there is none.
func (r *run[B]) where() func(*evtx.Record) bool {
	if r.Where == nil {
		return nil
	}
	return r.Where()
}

// condition is the further condition for the events of a log and one goroutine, nil if there is none.
func (r *run[B]) condition(log *Log) func(*evtx.Record) bool {
	where := r.where()
	switch {
	case where == nil:
		return log.accept
	case log.accept == nil:
		return where
	}
	return func(rec *evtx.Record) bool { return log.accept(rec) && where(rec) }
}

// open opens a log, which is kept first if it is a stream and to be read again.
func (r *run[B]) open(ctx context.Context, log *Log) (*evtx.Reader, func() error, error) {
	return r.openLog(ctx, log, r.Ahead || r.Backward || r.Keep, r.Backward || r.Keep)
}

// openLog opens a log that is read again, and perhaps in any order.
func (r *run[B]) openLog(ctx context.Context, log *Log, again, anyOrder bool) (*evtx.Reader, func() error, error) {
	if again && log.once {
		log.keep(ctx)
	}
	reader, closeLog, err := log.start(ctx)
	if err == nil && anyOrder && reader.Size() < 0 { // compressed: it can be read again, but in its order alone
		closeLog()
		log.keep(ctx)
		reader, closeLog, err = log.start(ctx)
	}
	if err == nil && r.LiveOnly {
		reader.Recover = false
	}
	return reader, closeLog, err
}

// scan reads a log on several goroutines.
func (r *run[B]) scan(ctx context.Context, in *Reading) error {
	reader, closeLog, err := r.open(ctx, in.Log)
	if err != nil {
		return in.fail(ctx, err)
	}
	defer closeLog()
	once := r.seen
	if !in.Log.numbered() {
		once = nil
	}
	var visitChunk func(b *batch[B], c *evtx.Chunk) bool
	if r.consumer.VisitChunk != nil && once == nil && r.Where == nil && in.Log.accept == nil { // nobody asks for the events
		visitChunk = func(b *batch[B], c *evtx.Chunk) bool {
			b.visited += uint64(c.Len())
			return r.consumer.VisitChunk(b.own, c)
		}
	}
	var stopped error // by the consumer
	err = evtx.Scanner[*batch[B]]{
		Threads: r.Threads,
		Select:  in.Log.selection(r.Select),

		Backward: r.Backward,

		New: func() *batch[B] {
			return newBatch(r.consumer.enter(r.spare.get(r.consumer.New), in.Log), once, r.condition(in.Log), r.places())
		},
		Visit:      func(b *batch[B], rec *evtx.Record, err error) bool { return b.visit(rec, err, &r.consumer) },
		VisitChunk: visitChunk,
		Flush: func(b *batch[B], p evtx.Progress) error {
			in.take(p.Stats, b.visited, b.damage, r.Backward)
			in.Duplicates += b.duplicates
			r.keep(b.keys)
			b.empty()
			if r.Progress != nil {
				r.Progress(r.ahead+r.totals.Bytes+p.Pos, uint64(r.totals.Stats.Records+in.Stats.Records))
			}
			stopped = r.flush(b.own, in)
			return stopped
		},
	}.Run(ctx, reader)
	r.spare.reuse()
	r.sawAll(in)
	if stopped != nil || err == nil {
		return stopped
	}
	return in.fail(ctx, err)
}

// keep remembers the events of a log until it ends; the last log's are of no use to anybody.
func (r *run[B]) keep(keys []uint64) {
	if room := r.seen; room != nil {
		n := min(len(keys), room.limit-len(r.keys))
		r.keys = append(r.keys, keys[:n]...)
		room.forgot = room.forgot || n < len(keys)
	}
}

// sawAll makes the events of a log those that were seen.
func (r *run[B]) sawAll(in *Reading) {
	for _, key := range r.keys {
		r.seen.add(key, in.rank)
	}
	r.keys = r.keys[:0]
}

// pool keeps what the cores used for one log for the next: a folder may hold thousands.
type pool[B any] struct {
	mu    sync.Mutex
	all   []B
	spare []B
}

func (p *pool[B]) get(fresh func() B) B {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.spare); n > 0 {
		b := p.spare[n-1]
		p.spare = p.spare[:n-1]
		return b
	}
	b := fresh()
	p.all = append(p.all, b)
	return b
}

// reuse takes everything back. Nobody may use it any more.
func (p *pool[B]) reuse() { p.spare = append(p.spare[:0], p.all...) }
