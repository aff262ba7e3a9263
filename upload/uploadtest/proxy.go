package uploadtest

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// Fault is something that goes wrong with a request.
type Fault int

// Request is a request that a Proxy decides on.
type Request = http.Request

// The faults.
const (
	None       Fault = iota
	Reset            // the connection is cut before the request is passed on
	LostAnswer       // the request is passed on, and the connection is cut before the answer
	Error500         // an answer of the proxy's own
	Busy503          // likewise, with Retry-After of a second
	Stall            // nothing happens any more
	Truncated        // the answer ends in the middle
	Twice            // the request is passed on twice
	Corrupt          // a bit of the request's body is turned over
)

// Faults are all of them but None.
func Faults() []Fault {
	return []Fault{Reset, LostAnswer, Error500, Busy503, Stall, Truncated, Twice, Corrupt}
}

func (f Fault) String() string {
	return []string{"none", "reset", "lost answer", "500", "503", "stall", "truncated", "twice", "corrupt"}[f]
}

// Proxy is a forward proxy for http, and for https by CONNECT, that makes
// mistakes.
type Proxy struct {
	URL string

	User, Password string                             // wanted of everybody, if not empty
	Offer          string                             // the login that is offered: Basic, if empty
	Deny           bool                               // every CONNECT is refused with 403
	Choose         func(n int, r *http.Request) Fault // decides on the nth request, from 0 on; nil for None
	CutAfter       int64                              // bytes after which each second tunnel is cut; 0 for never

	mu      sync.Mutex
	n       int
	tunnels int
	did     map[Fault]int
	blocks  map[string]int // how often a block was accepted, by its id
	closed  chan struct{}
	server  *httptest.Server
}

// StartProxy starts a proxy, which ends with the test. Fields are set before the first request.
func StartProxy(t testing.TB) *Proxy {
	p := &Proxy{did: map[Fault]int{}, blocks: map[string]int{}, closed: make(chan struct{})}
	p.server = httptest.NewServer(p)
	p.URL = p.server.URL
	t.Cleanup(func() {
		close(p.closed)
		p.server.CloseClientConnections()
		p.server.Close()
	})
	return p
}

// Did is how often a fault happened.
func (p *Proxy) Did(f Fault) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.did[f]
}

// Requests is how many requests there were.
func (p *Proxy) Requests() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.n
}

// Blocks is how often each block was accepted, by its id.
func (p *Proxy) Blocks() map[string]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := map[string]int{}
	for id, n := range p.blocks {
		all[id] = n
	}
	return all
}

func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if p.User != "" && r.Header.Get("Proxy-Authorization") != "Basic "+base64.StdEncoding.EncodeToString([]byte(p.User+":"+p.Password)) {
		offer := p.Offer
		if offer == "" {
			offer = `Basic realm="test"`
		}
		w.Header().Set("Proxy-Authenticate", offer)
		w.WriteHeader(http.StatusProxyAuthRequired)
		return
	}
	if r.Method == http.MethodConnect {
		p.tunnel(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	p.mu.Lock()
	fault := None
	if p.Choose != nil {
		fault = p.Choose(p.n, r)
	}
	p.n++
	p.did[fault]++
	p.mu.Unlock()
	p.serve(w, r, body, fault)
}

func (p *Proxy) serve(w http.ResponseWriter, r *http.Request, body []byte, fault Fault) {
	switch fault {
	case Reset:
		reset(w)
		return
	case Error500:
		http.Error(w, "no", http.StatusInternalServerError)
		return
	case Busy503:
		w.Header().Set("Retry-After", "1")
		http.Error(w, "busy", http.StatusServiceUnavailable)
		return
	case Stall:
		select {
		case <-r.Context().Done():
		case <-p.closed:
		}
		panic(http.ErrAbortHandler)
	case Corrupt:
		if len(body) > 0 {
			body = bytes.Clone(body)
			body[len(body)/2] ^= 1
		}
	case Twice:
		if resp, err := p.forward(r, body); err == nil {
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
	}
	resp, err := p.forward(r, body)
	if err != nil {
		http.Error(w, "gateway", http.StatusBadGateway)
		return
	}
	defer resp.Body.Close()
	switch fault {
	case LostAnswer:
		reset(w)
		return
	case Truncated:
		truncate(w, resp)
		return
	}
	for name, values := range resp.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(resp.StatusCode)
	io.Copy(w, resp.Body)
}

// forward passes a request on.
func (p *Proxy) forward(r *http.Request, body []byte) (*http.Response, error) {
	out := r.Clone(r.Context())
	out.RequestURI = ""
	out.Body = io.NopCloser(bytes.NewReader(body))
	out.ContentLength = int64(len(body))
	out.Header.Del("Proxy-Authorization")
	out.Header.Del("Expect")
	resp, err := http.DefaultTransport.RoundTrip(out)
	if err == nil && resp.StatusCode == http.StatusCreated && r.URL.Query().Get("comp") == "block" {
		p.mu.Lock()
		p.blocks[r.URL.Query().Get("blockid")]++
		p.mu.Unlock()
	}
	return resp, err
}

// reset cuts the connection without a word.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	conn.Close()
}

// truncate gives half of an answer: of its head, or where there is a body, of that.
func truncate(w http.ResponseWriter, resp *http.Response) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer conn.Close()
	body, _ := io.ReadAll(resp.Body)
	if len(body) < 2 {
		fmt.Fprintf(conn, "HTTP/1.1 %d ", resp.StatusCode)
		return
	}
	fmt.Fprintf(conn, "HTTP/1.1 %s\r\nContent-Length: %d\r\n", resp.Status, len(body))
	for name, values := range resp.Header {
		if name != "Content-Length" && name != "Transfer-Encoding" && name != "Connection" {
			fmt.Fprintf(conn, "%s: %s\r\n", name, values[0])
		}
	}
	fmt.Fprint(conn, "\r\n")
	conn.Write(body[:len(body)/2])
}

// tunnel connects the client with the host it wants.
func (p *Proxy) tunnel(w http.ResponseWriter, r *http.Request) {
	if p.Deny {
		http.Error(w, "no", http.StatusForbidden)
		return
	}
	there, err := net.DialTimeout("tcp", r.Host, 5*time.Second)
	if err != nil {
		http.Error(w, "gateway", http.StatusBadGateway)
		return
	}
	defer there.Close()
	here, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer here.Close()
	io.WriteString(here, "HTTP/1.1 200 Connection established\r\n\r\n")
	p.mu.Lock()
	p.tunnels++
	cut := p.CutAfter > 0 && p.tunnels%2 == 1
	p.mu.Unlock()
	done := make(chan struct{}, 2)
	go func() {
		if cut {
			io.CopyN(there, here, p.CutAfter)
			if tcp, ok := here.(*net.TCPConn); ok {
				tcp.SetLinger(0)
			}
			here.Close()
		} else {
			io.Copy(there, here)
		}
		done <- struct{}{}
	}()
	go func() {
		io.Copy(here, there)
		done <- struct{}{}
	}()
	select {
	case <-done:
	case <-p.closed:
	}
}
