package cli

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func onTerminal(ios *IOStreams) { ios.OutTerminal, ios.ErrTerminal = true, true }

// On a terminal, a table fits and has colours.
func TestTableOnTerminal(t *testing.T) {
	t.Parallel()
	got := runWith(t, onTerminal, "errors", testLog("gateway-fr.evtx"))
	if got.code != 0 || got.err != "" || !strings.Contains(got.out, "\x1b[31merror\x1b[0m") {
		t.Errorf("exit code %d, stderr %q, stdout %.200q", got.code, got.err, got.out)
	}
	plain := strings.NewReplacer("\x1b[31m", "", "\x1b[0m", "", "\x1b[1;31m", "").Replace(got.out)
	cut := 0
	for line := range strings.Lines(plain) {
		line = strings.TrimSuffix(line, "\n")
		if n := utf8.RuneCountInString(line); n > 80 {
			t.Errorf("%d columns: %q", n, line)
		}
		if strings.HasSuffix(line, "…") {
			cut++
		}
	}
	if cut == 0 || strings.Contains(plain, "\x1b") {
		t.Errorf("%d lines are cut, in %.200q", cut, plain)
	}
}

// Colours are for terminals alone, and for those who want them.
func TestNoColor(t *testing.T) {
	t.Parallel()
	log := testLog("gateway-fr.evtx")
	file := filepath.Join(t.TempDir(), "out.txt")
	for name, got := range map[string]result{
		"flag":        runWith(t, onTerminal, "errors", "--no-color", log),
		"environment": runWith(t, func(ios *IOStreams) { onTerminal(ios); ios.Color = false }, "errors", log),
		"pipe":        runWith(t, nil, "errors", log),
		"csv":         runWith(t, onTerminal, "errors", "--format", "csv", log),
		"file":        runWith(t, onTerminal, "errors", "-o", file, log),
	} {
		if got.code != 0 || strings.Contains(got.out, "\x1b") {
			t.Errorf("%s: exit code %d, %.100q", name, got.code, got.out)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil || strings.Contains(string(text), "\x1b") || strings.Contains(string(text), "…") {
		t.Errorf("file: %v, %.200q", err, text)
	}
}

// Who looks at several logs, one after the other, is told that they can be one timeline; nobody else is.
func TestMergeHint(t *testing.T) {
	t.Parallel()
	en, fr := testLog("gateway-en.evtx"), testLog("gateway-fr.evtx")
	const hint = "hint: these are 2 logs, one after the other: --merge makes one timeline of them\n"
	if got := runWith(t, onTerminal, "events", "--id", "25", en, fr); got.code != 0 || got.err != hint {
		t.Errorf("exit code %d, %q", got.code, got.err)
	}
	for name, got := range map[string]result{
		"quiet":    runWith(t, onTerminal, "events", "-q", "--id", "25", en, fr),
		"merged":   runWith(t, onTerminal, "events", "--merge", "--id", "25", en, fr),
		"last":     runWith(t, onTerminal, "events", "-n", "2", en, fr),
		"of one":   runWith(t, onTerminal, "events", "--id", "25", "--computer", "GW01", en, fr),
		"one":      runWith(t, onTerminal, "events", "--id", "25", en),
		"programs": runWith(t, onTerminal, "events", "--id", "25", "--format", "csv", en, fr),
		"pipe":     runWith(t, nil, "events", "--id", "25", en, fr),
	} {
		if got.code != 0 || got.err != "" {
			t.Errorf("%s: exit code %d, %q", name, got.code, got.err)
		}
	}
}

// What the person typed, and what a file is called, acts on no terminal.
func TestMessagesAreSafe(t *testing.T) {
	t.Parallel()
	got := runWith(t, nil, "errors", "no\x1b[2J\u202elog.evtx")
	if got.code != exitFailed || !strings.HasPrefix(got.err, `gwlogs: no\x1b[2J\u202elog.evtx: no such file`) {
		t.Errorf("exit code %d, stderr %q", got.code, got.err)
	}
}

// drawnProgress is a progress line that stands on the screen.
func drawnProgress(screen io.Writer) (l *statusLine, blank string) {
	c := &clock{time.Unix(0, 0)}
	l = newStatusLine(screen, 80, c.now, (&progress{total: 100}).text)
	c.t = c.t.Add(time.Second)
	l.draw()
	return l, "\r" + strings.Repeat(" ", l.shown) + "\r"
}

// The progress line is gone before a message is written.
func TestMessageHidesProgress(t *testing.T) {
	t.Parallel()
	var screen strings.Builder
	p, blank := drawnProgress(&screen)
	c := &console{w: &screen, status: p}
	c.note("hello")
	c.note("again")
	if want := blank + "gwlogs: hello\ngwlogs: again\n"; !strings.HasSuffix(screen.String(), want) {
		t.Errorf("%q, want %q at the end", screen.String(), want)
	}
}

// It is gone before output goes to the same terminal, and stays if the output goes elsewhere.
func TestOutputHidesProgress(t *testing.T) {
	t.Parallel()
	for _, terminal := range []bool{true, false} {
		var screen strings.Builder
		p, blank := drawnProgress(&screen)
		o := &output{Writer: io.Discard, terminal: terminal, status: p}
		if _, err := o.Write(nil); err != nil {
			t.Fatal(err)
		}
		if got := strings.HasSuffix(screen.String(), blank); got != terminal {
			t.Errorf("terminal %v: %q", terminal, screen.String())
		}
	}
}

// With progress, the result is the same.
func TestWithProgress(t *testing.T) {
	t.Parallel()
	args := []string{"report-id", "--since", "7d", testLog("gateway-fr.evtx"), testLog("gateway-en.evtx")}
	want := runWith(t, nil, args...)
	got := runWith(t, func(ios *IOStreams) { ios.ErrTerminal = true }, args...)
	if got.out != want.out || got.code != want.code {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// --relative-to now takes the clock: 6 May 2017 here, 30 hours after the newest event.
func TestRelativeToNow(t *testing.T) {
	t.Parallel()
	count := func(args ...string) int {
		args = append([]string{"events", "--format", "jsonl", testLog("gateway-en.evtx")}, args...)
		return strings.Count(runWith(t, nil, args...).out, "\n")
	}
	if got := count("--since", "30h", "--relative-to", "now"); got != 1 {
		t.Errorf("30 hours back from now: %d events", got)
	}
	if got, want := count("--since", "198h", "--relative-to", "now"), count("--since", "7d"); got != want {
		t.Errorf("198 hours back from now: %d events, want the %d of 7 days back from the newest", got, want)
	}
}

// An event from the future does not move the window, unless there is no other.
func TestNewestIgnoresTheFuture(t *testing.T) {
	t.Parallel()
	future := time.Date(2017, 5, 1, 0, 0, 0, 0, time.UTC)
	got := runWith(t, func(ios *IOStreams) {
		ios.Now = func() time.Time { return future.Add(-24 * time.Hour) }
	}, "events", "--format", "csv", "--since", "1h", "--until", "0d", testLog("gateway-en.evtx"))
	if !strings.Contains(got.out, "2017-04-30T23:") || strings.Contains(got.out, "2017-05-01T1") {
		t.Errorf("exit code %d, %s%.300s", got.code, got.err, got.out)
	}
	got = runWith(t, func(ios *IOStreams) {
		ios.Now = func() time.Time { return time.Unix(0, 0) } // a clock without battery
	}, "events", "--format", "csv", "--since", "1h", testLog("gateway-en.evtx"))
	if !strings.Contains(got.out, "2017-05-04T17:") {
		t.Errorf("exit code %d, %s%.300s", got.code, got.err, got.out)
	}
}

// brokenWriter fails like a full disk.
type brokenWriter struct{ err error }

func (b brokenWriter) Write([]byte) (int, error) { return 0, b.err }

func TestOutputFails(t *testing.T) {
	t.Parallel()
	full := func(err error) func(*IOStreams) {
		return func(ios *IOStreams) { ios.Out = brokenWriter{err} }
	}
	for _, verb := range []string{"events", "report-id", "version"} {
		args := []string{verb}
		if verb != "version" {
			args = append(args, testLog("gateway-en.evtx"))
		}
		got := runWith(t, full(errors.New("no space left on device")), args...)
		if got.code != exitFailed || got.err != "gwlogs: standard output: no space left on device\n" {
			t.Errorf("%s: exit code %d, stderr %q", verb, got.code, got.err)
		}
		if got := runWith(t, full(io.ErrClosedPipe), args...); got.code != exitDone || got.err != "" {
			t.Errorf("%s, closed pipe: exit code %d, stderr %q", verb, got.code, got.err)
		}
	}
}

// Each completion is for a flag that there is.
func TestCompletionFlags(t *testing.T) {
	t.Parallel()
	for _, flag := range []string{"--format", "--level", "--relative-to", "--ansi-codec", "--channel", "--since"} {
		got := runWith(t, nil, "__complete", "events", flag, "")
		if got.code != 0 || strings.HasPrefix(got.out, ":") {
			t.Errorf("%s: nothing to offer: %q", flag, got.out)
		}
	}
}
