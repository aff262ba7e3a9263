package eventlog

import (
	"context"
	"slices"
	"sync"

	"github.com/gwlogs/gwlogs/evtx"
)

// A Fetcher reads single events of logs that a pass with Keep has been through, by their places. It keeps some logs open, and the
// chunks that were read last: events that lie close to each other cost one chunk.
type Fetcher struct {
	mu     sync.Mutex
	logs   []*openLog      // read last: at the end
	chunks []*fetchedChunk // likewise
}

// What a Fetcher keeps: files are few on some systems, a chunk is 120 KB.
const (
	maxFetchLogs   = 48
	maxFetchChunks = 12
)

type openLog struct {
	log    *Log
	reader *evtx.Reader
	close  func() error
}

type fetchedChunk struct {
	buf   *evtx.Buffer
	log   *Log
	chunk int
}

// Record gives the event of a log at a place to use, during which it is valid; the Fetcher must not be asked for another meanwhile.
// The error is of reading the log, or of use.
func (f *Fetcher) Record(ctx context.Context, log *Log, at evtx.Place, use func(*evtx.Record) error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	open, err := f.open(ctx, log)
	if err != nil {
		return err
	}
	rec, err := f.chunk(log, at).buf.RecordAt(open.reader, at)
	if err != nil {
		return log.Fail(err)
	}
	return use(rec)
}

// open gives the log, open.
func (f *Fetcher) open(ctx context.Context, log *Log) (*openLog, error) {
	if i := slices.IndexFunc(f.logs, func(o *openLog) bool { return o.log == log }); i >= 0 {
		o := f.logs[i]
		f.logs = append(slices.Delete(f.logs, i, i+1), o)
		return o, nil
	}
	if len(f.logs) >= maxFetchLogs {
		f.logs[0].close()
		f.forget(f.logs[0].log)
		f.logs = slices.Delete(f.logs, 0, 1)
	}
	reader, closeLog, err := log.start(ctx)
	if err != nil {
		return nil, err
	}
	o := &openLog{log, reader, closeLog}
	f.logs = append(f.logs, o)
	return o, nil
}

// forget makes the chunks of a log free.
func (f *Fetcher) forget(log *Log) {
	for _, c := range f.chunks {
		if c.log == log {
			c.log, c.chunk = nil, -1
		}
	}
}

// chunk gives the buffer that has the chunk of the place, or else the one that was not read for the longest time.
func (f *Fetcher) chunk(log *Log, at evtx.Place) *fetchedChunk {
	i := slices.IndexFunc(f.chunks, func(c *fetchedChunk) bool { return c.log == log && c.chunk == at.Chunk() })
	switch {
	case i >= 0:
	case len(f.chunks) < maxFetchChunks:
		i = len(f.chunks)
		c := &fetchedChunk{}
		if i == 0 {
			c.buf = evtx.NewBuffer(nil)
		} else {
			c.buf = f.chunks[0].buf.Sibling()
		}
		f.chunks = append(f.chunks, c)
	default:
		i = 0
	}
	c := f.chunks[i]
	f.chunks = append(slices.Delete(f.chunks, i, i+1), c)
	c.log, c.chunk = log, at.Chunk()
	return c
}

// Reopen has a log opened anew when it is asked for next: its file has grown.
func (f *Fetcher) Reopen(log *Log) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if i := slices.IndexFunc(f.logs, func(o *openLog) bool { return o.log == log }); i >= 0 {
		f.logs[i].close()
		f.logs = slices.Delete(f.logs, i, i+1)
		f.forget(log)
	}
}

// Close closes the logs.
func (f *Fetcher) Close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, o := range f.logs {
		o.close()
	}
	f.logs, f.chunks = nil, nil
}
