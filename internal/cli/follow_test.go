package cli

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/state"
)

// firstEvents is a log of the first n events of the sample.
func firstEvents(t *testing.T, n int) []byte {
	t.Helper()
	r, err := evtx.Open(testLog("gateway-en.evtx"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var b bytes.Buffer
	w := evtx.NewWriter(&b)
	for rec, err := range r.Records() {
		if n--; n < 0 {
			break
		}
		if err := errors.Join(err, w.WriteRecord(rec)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// grow makes a log larger, in its place.
func grow(t *testing.T, name string, events int) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Write(firstEvents(t, events))
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

// following is a command line with --follow that runs.
type following struct {
	t         *testing.T
	out, errs lockedBuffer
	stop      context.CancelFunc
	code      chan int
}

func startFollowing(t *testing.T, change func(*IOStreams), args ...string) *following {
	f := &following{t: t, code: make(chan int, 1)}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	f.stop = cancel
	ios := &IOStreams{In: bytes.NewReader(nil), Out: &f.out, Err: &f.errs, Width: 80, State: state.Open, Now: time.Now}
	if change != nil {
		change(ios)
	}
	go func() { f.code <- Run(ctx, args, ios) }()
	return f
}

// await waits until so many lines of the output have a text.
func (f *following) await(n int, text string) {
	f.t.Helper()
	for begun := time.Now(); time.Since(begun) < time.Minute; time.Sleep(10 * time.Millisecond) {
		if strings.Count(f.out.String(), text) >= n {
			return
		}
	}
	f.t.Fatalf("not %d of %q in %.500s, said %s", n, text, f.out.String(), f.errs.String())
}

// end is Ctrl-C: exit code 0, and nothing to say.
func (f *following) end() string {
	f.t.Helper()
	f.stop()
	if code := <-f.code; code != 0 || f.errs.String() != "" {
		f.t.Errorf("exit code %d, said %s", code, f.errs.String())
	}
	return f.out.String()
}

// The last events come first, then each new one that is selected, once.
func TestFollow(t *testing.T) {
	t.Parallel()
	log := filepath.Join(t.TempDir(), "a.evtx")
	grow(t, log, 900)
	f := startFollowing(t, nil, "events", "-f", "-n", "2", "--where", "EventID = 25 or EventID = 4", "--format", "jsonl", log)
	f.await(2, "\n")
	for _, n := range []int{1000, 1500} {
		grow(t, log, n)
		want := runWith(t, nil, "events", "--id", "4,25", "--format", "jsonl", log).out
		old := runWith(t, nil, "events", "--id", "4,25", "--format", "jsonl", logOf(t, 900)).out
		f.await(strings.Count(want, "\n")-strings.Count(old, "\n")+2, "\n")
		lines := strings.SplitAfter(want, "\n")
		if got := f.out.String(); got != strings.Join(lines[strings.Count(old, "\n")-2:], "") {
			t.Errorf("%d events: got %d lines", n, strings.Count(got, "\n"))
		}
	}
	f.end()
}

func logOf(t *testing.T, n int) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "log.evtx")
	grow(t, name, n)
	return name
}

// In each format, the document is complete when it ends.
func TestFollowFormats(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"table", "text", "csv", "tsv", "json", "jsonl", "xml"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			log := filepath.Join(t.TempDir(), "a.evtx")
			grow(t, log, 25)
			f := startFollowing(t, nil, "events", "--follow", "--format", format, log)
			f.await(1, "8837") // the last record
			grow(t, log, 40)
			f.await(1, "8852")
			got := f.end()
			want := runWith(t, nil, "events", "-n", "25", "--format", format, log).out
			if got != want {
				t.Errorf("got\n%.2000s\nwant\n%.2000s", got, want)
			}
		})
	}
}

// -n 0 shows new events alone, --since and -n all what was there as well; two logs come by time.
func TestFollowFrom(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args []string
		old  int
	}{{[]string{"-n", "0"}, 0}, {[]string{"-n", "all"}, 25}, {[]string{"--since", "100y"}, 25}, {nil, 10}} {
		log := filepath.Join(t.TempDir(), "a.evtx")
		grow(t, log, 25)
		f := startFollowing(t, nil, append([]string{"events", "--follow", "--format", "jsonl", log, testLog("problems-fr.evtx"), "--computer", "GW01"}, tt.args...)...)
		f.await(tt.old, "\n")
		for n := 26; ; n++ { // with -n 0 there is no sign that it has begun
			grow(t, log, n)
			time.Sleep(20 * time.Millisecond)
			if strings.Count(f.out.String(), "\n") > tt.old || n == 1000 {
				break
			}
		}
		f.await(tt.old+1, "\n")
		f.end()
	}
}

// On a terminal it says that it waits.
func TestFollowOnTerminal(t *testing.T) {
	t.Parallel()
	f := startFollowing(t, onTerminal, "errors", "-f", logOf(t, 900))
	for begun := time.Now(); f.errs.String() == "" && time.Since(begun) < time.Minute; {
		time.Sleep(10 * time.Millisecond)
	}
	f.stop()
	if code := <-f.code; code != 0 || f.errs.String() != "gwlogs: waiting for new events; Ctrl-C ends\n" {
		t.Errorf("exit code %d, said %s", code, f.errs.String())
	}
}

func TestFollowUsage(t *testing.T) {
	t.Parallel()
	log := testLog("short.evtx")
	for flag, says := range map[string]string{
		"--reverse":     "--follow shows the newest event last",
		"--until=today": "--follow waits for what is to come",
		"--recover":     "--follow shows new events, and --recover old ones",
		"--format=evtx": "--follow does not fit --format evtx, which is complete at its end alone",
	} {
		r := runWith(t, nil, "events", "--follow", flag, log)
		if r.code != 2 || !strings.HasPrefix(r.err, "gwlogs: "+says+"\nhint: ") {
			t.Errorf("%s: exit code %d, said %s", flag, r.code, r.err)
		}
	}
	r := runWith(t, nil, "events", "--follow", "-")
	if r.code != 2 || !strings.Contains(r.err, "gwlogs: --follow: standard input: cannot grow\nhint: an .evtx file can be followed") {
		t.Errorf("exit code %d, said %s", r.code, r.err)
	}
}
