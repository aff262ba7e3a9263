package upload

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"golang.org/x/net/http/httpproxy"
)

// Proxy says which proxy to go through. Without a URL it is the one of the
// environment (HTTPS_PROXY, HTTP_PROXY, NO_PROXY), if there is one.
type Proxy struct {
	URL            *url.URL
	User, Password string // for a proxy whose URL has none

	// Ask is called once when the proxy wants a login that we do not have; nil
	// for nobody to ask. ok is false when there is no answer.
	Ask func(ctx context.Context, proxy string) (user, password string, ok bool)
}

// ParseProxy understands the URL of a proxy; http:// may be left out. Its
// error does not quote it, for there may be a password in it.
func ParseProxy(text string) (*url.URL, error) {
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" {
		return nil, newError("http://PROXY:PORT", "the proxy is no URL that can be understood")
	}
	switch u.Scheme {
	case "http", "https", "socks5", "socks5h":
		return u, nil
	}
	return nil, newError("http://PROXY:PORT, or https or socks5 in the place of http", "a proxy cannot begin with %s://", u.Scheme)
}

// proxies decides on the proxy of each request.
type proxies struct {
	o    Proxy
	env  *httpproxy.Config
	hide *hider

	mu    sync.Mutex
	login *url.Userinfo
	asked bool
	last  *url.URL // the proxy that was used
}

func newProxies(o Proxy, h *hider) *proxies {
	p := &proxies{o: o, hide: h, env: httpproxy.FromEnvironment()}
	if o.User != "" || o.Password != "" {
		p.login = url.UserPassword(o.User, o.Password)
		h.addLogin(o.User, o.Password)
	}
	return p
}

func (p *proxies) forRequest(req *http.Request) (*url.URL, error) {
	u, err := p.o.URL, error(nil)
	if u == nil {
		u, err = p.fromEnvironment(req.URL)
	}
	if u == nil || err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = u
	if password, ok := u.User.Password(); ok {
		p.hide.addLogin(u.User.Username(), password)
	}
	if p.login != nil && (u.User == nil || p.asked) {
		with := *u
		with.User = p.login
		u = &with
	}
	return u, nil
}

// fromEnvironment is the proxy that the environment names for a URL; nil for none.
func (p *proxies) fromEnvironment(to *url.URL) (*url.URL, error) {
	wrong := newError("HTTPS_PROXY=http://PROXY:PORT", "the proxy in the environment is no URL that can be understood")
	named := p.env.HTTPSProxy
	if to.Scheme == "http" {
		named = p.env.HTTPProxy
	}
	if named != "" { // ProxyFunc takes one that is wrong for none, and goes out without it
		if _, err := ParseProxy(named); err != nil {
			return nil, wrong
		}
	}
	u, err := p.env.ProxyFunc()(to)
	if err != nil { // its text has the URL
		return nil, wrong
	}
	return u, nil
}

// ask gets a login from a person, once. It reports whether there is a new one.
func (p *proxies) ask(ctx context.Context) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.o.Ask == nil || p.asked {
		return false
	}
	p.asked = true
	user, password, ok := p.o.Ask(ctx, p.name())
	if !ok {
		return false
	}
	p.hide.addLogin(user, password)
	p.login = url.UserPassword(user, password)
	return true
}

// name is the proxy that was used, without its login; empty for none.
func (p *proxies) name() string {
	if p.last == nil {
		return ""
	}
	return p.last.Host
}

// used is name for others.
func (p *proxies) used() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.name()
}

// hasLogin reports whether a login was given.
func (p *proxies) hasLogin() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.login != nil || p.last != nil && p.last.User != nil
}

// proxyAnswer makes an error of a proxy that does not let us through.
func proxyAnswer(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<10))
	return &answer{status: resp.StatusCode, header: resp.Header, proxy: true}
}
