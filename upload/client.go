package upload

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"
)

// A peer is what client has to know of a destination to speak to it, and about it.
type peer struct {
	url  *url.URL // of which messages show the host and port
	hide *hider
	goOn string // what to do when it may work later

	// explain words an answer that the destination has reasons of its own for;
	// nil where those of HTTP say enough.
	explain func(a *answer) *Error
}

// client speaks HTTP: through proxies, never faster than allowed, again where
// that may help, and with errors that have no secret.
type client struct {
	http    *http.Client
	peer    peer
	o       Options
	limit   *limiter
	proxy   *proxies
	retry   retryState
	reached atomic.Bool // something got through
	sleep   func(ctx context.Context, d time.Duration) error
}

func newClient(to peer, o Options) *client {
	o = o.withDefaults()
	c := &client{peer: to, o: o, sleep: sleep}
	c.retry.o = o.Retry
	c.limit = newLimiter(o.LimitRate)
	c.proxy = newProxies(o.Proxy, to.hide)
	dialer := &net.Dialer{Timeout: 20 * time.Second, KeepAlive: 30 * time.Second}
	c.http = &http.Client{
		// A redirect would take the secret in the URL to another host.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:                  c.proxy.forRequest,
			OnProxyConnectResponse: proxyAnswer,
			DialContext:            dialer.DialContext,
			TLSClientConfig:        &tls.Config{RootCAs: o.CA, MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout:    20 * time.Second,
			ExpectContinueTimeout:  time.Second,
			MaxIdleConnsPerHost:    16,
			IdleConnTimeout:        30 * time.Second,
			MaxResponseHeaderBytes: 1 << 20,
			WriteBufferSize:        64 << 10,
			DisableCompression:     true, // sizes are those of the bundle
		},
	}
	return c
}

func (c *client) host() string { return c.peer.url.Host }

// Do sends a request and returns the answer, whatever it is. The error is
// without the URL. It is the transport of the SDK as well.
func (c *client) Do(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	beat := time.AfterFunc(c.o.Stall, func() { cancel(errStalled) })
	req = req.WithContext(ctx)
	req.GetBody = nil // what is sent again is decided by retry alone
	if req.Body != nil && req.Body != http.NoBody {
		req.Body = &flow{ReadCloser: req.Body, ctx: ctx, beat: beat, stall: c.o.Stall, limit: c.limit}
	}
	resp, err := c.http.Do(req)
	if err != nil {
		beat.Stop()
		if context.Cause(ctx) == errStalled {
			err = errStalled
		}
		cancel(nil)
		var withURL *url.Error
		if errors.As(err, &withURL) {
			err = withURL.Err
		}
		return nil, err
	}
	beat.Reset(c.o.Stall)
	resp.Body = &flow{ReadCloser: resp.Body, ctx: ctx, beat: beat, stall: c.o.Stall, limit: c.limit, end: cancel}
	return resp, nil
}

// flow is a body on its way. What moves keeps the connection alive, if it is enough.
type flow struct {
	io.ReadCloser
	ctx   context.Context
	beat  *time.Timer
	stall time.Duration
	moved int                     // bytes since the last beat
	limit *limiter                // nil for none
	end   context.CancelCauseFunc // of an answer: nil for a request
}

// enoughToLive is how many bytes have to move before a connection is given up:
// a byte now and then would hold us for years.
const enoughToLive = 512

func (f *flow) Read(p []byte) (int, error) {
	p = f.limit.portion(p)
	n, err := f.ReadCloser.Read(p)
	if n > 0 {
		if f.limit != nil {
			f.beat.Stop()
			if err := f.limit.wait(f.ctx, n); err != nil {
				return 0, err
			}
		}
		if f.moved += n; f.moved >= enoughToLive || f.limit != nil {
			f.moved = 0
			f.beat.Reset(f.stall)
		}
	}
	if err != nil && err != io.EOF && context.Cause(f.ctx) == errStalled {
		err = errStalled
	}
	return n, err
}

func (f *flow) Close() error {
	if f.end != nil {
		f.beat.Stop()
		defer f.end(nil)
	}
	return f.ReadCloser.Close()
}

// get asks for a URL. The answer is one of the numbers in ok; another one is an error.
func (c *client) get(ctx context.Context, address string, header http.Header, ok ...int) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, errURL()
	}
	for name, values := range header {
		req.Header[name] = values
	}
	return c.send(req, ok...)
}

// errURL stands for an error whose text could have the URL.
func errURL() *Error { return newError("check that it was copied whole", "the URL cannot be used") }

// send sends a request that no SDK has made.
func (c *client) send(req *http.Request, ok ...int) (*http.Response, error) {
	req.Header.Set("User-Agent", c.o.Agent)
	resp, err := c.Do(req)
	if err != nil {
		return nil, err
	}
	for _, number := range ok {
		if resp.StatusCode == number {
			return resp, nil
		}
	}
	defer resp.Body.Close()
	resp.Body = c.short(resp.Body)
	return nil, readAnswer(resp)
}

// maxAnswer is how many bytes an answer may have that is no bundle.
const maxAnswer = 64 << 20

// short bounds an answer that is read whole: its size, and the time until its end.
func (c *client) short(body io.ReadCloser) io.ReadCloser {
	return &shortBody{ReadCloser: body, c: c, left: maxAnswer, until: time.Now().Add(listStalls * c.o.Stall)}
}

type shortBody struct {
	io.ReadCloser
	c     *client
	left  int
	until time.Time
}

func (s *shortBody) Read(p []byte) (int, error) {
	switch {
	case s.left <= 0:
		return 0, errEndless(s.c.host())
	case time.Now().After(s.until): // what moves keeps a connection alive, and so this is looked at
		return 0, errStalled
	}
	n, err := s.ReadCloser.Read(p[:min(len(p), s.left)])
	s.left -= n
	return n, err
}

// sleep waits, unless the context ends first.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
