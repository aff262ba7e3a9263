package cli

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// clock goes forward by hand.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

func TestProgress(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	c := &clock{time.Unix(0, 0)}
	p := &progress{total: 300 << 20}
	p.line = newStatusLine(&out, 100, c.now, p.text)
	expect := func(want string) {
		t.Helper()
		if got := out.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		out.Reset()
	}
	p.update(10<<20, 1000)
	c.t = c.t.Add(400 * time.Millisecond)
	p.line.draw()
	p.line.aside(func() {})
	expect("") // too early for a line, and nothing to take away
	c.t = c.t.Add(1600 * time.Millisecond)
	p.update(100<<20, 1234567)
	p.line.draw()
	line := " 33% of 300 MiB  100 MiB  1,234,567 events  50.0 MiB/s  0:04 left"
	expect("\r" + line)
	p.line.aside(func() {})
	blank := strings.Repeat(" ", len(line))
	expect("\r" + blank + "\r")
	p.line.aside(func() {})
	expect("")
	p.line.draw()
	expect("\r" + line)
	p.update(300<<20, 9)
	p.line.draw() // a shorter line covers the longer one
	expect("\r100% of 300 MiB  300 MiB  9 events  150 MiB/s  0:00 left" + strings.Repeat(" ", len(line)-56))
	p.line.end()
	expect("\r" + blank + "\r")
	p.line.draw()
	expect("")
}

func TestProgressLines(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		total, done int64
		elapsed     time.Duration
		want        string
	}{
		{-1, 5 << 20, time.Second, "5.0 MiB  7 events  5.0 MiB/s"}, // a stream
		{0, 0, time.Second, "0 B  7 events  0 B/s"},
		{100, 0, time.Second, "  0% of 100 B  0 B  7 events  0 B/s"},
		{100, 250, time.Second, "100% of 100 B  250 B  7 events  250 B/s  0:00 left"}, // an archive that lies
		{3 << 40, 1 << 30, time.Second, "  0% of 3.0 TiB  1.0 GiB  7 events  1.0 GiB/s  51:11 left"},
	} {
		p := &progress{total: c.total, done: c.done, events: 7}
		if got := p.text(c.elapsed); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	narrow := newStatusLine(new(strings.Builder), 20, func() time.Time { return time.Unix(9, 0) },
		func(time.Duration) string { return strings.Repeat("x", 30) })
	narrow.begun = time.Unix(0, 0)
	narrow.draw()
	if narrow.shown != 19 {
		t.Errorf("the line takes %d columns of 20", narrow.shown)
	}
}

// No progress at all must be possible without asking everywhere.
func TestNoProgress(t *testing.T) {
	t.Parallel()
	var p *progress
	p.update(1, 1)
	if p.behind() != nil {
		t.Error("a pass has nobody to tell")
	}
	p.status().aside(func() {})
	p.status().end()
}

// Progress is not drawn over the pager that reads a pipe; it is where the output goes to a file.
func TestNoProgressOverPager(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		output string
		pipe   bool
		want   bool
	}{{"", true, false}, {"", false, true}, {filepath.Join(t.TempDir(), "out"), true, true}} {
		var screen lockedBuffer
		ios := &IOStreams{Err: &screen, Out: &screen, ErrTerminal: true, OutPipe: tt.pipe, Now: time.Now, Width: 80}
		s, err := openSession(t.Context(), ios, &options{output: tt.output}, []string{testLog("short.evtx")})
		if err != nil {
			t.Fatal(err)
		}
		if got := s.progress != nil; got != tt.want {
			t.Errorf("to %q, pipe %v: progress %v", tt.output, tt.pipe, got)
		}
		s.close()
	}
}
