package cli

import (
	"fmt"
	"sync"
	"time"

	"github.com/gwlogs/gwlogs/internal/words"
)

// progress is how far reading is, and the line that says so. A nil *progress shows nothing.
type progress struct {
	line *statusLine

	mu     sync.Mutex
	total  int64 // bytes, -1 if unknown
	done   int64
	events uint64
}

// startProgress draws a line for work on so many bytes, -1 if that is not known. It is nil where nobody would see it.
func startProgress(ios *IOStreams, quiet bool, total int64) *progress {
	p := &progress{total: total}
	if p.line = startStatusLine(ios, quiet, p.text); p.line == nil {
		return nil
	}
	return p
}

// status is the line; nil of a nil *progress.
func (p *progress) status() *statusLine {
	if p == nil {
		return nil
	}
	return p.line
}

// update takes how many bytes and events are done in all.
func (p *progress) update(done int64, events uint64) {
	if p == nil {
		return
	}
	p.mu.Lock()
	p.done, p.events = done, events
	p.mu.Unlock()
}

// of is update for work whose size is known by now.
func (p *progress) of(done, total int64, events uint64) {
	if p == nil {
		return
	}
	p.mu.Lock()
	p.done, p.total, p.events = done, total, events
	p.mu.Unlock()
}

// behind takes the progress of a pass, behind that of the passes before it.
func (p *progress) behind() func(bytes int64, events uint64) {
	if p == nil {
		return nil
	}
	p.mu.Lock()
	before, counted := p.done, p.events
	p.mu.Unlock()
	return func(bytes int64, events uint64) { p.update(before+bytes, counted+events) }
}

func (p *progress) text(elapsed time.Duration) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	rate := float64(p.done) / elapsed.Seconds()
	read := fmt.Sprintf("%s  %s events  %s/s", words.Bytes(float64(p.done)), words.Thousands(p.events), words.Bytes(rate))
	if p.total <= 0 {
		return read
	}
	return shareText(min(p.done, p.total), p.total, rate, read) // a zip archive may lie about the size
}
