package check

import (
	"bufio"
	"cmp"
	"context"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Proxy is what web targets are reached through.
type Proxy struct {
	Host           string
	Port           int
	Secure         bool   // TLS to the proxy itself
	User, Password string // that the user gave for this proxy
	Source         string // where it is set: --proxy, HTTPS_PROXY, or the name of a file
	Bypass         func(*url.URL) bool
}

// ParseProxy understands the URL of a proxy; http:// may be left out. The error quotes nothing of it, for there may be a password in it.
func ParseProxy(text, source string) (*Proxy, error) {
	const form = "http://PROXY:PORT"
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" {
		return nil, wrongInput(form, "the proxy is no URL that can be understood")
	}
	p := &Proxy{Port: 80, Source: source}
	switch u.Scheme {
	case "http":
	case "https":
		p.Secure, p.Port = true, 443
	default:
		return nil, wrongInput(form, "a gateway goes through proxies of HTTP alone, and this one begins with %s://", u.Scheme)
	}
	var host Target
	if err := host.setHost(u.Hostname()); err != nil {
		return nil, wrongInput(form, "the proxy has no host that can be understood")
	}
	p.Host = host.Host
	if u.Port() != "" {
		if p.Port, err = strconv.Atoi(u.Port()); err != nil || p.Port < 1 || p.Port > 65535 {
			return nil, wrongInput(form, "the proxy has a port that is none")
		}
	}
	if u.User != nil {
		p.User = u.User.Username()
		p.Password, _ = u.User.Password()
	}
	return p, nil
}

// authorization is the line of a request that logs in to the proxy; empty where the user gave no login.
func (p *Proxy) authorization() string {
	if p.User == "" && p.Password == "" {
		return ""
	}
	return "Proxy-Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(p.User+":"+p.Password)) + "\r\n"
}

func (p *Proxy) String() string { return net.JoinHostPort(p.Host, strconv.Itoa(p.Port)) }

// proxy is the proxy that the target is reached through; nil for none.
func (t *trip) proxy() *Proxy {
	p := t.plan.Proxy
	if p == nil || !t.to.web() {
		return nil
	}
	u := &url.URL{Scheme: string(t.to.Protocol), Host: t.to.String(), Path: "/"}
	if t.to.Protocol == HTTPS && t.to.Port == 443 || t.to.Protocol == HTTP && t.to.Port == 80 {
		u.Host = t.to.Host
	}
	if p.Bypass != nil && p.Bypass(u) {
		return nil
	}
	return p
}

// tunnel tries the way through the proxy once, for its own result.
func (t *trip) tunnel(ctx context.Context, p *Proxy) *Result {
	began := time.Now()
	c, r := t.through(ctx, p)
	if r != nil {
		return r
	}
	c.Close()
	r = t.proxyResult(p, OK, "through-proxy")
	r.Took = time.Since(began)
	return r
}

// through opens a tunnel to the target.
func (t *trip) through(ctx context.Context, p *Proxy) (net.Conn, *Result) {
	c, r := t.toProxy(ctx, p)
	if r != nil || t.to.Protocol == HTTP {
		return c, r
	}
	host := net.JoinHostPort(t.to.Host, strconv.Itoa(t.to.Port))
	request := fmt.Sprintf("CONNECT %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: gwlogs-check\r\n%s", host, host, p.authorization())
	limited := &io.LimitedReader{R: c, N: maxAnswer}
	in := bufio.NewReader(limited)
	_, err := io.WriteString(c, request+"\r\n")
	var resp *http.Response
	if err == nil {
		resp, err = http.ReadResponse(in, &http.Request{Method: http.MethodConnect})
	}
	if err != nil {
		c.Close()
		return nil, t.noProxyAnswer(ctx, p, err)
	}
	if resp.StatusCode == http.StatusOK {
		limited.N = math.MaxInt64
		return &bufferedConn{c, in}, nil
	}
	defer c.Close()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 4<<10)) // a part is enough
	return nil, t.refusedByProxy(p, resp, string(body))
}

// bufferedConn reads first what came with the answer of the proxy.
type bufferedConn struct {
	net.Conn
	in *bufio.Reader
}

func (c *bufferedConn) Read(p []byte) (int, error) { return c.in.Read(p) }

// toProxy connects to the proxy itself.
func (t *trip) toProxy(ctx context.Context, p *Proxy) (net.Conn, *Result) {
	a := t.lookup(ctx, p.Host)
	if len(a.addrs) == 0 {
		r := t.proxyResult(p, t.fault(), "proxy-name")
		r.Values["reason"], r.Values["error"], r.Values["server"] = a.problem, errorText(a.err), strings.Join(a.servers, ", ")
		r.Raw = []string{errorText(a.err)}
		return nil, r
	}
	addrs := slices.Clone(a.addrs)
	slices.SortStableFunc(addrs, func(a, b netip.Addr) int { return cmp.Compare(a.BitLen(), b.BitLen()) }) // IPv4 first
	c, err := t.dial(ctx, p.Host, netip.AddrPortFrom(addrs[0], uint16(p.Port)), t.timeout)
	if err != nil {
		finding := connectionProblem(ctx, err)
		r := t.proxyResult(p, t.fault(), "proxy-"+finding)
		if finding == "interrupted" {
			r.Status, r.Finding = NotTried, finding
		}
		switch finding {
		case "refused", "dropped", "interrupted":
		default:
			r.Finding = "proxy-unreachable"
		}
		r.Values["address"], r.Values["from"], r.Values["error"] = addrs[0].String(), localAddress(addrs[0]), errorText(err)
		r.Values["reason"], r.Values["seconds"] = finding, seconds(t.timeout)
		r.Raw = []string{errorText(err)}
		return nil, r
	}
	if !p.Secure {
		return c, nil
	}
	secure := tls.Client(c, &tls.Config{ServerName: p.Host, RootCAs: t.authorities()})
	if err := secure.HandshakeContext(ctx); err != nil {
		c.Close()
		r := t.proxyResult(p, t.fault(), "proxy-tls")
		r.Raw, r.Values["error"] = []string{err.Error()}, err.Error()
		return nil, r
	}
	return secure, nil
}

func (t *trip) proxyResult(p *Proxy, status Status, finding string) *Result {
	r := t.result(ProbeProxy, LayerProxy, status, finding)
	r.Values["proxy"], r.Values["source"] = p.String(), p.Source
	if p.User != "" {
		r.Values["user"] = p.User
	}
	return r
}

// noProxyAnswer is about a proxy that takes the connection and says nothing that a proxy would.
func (t *trip) noProxyAnswer(ctx context.Context, p *Proxy, err error) *Result {
	r := t.proxyResult(p, t.fault(), "not-a-proxy")
	r.Raw, r.Values["error"], r.Values["seconds"] = []string{err.Error()}, err.Error(), seconds(t.timeout)
	switch {
	case ctx.Err() != nil:
		r.Status, r.Finding = NotTried, "interrupted"
	case isTimeout(err):
		r.Finding = "proxy-silent"
	case isBroken(err):
		r.Finding = "proxy-hangs-up"
	}
	return r
}

// refusedByProxy is about a proxy that answers, and opens no tunnel.
func (t *trip) refusedByProxy(p *Proxy, resp *http.Response, body string) *Result {
	r := t.proxyResult(p, t.fault(), "proxy-refuses")
	r.Values["status"] = printable([]byte(strings.TrimSpace(strconv.Itoa(resp.StatusCode) + " " + http.StatusText(resp.StatusCode))))
	squid := printable([]byte(resp.Header.Get("X-Squid-Error")))
	r.Values["error"] = squid
	r.Raw = append(r.Raw, printable([]byte(resp.Proto+" "+resp.Status)))
	if squid != "" {
		r.Raw = append(r.Raw, "X-Squid-Error: "+squid)
	}
	if title := titleOf(body); title != "" {
		r.Raw = append(r.Raw, title)
	}
	switch code := resp.StatusCode; {
	case code == http.StatusProxyAuthRequired:
		r.Finding = "proxy-wants-login"
		r.Values["schemes"] = strings.Join(schemesOffered(resp.Header), ", ")
		if p.User != "" || p.Password != "" {
			r.Finding = "proxy-login-refused"
		}
	case strings.HasPrefix(squid, "ERR_DNS_FAIL"), code >= 500 && code != 501 && t.answer != nil && t.answer.problem == "no-such-name":
		r.Finding = "proxy-cannot-resolve"
	case code == http.StatusForbidden, code == http.StatusMethodNotAllowed, code == http.StatusUnauthorized, code == 451:
		r.Finding, r.Values["ticket"] = "proxy-forbids", "proxy"
	case code == http.StatusBadGateway, code == http.StatusServiceUnavailable, code == http.StatusGatewayTimeout,
		strings.HasPrefix(squid, "ERR_CANNOT_FORWARD"), strings.HasPrefix(squid, "ERR_CONNECT_FAIL"):
		r.Finding = "proxy-cannot-reach"
	case code/100 == 3, code/100 == 2, code == http.StatusNetworkAuthenticationRequired:
		r.Layer, r.Finding = LayerProxy, "login-page"
	case code == http.StatusBadRequest, code == http.StatusNotFound, code == http.StatusNotImplemented:
		r.Finding = "not-a-proxy"
	}
	return r
}

// schemesOffered are the ways to log in that a proxy offers, without their parameters.
func schemesOffered(h http.Header) []string {
	var all []string
	for _, line := range h.Values("Proxy-Authenticate") {
		scheme, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		if scheme = printable([]byte(scheme)); scheme != "" && !slices.Contains(all, scheme) {
			all = append(all, clip(scheme))
		}
	}
	return all
}

// titleOf is the title of a page.
func titleOf(body string) string {
	lower := strings.ToLower(body)
	i := strings.Index(lower, "<title>")
	if i < 0 {
		return ""
	}
	rest := body[i+len("<title>"):]
	end := strings.IndexByte(rest, '<')
	if end < 0 {
		return ""
	}
	return clip(printable([]byte(rest[:end])))
}
