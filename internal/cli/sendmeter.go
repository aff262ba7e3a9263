package cli

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/gwlogs/gwlogs/upload"
)

// meter is the line on the terminal that says how far a transfer is.
type meter struct {
	progress upload.Progress

	mu    sync.Mutex
	ios   *IOStreams
	total int64 // bytes; -1 for unknown
	start time.Time
	shown int // columns of the line that stands on the terminal
	stop  chan struct{}

	said   string // the last time that something had to be tried again
	saidAt time.Time

	ended sync.WaitGroup
}

// newMeter draws on a terminal alone.
func newMeter(ios *IOStreams, quiet bool, total int64) *meter {
	m := &meter{ios: ios, total: total, start: ios.Now(), stop: make(chan struct{})}
	if quiet || !ios.ErrTerminal {
		return m
	}
	m.ended.Go(func() {
		ticker := time.NewTicker(progressEvery)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				m.draw()
			case <-m.stop:
				return
			}
		}
	})
	return m
}

// end takes the line away.
func (m *meter) end() {
	close(m.stop)
	m.ended.Wait()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.erase()
}

// say writes a line, the meter out of the way.
func (m *meter) say(c *console, format string, args ...any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.erase()
	c.note(format, args...)
}

// againEvery is how often the same trouble is worth a line: each of the blocks
// on their way has it.
const againEvery = 10 * time.Second

// sayAgain says that there is trouble, unless it just has.
func (m *meter) sayAgain(c *console, text string) {
	m.mu.Lock()
	now := m.ios.Now()
	stale := text == m.said && now.Sub(m.saidAt) < againEvery
	if !stale {
		m.said, m.saidAt = text, now
	}
	m.mu.Unlock()
	if !stale {
		m.say(c, "%s", text)
	}
}

func (m *meter) erase() {
	if m.shown > 0 {
		io.WriteString(m.ios.Err, "\r"+strings.Repeat(" ", m.shown)+"\r")
	}
	m.shown = 0
}

func (m *meter) draw() {
	m.mu.Lock()
	defer m.mu.Unlock()
	elapsed := m.ios.Now().Sub(m.start)
	if elapsed < progressDelay {
		return
	}
	line := m.line(elapsed)
	if limit := m.ios.Width - 1; len(line) > limit {
		line = line[:max(0, limit)]
	}
	io.WriteString(m.ios.Err, "\r"+line+strings.Repeat(" ", max(0, m.shown-len(line))))
	m.shown = max(len(line), m.shown)
}

func (m *meter) line(elapsed time.Duration) string {
	done, resumed := m.progress.Done.Load(), m.progress.Resumed.Load()
	rate := float64(done-resumed) / elapsed.Seconds()
	if m.total <= 0 {
		return fmt.Sprintf("%s  %s/s", bytesText(float64(done)), bytesText(rate))
	}
	line := fmt.Sprintf("%3d%% of %s  %s/s", min(100, done*100/m.total), bytesText(float64(m.total)), bytesText(rate))
	if rate > 0 {
		left := time.Duration(float64(m.total-done) / rate * float64(time.Second))
		line += "  " + clockText(left) + " left"
	}
	return line
}
