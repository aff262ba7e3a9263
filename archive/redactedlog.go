package archive

import (
	"sync"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/redact"
)

// A redactedLog is an event log that is written redacted: each goroutine redacts and converts the records of a chunk, and they
// are written when their turn comes.
type redactedLog struct {
	w        *evtx.Writer
	redactor *redact.Redactor
	computer string // of the first event, as it is
	refused  int    // events that could not be written

	mu    sync.Mutex
	forks []*redact.Redactor // of the batches
}

// fork is what a goroutine needs for its batch. Several come for theirs at once.
func (l *redactedLog) fork() (*redact.Redactor, *evtx.Batch) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fork := l.redactor.Fork()
	l.forks = append(l.forks, fork)
	if fork.Mode() == redact.None {
		return fork, l.w.NewBatch(nil)
	}
	return fork, l.w.NewBatch(fork.Value)
}

// counts is what redaction did to the log and left in doubt, and how many of its values were searched for text alone.
func (l *redactedLog) counts() (counts, suspects []redact.Count, opaque int) {
	counts, suspects = l.redactor.TakeCounts(), l.redactor.TakeSuspects()
	for _, fork := range l.forks {
		counts = append(counts, fork.TakeCounts()...)
		suspects = append(suspects, fork.TakeSuspects()...)
		opaque += fork.TakeOpaque()
	}
	return counts, suspects, opaque
}

// A batch is the selected records of a chunk, redacted by the goroutine that read it.
type batch struct {
	log      *redactedLog // that records are for
	redactor *redact.Redactor
	records  *evtx.Batch
	computer string             // of the first of them
	places   []evtx.FormatError // of the records, for those that cannot be written
}

// add redacts a record, which stays valid until it is written.
func (b *batch) add(log *redactedLog, rec *evtx.Record) {
	if b.log != log {
		b.log = log
		b.redactor, b.records = log.fork()
	}
	if b.records.Len() == 0 {
		b.computer = rec.Computer()
	}
	b.redactor.Begin(rec)
	b.records.Add(rec)
	b.places = append(b.places, evtx.FormatError{Offset: rec.Offset(), Chunk: rec.Chunk(), RecordID: rec.HeaderID()})
}

// flush writes the records. One that cannot be written is like a damaged one: it is named, and the others follow.
func (b *batch) flush(log *redactedLog, in *eventlog.Reading) error {
	if b.log != log || b.records.Len() == 0 {
		return nil
	}
	if log.computer == "" {
		log.computer = b.computer
	}
	err := log.w.WriteBatch(b.records, func(refused *evtx.RecordError) {
		log.refused++
		place := b.places[refused.Index]
		place.Reason = refused.Reason
		in.Damage(&place)
	})
	b.places = b.places[:0]
	return err
}
