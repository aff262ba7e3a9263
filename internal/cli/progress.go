package cli

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/gwlogs/gwlogs/internal/words"
)

const (
	progressDelay = 500 * time.Millisecond // work that is done sooner shows nothing
	progressEvery = 100 * time.Millisecond
)

// progress is the line on the terminal that says how far the work is. A nil
// *progress shows nothing.
type progress struct {
	mu     sync.Mutex
	w      io.Writer
	width  int
	now    func() time.Time
	start  time.Time
	total  int64 // bytes, -1 if unknown
	done   int64
	events uint64
	shown  int // columns of the line that stands on the terminal
	stop   chan struct{}
}

func newProgress(w io.Writer, width int, now func() time.Time, total int64) *progress {
	return &progress{w: w, width: width, now: now, start: now(), total: total, stop: make(chan struct{})}
}

// run draws at every tick until the end.
func (p *progress) run(ticks <-chan time.Time) {
	for {
		select {
		case <-ticks:
			p.draw()
		case <-p.stop:
			return
		}
	}
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

// startProgress draws a line for work on so many bytes, -1 if that is not known. It is nil where nobody would see it.
func startProgress(ios *IOStreams, quiet bool, total int64) *progress {
	if !ios.ErrTerminal || quiet {
		return nil
	}
	p := newProgress(ios.Err, ios.Width, ios.Now, total)
	ticker := time.NewTicker(progressEvery)
	go func() {
		defer ticker.Stop()
		p.run(ticker.C)
	}()
	return p
}

// behind takes the progress of a pass, behind that of the passes before it.
func (p *progress) behind() func(bytes int64, events uint64) {
	before, counted := p.position()
	return func(bytes int64, events uint64) { p.update(before+bytes, counted+events) }
}

// position is what update was given last.
func (p *progress) position() (done int64, events uint64) {
	if p == nil {
		return 0, 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.done, p.events
}

// end takes the line away for good.
func (p *progress) end() {
	if p == nil {
		return
	}
	close(p.stop)
	p.mu.Lock()
	p.w, p.shown = io.Discard, p.erase()
	p.mu.Unlock()
}

// hide takes the line away until the next tick, so that something else can be written.
func (p *progress) hide() {
	if p == nil {
		return
	}
	p.mu.Lock()
	p.shown = p.erase()
	p.mu.Unlock()
}

// erase uses spaces: old Windows consoles know no escape sequences.
func (p *progress) erase() int {
	if p.shown > 0 {
		io.WriteString(p.w, "\r"+strings.Repeat(" ", p.shown)+"\r")
	}
	return 0
}

func (p *progress) draw() {
	p.mu.Lock()
	defer p.mu.Unlock()
	elapsed := p.now().Sub(p.start)
	if elapsed < progressDelay {
		return
	}
	line := p.line(elapsed)
	if limit := p.width - 1; len(line) > limit {
		line = line[:max(0, limit)]
	}
	io.WriteString(p.w, "\r"+line+strings.Repeat(" ", max(0, p.shown-len(line))))
	p.shown = max(len(line), p.shown)
}

func (p *progress) line(elapsed time.Duration) string {
	rate := float64(p.done) / elapsed.Seconds()
	read := fmt.Sprintf("%s  %s events  %s/s", bytesText(float64(p.done)), words.Thousands(p.events), bytesText(rate))
	if p.total <= 0 {
		return read
	}
	done := min(p.done, p.total) // a zip archive may lie about the size
	line := fmt.Sprintf("%3d%% of %s  %s", done*100/p.total, bytesText(float64(p.total)), read)
	if rate > 0 {
		left := time.Duration(float64(p.total-done) / rate * float64(time.Second))
		line += "  " + clockText(left) + " left"
	}
	return line
}

// bytesText is a size for people.
func bytesText(n float64) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	i := 0
	for ; n >= 1024 && i < len(units)-1; i++ {
		n /= 1024
	}
	if i == 0 || n >= 100 {
		return fmt.Sprintf("%.0f %s", n, units[i])
	}
	return fmt.Sprintf("%.1f %s", n, units[i])
}

// clockText is a duration as 0:07 or 1:02:03.
func clockText(d time.Duration) string {
	s := int64(d.Round(time.Second) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}
