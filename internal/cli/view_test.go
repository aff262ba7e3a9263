package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/internal/state"
)

// viewing is gwlogs view that runs.
type viewing struct {
	t         *testing.T
	out, errs lockedBuffer
	stop      context.CancelFunc
	code      chan int
	url       string // without its fragment
	token     string
}

func startViewing(t *testing.T, args ...string) *viewing {
	t.Helper()
	v := &viewing{t: t, code: make(chan int, 1)}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	v.stop = cancel
	dir := t.TempDir()
	ios := &IOStreams{
		In: bytes.NewReader(nil), Out: &v.out, Err: &v.errs, Width: 80, Now: time.Now,
		State: func() (state.Folder, error) { return state.In(filepath.Join(dir, "state")), nil },
	}
	go func() { v.code <- Run(ctx, append([]string{"view", "--no-open"}, args...), ios) }()
	for begun := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		if base, fragment, ok := strings.Cut(strings.TrimSpace(v.out.String()), "#t="); ok {
			v.url, v.token = base, fragment
			return v
		}
		if time.Since(begun) > time.Minute {
			t.Fatalf("no address: %s%s", v.out.String(), v.errs.String())
		}
	}
}

// ask sends a request as the page does.
func (v *viewing) ask(method, params string) map[string]any {
	v.t.Helper()
	r, err := http.NewRequest("POST", v.url+"api/"+method, strings.NewReader(params))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Gwlogs-Token", v.token)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	var got map[string]any
	if err := json.NewDecoder(res.Body).Decode(&got); err != nil || res.StatusCode != 200 {
		v.t.Fatalf("%s: status %d, %v, %v", method, res.StatusCode, got, err)
	}
	return got
}

// end waits for the end, and wants it to be said.
func (v *viewing) end(says string) {
	v.t.Helper()
	select {
	case code := <-v.code:
		if code != exitDone {
			v.t.Errorf("exit code %d", code)
		}
	case <-time.After(time.Minute):
		v.t.Fatal("it does not end")
	}
	if !strings.HasSuffix(v.errs.String(), says+"\n") {
		v.t.Errorf("said %q, not %q", v.errs.String(), says)
	}
}

// The page comes from the address that is printed, and has the events that were selected; Ctrl-C ends it.
func TestView(t *testing.T) {
	t.Parallel()
	v := startViewing(t, "--level", "error", "--where", "EventID = 401", testLog("gateway-en.evtx"))
	res, err := http.Get(v.url)
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil || !bytes.Contains(page, []byte("page.js")) {
		t.Errorf("%v: %.200s", err, page)
	}
	want := strings.Count(runWith(t, nil, "events", "--level", "error", "--id", "401", "--format", "jsonl", testLog("gateway-en.evtx")).out, "\n")
	for begun := time.Now(); v.ask("status", "{}")["loading"] == true && time.Since(begun) < time.Minute; {
		time.Sleep(5 * time.Millisecond)
	}
	if got := v.ask("rows", `{"count":3}`); got["total"] != float64(want) {
		t.Errorf("%v events, want %d", got["total"], want)
	}
	v.ask("keep", `{"key":"settings","value":"dark"}`)
	if got := v.ask("kept", `{"key":"settings"}`); got["value"] != "dark" {
		t.Errorf("kept %v", got)
	}
	v.stop()
	v.end("gwlogs: ended")
}

// A page that is closed ends it.
func TestViewPageClosed(t *testing.T) {
	t.Parallel()
	v := startViewing(t, testLog("short.evtx"))
	v.ask("hello", `{}`)
	v.ask("bye", `{"token":"`+v.token+`"}`)
	v.end("gwlogs: ended: the page was closed")
}

func TestViewUsage(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, taken, _ := net.SplitHostPort(l.Addr().String())
	for _, tt := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"view", "--no-open", "--port", "70000", testLog("short.evtx")}, exitUsage, "gwlogs: --port: 70000 is not between 0 and 65535\nhint: "},
		{[]string{"view", "--no-open", "--lang", "tlh", testLog("short.evtx")}, exitUsage, `gwlogs: --lang: "tlh" is not there yet` + "\nhint: "},
		{[]string{"view", "--no-open", "--port", taken, testLog("short.evtx")}, exitFailed, "gwlogs: port " + taken + " cannot be opened: "},
		{[]string{"view", "--no-open", "never.evtx"}, exitFailed, "gwlogs: never.evtx: no such file or folder\nhint: "},
	} {
		r := runWith(t, nil, tt.args...)
		if r.code != tt.code || !strings.HasPrefix(r.err, tt.says) {
			t.Errorf("%v: exit code %d, said %s", tt.args, r.code, r.err)
		}
	}
}
