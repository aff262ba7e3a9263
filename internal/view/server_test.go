//go:build !js

package view

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/matcher"
)

// testdata is a path in the folder of logs that every test may use.
func testdata(name string) string { return filepath.Join("..", "..", "testdata", name) }

// openEngine opens logs, and waits until they are read and their findings known.
func openEngine(t testing.TB, o Options, sources ...string) *Engine {
	t.Helper()
	o.Catalogue, o.Version, o.Mode = matcher.BuiltinCatalogue, "test", "server"
	o.Now = func() time.Time { return time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC) }
	e := New(o)
	t.Cleanup(e.Close)
	e.Open(eventlog.Find(sources, eventlog.Options{Text: true}))
	e.work.Wait()
	return e
}

// call asks an engine, and wants an answer.
func call[R any](t testing.TB, e *Engine, method, params string) *R {
	t.Helper()
	raw, err := e.Call(context.Background(), method, json.RawMessage(params))
	if err != nil {
		t.Fatalf("%s %s: %v", method, params, err)
	}
	out := new(R)
	if err := json.Unmarshal(raw, out); err != nil {
		t.Fatalf("%s %s: %v in %.300s", method, params, err, raw)
	}
	return out
}

// startServer serves an engine's page.
func startServer(t *testing.T, e *Engine) *Server {
	t.Helper()
	s, err := Listen(e, fstest.MapFS{
		"index.html": {Data: []byte("<!doctype html><title>x</title>")}, "page.js": {Data: []byte("1")}, "other.exe": {Data: []byte("MZ")},
	}, 0)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { s.Run(ctx); close(done) }()
	t.Cleanup(func() { cancel(); <-done })
	return s
}

func (s *Server) base() string { return "http://127.0.0.1:" + s.port }

// ask sends a request as the page does, but for what change changes.
func ask(t *testing.T, s *Server, method, path, body string, change func(*http.Request)) (int, http.Header, string) {
	t.Helper()
	r, err := http.NewRequest(method, s.base()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Gwlogs-Token", s.token)
	r.Header.Set("Origin", s.base())
	if change != nil {
		change(r)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, string(b)
}

// Whoever is not the page gets nothing of a log: not another page that the same browser has open, not a name that was made to point
// here, not another program of this computer.
func TestServerRefuses(t *testing.T) {
	t.Parallel()
	s := startServer(t, openEngine(t, Options{}, testdata("gateway-en.evtx")))
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	for _, tt := range []struct {
		name         string
		method, path string
		change       func(*http.Request)
		body         string
		status       int
	}{
		{"the page", "POST", "/api/rows", nil, `{"count":5}`, 200},
		{"the page as localhost", "POST", "/api/rows", func(r *http.Request) {
			r.Host = "localhost:" + s.port
			r.Header.Set("Origin", "http://localhost:"+s.port)
		}, `{"count":5}`, 200},
		{"no token", "POST", "/api/rows", func(r *http.Request) { r.Header.Del("X-Gwlogs-Token") }, `{"count":5}`, 401},
		{"an empty token", "POST", "/api/rows", header("X-Gwlogs-Token", ""), `{"count":5}`, 401},
		{"a wrong token", "POST", "/api/rows", header("X-Gwlogs-Token", s.token[1:]+"A"), `{"count":5}`, 401},
		{"the token in the URL", "POST", "/api/rows?t=" + s.token, header("X-Gwlogs-Token", ""), `{"count":5}`, 401},
		{"another origin", "POST", "/api/rows", header("Origin", "https://evil.example"), `{"count":5}`, 403},
		{"a sandboxed frame", "POST", "/api/rows", header("Origin", "null"), `{"count":5}`, 403},
		{"another port", "POST", "/api/rows", header("Origin", "http://127.0.0.1:1"), `{"count":5}`, 403},
		{"this origin by TLS", "POST", "/api/rows", header("Origin", "https://127.0.0.1:"+s.port), `{"count":5}`, 403},
		{"from another site", "POST", "/api/rows", header("Sec-Fetch-Site", "cross-site"), `{"count":5}`, 403},
		{"another Host", "POST", "/api/rows", func(r *http.Request) { r.Host = "evil.example:" + s.port }, `{"count":5}`, 403},
		{"a Host without port", "POST", "/api/rows", func(r *http.Request) { r.Host = "127.0.0.1" }, `{"count":5}`, 403},
		{"a Host that begins so", "POST", "/api/rows", func(r *http.Request) { r.Host = "127.0.0.1:" + s.port + ".evil.example" }, `{}`, 403},
		{"the page by another Host", "GET", "/", func(r *http.Request) { r.Host = "evil.example" }, "", 403},
		{"GET", "GET", "/api/rows", nil, "", 405},
		{"OPTIONS", "OPTIONS", "/api/rows", nil, "", 405},
		{"a form", "POST", "/api/rows", header("Content-Type", "text/plain"), `{"count":5}`, 415},
		{"a large body", "POST", "/api/rows", nil, `{"count":5,"x":"` + strings.Repeat("a", maxRequest) + `"}`, 413},
		{"no JSON", "POST", "/api/rows", nil, `{"count":`, 400},
		{"no such request", "POST", "/api/none", nil, `{}`, 400},
		{"no such event", "POST", "/api/event", nil, `{"n":99999999}`, 400},
		{"no such export", "GET", "/export/AAAA", nil, "", 404},
		{"no such file", "GET", "/none.js", nil, "", 404},
		{"a file of a kind that no page has", "GET", "/other.exe", nil, "", 404},
		{"a file of the system", "GET", "/../../../../etc/passwd", nil, "", 404},
		{"the page itself", "GET", "/", func(r *http.Request) { r.Header.Del("X-Gwlogs-Token"); r.Header.Del("Origin") }, "", 200},
		{"writing to the page", "POST", "/", nil, "", 405},
		{"bye without token", "POST", "/api/bye", header("X-Gwlogs-Token", ""), `{"token":"x"}`, 401},
	} {
		status, h, body := ask(t, s, tt.method, tt.path, tt.body, tt.change)
		if status != tt.status {
			t.Errorf("%s: status %d, want %d: %s", tt.name, status, tt.status, body)
		}
		if tt.status != 200 && strings.Contains(body, `"rows"`) {
			t.Errorf("%s: gets events", tt.name)
		}
		if tt.status != 200 && !strings.Contains(body, `{"error":{"message":"`) {
			t.Errorf("%s: does not say why: %s", tt.name, body)
		}
		if strings.Contains(body, s.token) {
			t.Errorf("%s: gives the token out", tt.name)
		}
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
			"Access-Control-Allow-Origin": "",
		} {
			if got := h.Get(name); !strings.HasPrefix(got, want) || want == "" && got != "" {
				t.Errorf("%s: %s is %q", tt.name, name, got)
			}
		}
	}
}

// The server ends when the page was closed and nobody comes back, and not before.
func TestServerEnds(t *testing.T) {
	t.Parallel()
	s := &Server{}
	start := time.Now()
	if why := s.ended(start.Add(time.Hour)); why != "" {
		t.Error("ended before anybody came:", why)
	}
	s.enter()
	if why := s.ended(start.Add(time.Hour)); why != "" {
		t.Error("ended in the middle of a request:", why)
	}
	s.leave()
	if why := s.ended(time.Now().Add(time.Minute)); why != "" {
		t.Error("ended while the page is there:", why)
	}
	if why := s.ended(time.Now().Add(time.Hour)); why != PageGone {
		t.Error("goes on for nobody:", why)
	}
	s.bye()
	if why := s.ended(time.Now()); why != "" {
		t.Error("ended before the page could be loaded anew:", why)
	}
	if why := s.ended(time.Now().Add(time.Minute)); why != PageClosed {
		t.Error("goes on for nobody:", why)
	}
	s.enter()
	s.leave()
	if why := s.ended(time.Now().Add(time.Minute)); why != "" {
		t.Error("ended although the page came back:", why)
	}
}

// An export is given out once, without a token, to whoever has its ticket.
func TestServerExport(t *testing.T) {
	t.Parallel()
	s := startServer(t, openEngine(t, Options{}, testdata("gateway-en.evtx")))
	_, _, body := ask(t, s, "POST", "/api/export", `{"format":"csv","filter":{"conditions":[{"field":"level","values":[2]}]}}`, nil)
	var x exportResult
	if err := json.Unmarshal([]byte(body), &x); err != nil || x.Path == "" || !strings.HasPrefix(x.Name, "gateway-en_error_") {
		t.Fatal(err, body)
	}
	bare := func(r *http.Request) { r.Header = make(http.Header) }
	status, h, body := ask(t, s, "GET", x.Path, "", bare)
	if status != 200 || !strings.Contains(h.Get("Content-Disposition"), `filename="`+x.Name+`"`) {
		t.Errorf("status %d, %v", status, h)
	}
	if lines := strings.Count(body, "\n"); !bytes.HasPrefix([]byte(body), []byte("\xef\xbb\xbftime,")) || lines < x.Events+1 {
		t.Errorf("%d events, %d lines: %.200s", x.Events, lines, body)
	}
	if status, _, _ := ask(t, s, "GET", x.Path, "", bare); status != 404 {
		t.Errorf("the second time: status %d", status)
	}
	if len(s.token) < 26 {
		t.Error("the token is too short:", fmt.Sprint(len(s.token)))
	}
}
