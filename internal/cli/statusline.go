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
	statusDelay = 500 * time.Millisecond // work that is done sooner shows nothing
	statusEvery = 100 * time.Millisecond
)

// statusLine is the line on the terminal that says how far something is. A nil one shows nothing.
type statusLine struct {
	text func(elapsed time.Duration) string

	mu    sync.Mutex
	w     io.Writer
	width int
	now   func() time.Time
	begun time.Time
	shown int // columns of the line that stands on the terminal

	hidden func() bool // a pager has the terminal

	stop  chan struct{}
	once  sync.Once
	ended sync.WaitGroup
}

// startStatusLine draws text until end. It is nil where nobody would see it.
func startStatusLine(ios *IOStreams, quiet bool, text func(time.Duration) string) *statusLine {
	if quiet || !ios.ErrTerminal {
		return nil
	}
	l := newStatusLine(ios.now(), ios.Width, ios.Now, text)
	l.hidden = ios.screen.paging
	l.ended.Go(func() {
		ticker := time.NewTicker(statusEvery)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				l.draw()
			case <-l.stop:
				return
			}
		}
	})
	return l
}

func newStatusLine(w io.Writer, width int, now func() time.Time, text func(time.Duration) string) *statusLine {
	return &statusLine{text: text, w: w, width: width, now: now, begun: now(), stop: make(chan struct{})}
}

// end takes the line away for good.
func (l *statusLine) end() {
	if l == nil {
		return
	}
	l.once.Do(func() { close(l.stop) })
	l.ended.Wait()
	l.aside(func() { l.w = io.Discard })
}

// aside takes the line away while f writes something else; it is back with the next tick.
func (l *statusLine) aside(f func()) {
	if l == nil {
		f()
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shown > 0 { // with spaces: old Windows consoles know no escape sequences
		io.WriteString(l.w, "\r"+strings.Repeat(" ", l.shown)+"\r")
		l.shown = 0
	}
	f()
}

func (l *statusLine) draw() {
	l.mu.Lock()
	defer l.mu.Unlock()
	elapsed := l.now().Sub(l.begun)
	if elapsed < statusDelay || l.hidden != nil && l.hidden() {
		return
	}
	text := l.text(elapsed)
	if limit := l.width - 1; len(text) > limit {
		text = text[:max(0, limit)]
	}
	io.WriteString(l.w, "\r"+text+strings.Repeat(" ", max(0, l.shown-len(text))))
	l.shown = max(len(text), l.shown)
}

// shareText is how much of total is done at a rate a second, and how long the rest takes; read comes in between.
func shareText(done, total int64, rate float64, read string) string {
	text := fmt.Sprintf("%3d%% of %s  %s", min(100, done*100/total), words.Bytes(float64(total)), read)
	if rate > 0 {
		text += "  " + clockText(time.Duration(float64(total-done)/rate*float64(time.Second))) + " left"
	}
	return text
}
