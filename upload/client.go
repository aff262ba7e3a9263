package upload

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"
)

// Options say how to reach a destination. The zero value is good for all but Proxy.
type Options struct {
	Agent string // name and version for the User-Agent: gwlogs/1.0.0
	Proxy Proxy
	CA    *x509.CertPool // who may vouch for the other side; nil for those of the system

	LimitRate int64         // bytes a second; 0 for no limit
	Stall     time.Duration // a connection on which nothing moves for so long is given up; 0 for a minute and a half
	Retry     Retry
	BlockSize int64 // 0 for 4 MiB
	Parallel  int   // blocks at once; 0 for 4

	State  State          // nil: an interrupted upload begins anew
	Notify func(e *Error) // is told what is tried again; may be called by several goroutines at once
}

const defaultStall = 90 * time.Second

// client speaks HTTP: through proxies, never faster than allowed, again where
// that may help, and with errors that have no secret.
type client struct {
	http    *http.Client
	target  *Target
	o       Options
	limit   *limiter
	proxy   *proxies
	retry   retryState
	reached atomic.Bool // something got through
	sleep   func(ctx context.Context, d time.Duration) error
}

func newClient(t *Target, o Options) *client {
	if o.Stall <= 0 {
		o.Stall = defaultStall
	}
	c := &client{target: t, o: o, sleep: sleep}
	c.retry.o = o.Retry.withDefaults()
	c.limit = newLimiter(o.LimitRate)
	c.proxy = newProxies(o.Proxy, &t.hide)
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
			WriteBufferSize:        64 << 10,
			DisableCompression:     true, // sizes are those of the bundle
		},
	}
	return c
}

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

// flow is a body on its way. Each byte keeps the connection alive.
type flow struct {
	io.ReadCloser
	ctx   context.Context
	beat  *time.Timer
	stall time.Duration
	limit *limiter                // nil for none
	end   context.CancelCauseFunc // of an answer: nil for a request
}

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
		f.beat.Reset(f.stall)
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
		return nil, errors.New("the URL cannot be asked for")
	}
	for name, values := range header {
		req.Header[name] = values
	}
	return c.send(req, ok...)
}

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
	return nil, readStatus(resp)
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
