package check

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxAnswer is how much of an answer is read, in bytes.
const maxAnswer = 64 << 10

// webAnswer is what a server said to a request without anything in it.
type webAnswer struct {
	status int
	header http.Header
	body   string
	skew   time.Duration // how far this machine's clock is ahead of the server's
	dated  bool
}

// ask sends a request over an open connection and judges the answer.
func (t *trip) ask(ctx context.Context, c net.Conn, v *verdict) (*webAnswer, *Result) {
	_ = c.SetDeadline(time.Now().Add(t.timeout))
	began := time.Now()
	answer, err := t.get(c, t.path())
	layer, probe := LayerService, ProbeService
	if t.to.Role == RoleStore {
		layer, probe = LayerStore, ProbeStore
	}
	r := t.result(probe, layer, OK, "answered")
	r.Took = time.Since(began)
	if err != nil {
		r.Status, r.Finding, r.Raw, r.Values["error"] = t.fault(), "no-http-answer", []string{err.Error()}, err.Error()
		r.Values["seconds"] = seconds(t.timeout)
		switch {
		case ctx.Err() != nil:
			r.Status, r.Finding = NotTried, "interrupted"
		case v != nil && t.wantsCertificate(err): // TLS 1.3 refuses after the handshake
			r.Probe, r.Layer, r.Finding = ProbeTLS, LayerTLS, "client-certificate"
		case isAlert(err):
			r.Probe, r.Layer, r.Finding = ProbeTLS, LayerTLS, "tls-refused"
		}
		return nil, r
	}
	answer.skew = t.now().Add(-r.Took / 2).Sub(answer.date())
	t.judgeAnswer(r, answer, v)
	return answer, r
}

func (t *trip) path() string {
	if t.to.Path == "" || !strings.HasPrefix(t.to.Path, "/") {
		return "/"
	}
	u := url.URL{Path: t.to.Path}
	return u.EscapedPath()
}

// get asks for a path, which may be a whole URL for a proxy.
func (t *trip) get(c net.Conn, path string) (*webAnswer, error) {
	host := t.to.Host
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if t.to.Port != 443 && t.to.Port != 80 {
		host = net.JoinHostPort(t.to.Host, strconv.Itoa(t.to.Port))
	}
	login := ""
	if p := t.proxy(); p != nil && t.to.Protocol == HTTP { // the proxy asks in our place
		path = "http://" + host + path
		login = p.authorization()
	}
	request := fmt.Sprintf("GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: gwlogs-check\r\nAccept: */*\r\n%sConnection: close\r\n\r\n",
		path, host, login)
	if _, err := io.WriteString(c, request); err != nil {
		return nil, err
	}
	resp, err := http.ReadResponse(bufio.NewReader(io.LimitReader(c, maxAnswer)), &http.Request{Method: http.MethodGet})
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxAnswer)) // a part is enough
	a := &webAnswer{status: resp.StatusCode, header: resp.Header, body: string(body)}
	_, err = http.ParseTime(resp.Header.Get("Date"))
	a.dated = err == nil
	return a, nil
}

func (a *webAnswer) date() time.Time {
	at, _ := http.ParseTime(a.header.Get("Date"))
	return at
}

// judgeAnswer tells the service from those who answer in its place.
func (t *trip) judgeAnswer(r *Result, a *webAnswer, v *verdict) {
	r.Values["status"] = strings.TrimSpace(strconv.Itoa(a.status) + " " + http.StatusText(a.status))
	r.Values["server"] = clip(printable([]byte(a.header.Get("Server"))))
	_, isAzure := azure(t.to.Host)
	stranger := byProxy(a.header) || v != nil && v.layer == LayerInspection && v.finding != ""
	foreign := v != nil && v.foreign
	if elsewhere := portalHost(a, t.to.Host); elsewhere != "" {
		r.Values["other"] = elsewhere
		if foreign {
			r.Status, r.Layer, r.Finding = t.fault(), LayerProxy, "login-page-redirect"
		}
		if isAzure && !strings.HasSuffix(elsewhere, ".microsoft.com") && !strings.HasSuffix(elsewhere, ".azure.com") {
			if _, known := azure(elsewhere); !known {
				r.Status, r.Layer, r.Finding = t.fault(), LayerProxy, "login-page-redirect"
			}
		}
		return
	}
	ours := isAzure || t.to.Role == RoleService || t.to.Role == RoleRelay
	switch {
	case a.status == http.StatusNetworkAuthenticationRequired, ours && (foreign || v == nil) && isLoginPage(a):
		r.Status, r.Layer, r.Finding = t.fault(), LayerProxy, "login-page-shown"
		if v != nil {
			r.Values["names"] = strings.Join(v.names, ", ")
		}
	case a.status == http.StatusProxyAuthRequired:
		r.Status, r.Layer, r.Finding = t.fault(), LayerProxy, "transparent-407"
	case stranger && a.status >= 400 && (a.status == 403 || a.status >= 500 || a.status == 451):
		r.Status, r.Layer, r.Finding = t.fault(), LayerProxy, "block-page"
		r.Values["error"] = clip(printable([]byte(a.header.Get("X-Squid-Error"))))
	case v != nil && t.certificateWanted && (a.status == 400 || a.status == 403) && strings.Contains(strings.ToLower(a.body), "certificate"):
		r.Status, r.Probe, r.Layer, r.Finding = t.fault(), ProbeTLS, LayerTLS, "client-certificate" // servers that say so in HTTP: nginx, IIS
		r.Values["error"] = r.Values["status"]
	case a.status >= 500:
		r.Status, r.Finding = t.fault(), "service-fails"
		if r.Layer == LayerStore {
			r.Finding = "store-fails"
		}
	case a.status == http.StatusForbidden && isAzure && t.to.Role == RoleService:
		r.Status, r.Finding = Warning, "service-forbids"
	}
}

// byProxy reports whether a header names the program of a proxy.
func byProxy(h http.Header) bool {
	if h.Get("X-Squid-Error") != "" {
		return true
	}
	return namesProxy(h.Get("Server") + " " + h.Get("Via"))
}

// namesProxy reports whether a text names a program or a maker of proxies.
func namesProxy(text string) bool {
	said := strings.ToLower(text)
	for _, name := range []string{"squid", "mitmproxy", "zscaler", "bluecoat", "blue coat", "proxysg", "mcafee web", "forcepoint",
		"websense", "fortigate", "fortiproxy", "sophos", "barracuda", "netskope", "iboss", "checkpoint", "tinyproxy", "privoxy"} {
		if strings.Contains(said, name) {
			return true
		}
	}
	return false
}

// otherHost is the host that an answer sends us to, if it is another.
func otherHost(location, host string) string {
	u, err := url.Parse(location)
	if err != nil || u.Hostname() == "" || strings.EqualFold(u.Hostname(), host) {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

// http asks without TLS.
func (t *trip) http(ctx context.Context, open opener) []Result {
	if !reaches(t.only, ProbeService) && !reaches(t.only, ProbeStore) {
		return nil
	}
	c, r := open(ctx)
	if r != nil {
		return []Result{*r}
	}
	defer c.Close()
	_, res := t.ask(ctx, c, nil)
	return []Result{*res}
}
