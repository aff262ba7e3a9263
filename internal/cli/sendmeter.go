package cli

import (
	"fmt"
	"sync"
	"time"

	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/upload"
)

// meter is how far a transfer is, and the line that says so.
type meter struct {
	progress upload.Progress
	total    int64 // bytes; -1 for unknown
	line     *statusLine
	now      func() time.Time

	mu     sync.Mutex
	said   string // the last time that something had to be tried again
	saidAt time.Time
}

// newMeter draws on a terminal alone.
func newMeter(ios *IOStreams, quiet bool, total int64) *meter {
	m := &meter{total: total, now: ios.Now}
	m.line = startStatusLine(ios, quiet, m.text)
	return m
}

// end takes the line away.
func (m *meter) end() { m.line.end() }

// say writes a line, the meter out of the way.
func (m *meter) say(c *console, format string, args ...any) {
	m.line.aside(func() { c.note(format, args...) })
}

// againEvery is how often the same trouble is worth a line: each of the blocks
// on their way has it.
const againEvery = 10 * time.Second

// sayAgain says that there is trouble, unless it just has.
func (m *meter) sayAgain(c *console, text string) {
	m.mu.Lock()
	now := m.now()
	stale := text == m.said && now.Sub(m.saidAt) < againEvery
	if !stale {
		m.said, m.saidAt = text, now
	}
	m.mu.Unlock()
	if !stale {
		m.say(c, "%s", text)
	}
}

func (m *meter) text(elapsed time.Duration) string {
	done, resumed := m.progress.Done.Load(), m.progress.Resumed.Load()
	rate := float64(done-resumed) / elapsed.Seconds()
	if m.total <= 0 {
		return fmt.Sprintf("%s  %s/s", words.Bytes(float64(done)), words.Bytes(rate))
	}
	return shareText(done, m.total, rate, words.Bytes(rate)+"/s")
}
