//go:build !js

package view

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gwlogs/gwlogs/internal/words"
)

// A Server gives the page to a browser on this computer, and answers its requests. It listens on 127.0.0.1 alone; whoever has not got
// the token, which stands in the URL behind the #, where no browser sends it to anybody, gets nothing.
type Server struct {
	engine   *Engine
	files    fs.FS
	listener net.Listener
	port     string
	token    string
	http     *http.Server

	mu    sync.Mutex
	seen  time.Time // the page's last request
	left  time.Time // when it said bye; zero while it is there
	came  bool      // it was there
	count int       // requests that are being answered
}

// Bounds of a request. The page polls, so that silence means that it is gone; a browser slows the timers of a page in the background
// down to one a minute.
const (
	maxRequest     = 4 << 20
	maxAnswerTime  = 2 * time.Minute
	graceAfterBye  = 5 * time.Second
	graceAfterLast = 10 * time.Minute
)

// pagePolicy lets the page load and ask what this server has, and nothing else.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; " +
	"form-action 'none'; frame-ancestors 'none'; base-uri 'none'"

// Listen opens the port, 0 for any that is free.
func Listen(e *Engine, files fs.FS, port int) (*Server, error) {
	l, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return nil, err
	}
	_, own, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		l.Close()
		return nil, err
	}
	s := &Server{engine: e, files: files, listener: l, port: own, token: rand.Text() + rand.Text()[:6]}
	s.http = &http.Server{
		Handler: s, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, IdleTimeout: 5 * time.Minute, MaxHeaderBytes: 32 << 10,
		ErrorLog: nil,
	}
	return s, nil
}

// URL is what opens the page. It holds the token.
func (s *Server) URL() string { return "http://127.0.0.1:" + s.port + "/#t=" + s.token }

// Why a Server ended.
type Reason string

// The page was closed, or has not asked for anything for a long time.
const (
	PageClosed Reason = "closed"
	PageGone   Reason = "gone"
)

// Run answers requests until ctx ends or nobody is there any more, and tells why it ended.
func (s *Server) Run(ctx context.Context) (Reason, error) {
	failed := make(chan error, 1)
	go func() { failed <- s.http.Serve(s.listener) }()
	defer s.http.Close()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case err := <-failed:
			if errors.Is(err, http.ErrServerClosed) {
				err = nil
			}
			return "", err
		case now := <-tick.C:
			if why := s.ended(now); why != "" {
				return why, nil
			}
		}
	}
}

// ended says why nobody is there any more; empty while somebody is.
func (s *Server) ended(now time.Time) Reason {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case !s.came || s.count > 0:
		return ""
	case !s.left.IsZero() && now.Sub(s.left) > graceAfterBye:
		return PageClosed
	case now.Sub(s.seen) > graceAfterLast:
		return PageGone
	}
	return ""
}

// enter and leave go around a request of the page.
func (s *Server) enter() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen, s.left, s.came = time.Now(), time.Time{}, true
	s.count++
}

func (s *Server) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = time.Now()
	s.count--
}

// bye is the page's last request. Another page, or the same one loaded anew, takes it back.
func (s *Server) bye() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left, s.came = time.Now(), true
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("X-Frame-Options", "DENY")
	// A page of another name that was made to point here would have that name as its Host.
	if !s.own(r.Host) || !s.ownOrigin(r.Header) {
		refuse(w, http.StatusForbidden, "this address is for the page that gwlogs view has opened")
		return
	}
	switch {
	case strings.HasPrefix(r.URL.Path, "/api/"):
		s.api(w, r, strings.TrimPrefix(r.URL.Path, "/api/"))
	case strings.HasPrefix(r.URL.Path, "/export/"):
		s.export(w, r, strings.TrimPrefix(r.URL.Path, "/export/"))
	default:
		s.file(w, r)
	}
}

// own reports whether a host is this server, by the only names that its page has it by.
func (s *Server) own(host string) bool {
	return host == "127.0.0.1:"+s.port || host == "localhost:"+s.port
}

// ownOrigin reports whether a request comes from this server's page, as far as the browser says.
func (s *Server) ownOrigin(h http.Header) bool {
	if site := h.Get("Sec-Fetch-Site"); site == "cross-site" || site == "same-site" {
		return false
	}
	for _, origin := range h.Values("Origin") {
		host, ok := strings.CutPrefix(origin, "http://")
		if !ok || !s.own(host) {
			return false
		}
	}
	return true
}

// api answers a request of the page.
func (s *Server) api(w http.ResponseWriter, r *http.Request, name string) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", "POST")
		refuse(w, http.StatusMethodNotAllowed, "requests are sent by POST")
		return
	}
	http.NewResponseController(w).SetWriteDeadline(time.Now().Add(maxAnswerTime + time.Minute))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		refuse(w, http.StatusRequestEntityTooLarge, "the request is too large")
		return
	}
	if name == "bye" {
		var p struct {
			Token string `json:"token"`
		}
		_ = json.Unmarshal(body, &p)
		if !s.knows(p.Token) && !s.knows(r.Header.Get("X-Gwlogs-Token")) {
			refuse(w, http.StatusUnauthorized, "the token is missing or wrong")
			return
		}
		s.bye()
		answer(w, http.StatusOK, json.RawMessage("{}"))
		return
	}
	if !s.knows(r.Header.Get("X-Gwlogs-Token")) {
		s.locked(w, r)
		return
	}
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" {
		refuse(w, http.StatusUnsupportedMediaType, "requests are application/json")
		return
	}
	s.enter()
	defer s.leave()
	ctx, cancel := context.WithTimeout(r.Context(), maxAnswerTime)
	defer cancel()
	result, err := s.engine.Call(ctx, name, body)
	if err != nil {
		status := http.StatusBadRequest
		if ctx.Err() != nil {
			status = http.StatusServiceUnavailable
			err = &Error{Message: "the request took too long, or was given up"}
		}
		answer(w, status, map[string]any{"error": wordError(err)})
		return
	}
	answer(w, http.StatusOK, result)
}

// locked refuses a request without the token, in words that the page can show: it has no others yet.
func (s *Server) locked(w http.ResponseWriter, r *http.Request) {
	lang := s.engine.o.Lang
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		if base, _, _ := strings.Cut(tag, "-"); slices.Contains(words.Languages(), strings.ToLower(base)) {
			lang = strings.ToLower(base)
			break
		}
	}
	answer(w, http.StatusUnauthorized, map[string]any{
		"error": &Error{Message: "the token is missing or wrong", Hint: "open the address that gwlogs view has printed"},
		"words": words.In(lang).Raw("view-locked"),
	})
}

// knows compares a token in the same time whatever is wrong with it.
func (s *Server) knows(token string) bool {
	return subtle.ConstantTimeCompare([]byte(token), []byte(s.token)) == 1
}

// export gives a file out that the page has asked for. The ticket is good once.
func (s *Server) export(w http.ResponseWriter, r *http.Request, ticket string) {
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", "GET")
		refuse(w, http.StatusMethodNotAllowed, "exports are fetched by GET")
		return
	}
	x := s.engine.tickets.take(ticket, s.engine.o.Now())
	if x == nil {
		refuse(w, http.StatusNotFound, "this export was fetched already, or is too old: export it again")
		return
	}
	s.enter()
	defer s.leave()
	http.NewResponseController(w).SetWriteDeadline(time.Time{})
	w.Header().Set("Content-Type", x.mime)
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", x.name))
	if err := s.engine.writeExport(r.Context(), x, w); err != nil {
		// The browser has to see that the file is not whole.
		panic(http.ErrAbortHandler)
	}
}

// file gives a part of the page.
func (s *Server) file(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, http.StatusMethodNotAllowed, "the page is fetched by GET")
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if name == "" {
		name = "index.html"
	}
	kinds := map[string]string{
		".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
		".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8",
	}
	kind, ok := kinds[path.Ext(name)]
	data, err := fs.ReadFile(s.files, name)
	if err != nil || !ok {
		refuse(w, http.StatusNotFound, "there is nothing here")
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	if r.Method == http.MethodGet {
		w.Write(data)
	}
}

func refuse(w http.ResponseWriter, status int, why string) {
	answer(w, status, map[string]any{"error": &Error{Message: why}})
}

func answer(w http.ResponseWriter, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		status, b = http.StatusInternalServerError, []byte(`{"error":{"message":"the answer cannot be written"}}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	w.WriteHeader(status)
	w.Write(b)
}
