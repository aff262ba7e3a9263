package check

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"
	"time"
)

// https tries TLS, the certificate, and HTTP in it, on one connection.
func (t *trip) https(ctx context.Context, open opener) (all []Result) {
	if !reaches(t.only, ProbeTLS) {
		return nil
	}
	c, r := open(ctx)
	if r != nil {
		return []Result{*r}
	}
	defer c.Close()
	began := time.Now()
	secure, r := t.handshake(ctx, c)
	if r != nil {
		return []Result{*r}
	}
	took := time.Since(began)
	v := t.judge(secure.ConnectionState())
	res := t.tlsResult(v, secure.ConnectionState())
	res.Took = took
	if !reaches(t.only, ProbeService) && !reaches(t.only, ProbeStore) && v.finding == "" {
		return append([]Result{*res}, t.revocation(ctx, v)...)
	}
	answer, httpResult := t.ask(ctx, secure, v)
	t.compareClock(answer, v, res)
	switch {
	case strings.HasPrefix(httpResult.Finding, "login-page-") && res.Status != OK: // whose certificate that is follows from it
		httpResult.Probe, httpResult.Raw = ProbeTLS, append(httpResult.Raw, res.Raw...)
		return append(all, *httpResult)
	case httpResult.Probe == ProbeTLS && res.Status == OK: // it was no TLS after all
		return append(all, *httpResult)
	}
	all = append(all, *res)
	if res.Status != Fault { // what comes out of a connection that nobody trusts says nothing about the service
		all = append(all, *httpResult)
	}
	return append(all, t.revocation(ctx, v)...)
}

// handshake begins TLS as a gateway does: with a small first message, which boxes on the way that cannot join packets let through as
// they do Windows'. Certificates are looked at afterwards, so that one that is wrong can be told about.
func (t *trip) handshake(ctx context.Context, c net.Conn) (*tls.Conn, *Result) {
	t.certificateWanted = false
	secure := tls.Client(c, t.tlsConfig())
	err := secure.HandshakeContext(ctx)
	if err == nil {
		return secure, nil
	}
	return nil, t.handshakeResult(ctx, err)
}

func (t *trip) tlsConfig() *tls.Config {
	var suites []uint16
	for _, s := range slices.Concat(tls.CipherSuites(), tls.InsecureCipherSuites()) {
		suites = append(suites, s.ID)
	}
	return &tls.Config{
		ServerName:         t.to.Host,
		InsecureSkipVerify: true,             // judge verifies
		MinVersion:         tls.VersionTLS10, // to be able to say that it is too old
		CipherSuites:       suites,
		CurvePreferences:   []tls.CurveID{tls.X25519, tls.CurveP256, tls.CurveP384},
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			t.certificateWanted = true
			return new(tls.Certificate), nil // none
		},
	}
}

// handshakeResult says why there is no TLS, and who ended it.
func (t *trip) handshakeResult(ctx context.Context, err error) *Result {
	r := t.result(ProbeTLS, LayerTLS, t.fault(), "tls-fails")
	r.Raw, r.Values["error"], r.Values["seconds"] = []string{err.Error()}, err.Error(), seconds(t.timeout)
	if t.good.IsValid() {
		r.Values["address"], r.Values["from"] = t.good.String(), localAddress(t.good)
	}
	_, isAzure := azure(t.to.Host)
	proxy := t.proxy()
	ours := isAzure || t.to.Role == RoleService || t.to.Role == RoleRelay // that surely speaks TLS
	var record tls.RecordHeaderError
	switch {
	case ctx.Err() != nil:
		r.Status, r.Finding = NotTried, "interrupted"
	case errors.As(err, &record):
		r.Finding = "not-tls"
		r.Raw = append(r.Raw, printable(record.RecordHeader[:]))
		if ours || proxy != nil && t.to.web() { // somebody answers in its place
			r.Layer, r.Finding = LayerProxy, "login-page"
		}
	case strings.Contains(err.Error(), "protocol version"), strings.Contains(err.Error(), "unsupported protocol"):
		r.Finding = "old-tls"
		r.Values["version"] = "SSL 3.0"
	case t.wantsCertificate(err):
		r.Finding = "client-certificate"
	case isAlert(err):
		r.Finding = "tls-refused"
	case isBroken(err) && proxy != nil && t.to.web():
		r.Layer, r.Finding = LayerProxy, "tunnel-breaks"
	case isBroken(err) && ours:
		r.Layer, r.Finding, r.Values["ticket"] = LayerNetwork, "tls-reset", "inspect"
	case isBroken(err):
		r.Finding = "tls-closed"
	case isTimeout(err) && proxy != nil && t.to.web():
		r.Layer, r.Finding = LayerProxy, "tunnel-silent"
	case isTimeout(err) && ours:
		r.Layer, r.Finding, r.Values["ticket"] = LayerNetwork, "tls-silent", "inspect-or-mtu"
	case isTimeout(err):
		r.Finding = "tls-no-answer"
	}
	if proxy != nil {
		r.Values["proxy"] = proxy.String()
	}
	return r
}

// isAlert reports whether the other side said why it ends TLS.
func isAlert(err error) bool {
	var alert tls.AlertError
	return errors.As(err, &alert) || strings.Contains(err.Error(), "remote error: tls:")
}

// wantsCertificate reports whether TLS ended for want of a certificate of ours: the other side asked for one, got none and refused, or
// says so (RFC 8446, 6.2: certificate_required).
func (t *trip) wantsCertificate(err error) bool {
	return t.certificateWanted && (isAlert(err) || isBroken(err)) || strings.Contains(err.Error(), "tls: certificate required")
}

func isBroken(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		isErrno(err, syscall.ECONNRESET, 10054) || isErrno(err, syscall.EPIPE, 10053)
}

// printable shows what somebody sent, as far as it is text.
func printable(data []byte) string {
	text := strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' {
			return '.'
		}
		return c
	}, string(data[:min(len(data), 200)]))
	return strings.TrimSpace(text)
}

// tlsResult is what came of the certificate and the version.
func (t *trip) tlsResult(v *verdict, s tls.ConnectionState) *Result {
	r := t.result(ProbeTLS, LayerTLS, OK, "tls-works")
	r.Values["version"] = tls.VersionName(s.Version)
	r.Values["issuer"], r.Values["names"], r.Values["to"] = v.issuer, strings.Join(v.names, ", "), v.end
	r.Values["from"], r.Values["value"] = v.begin, tls.CipherSuiteName(s.CipherSuite)
	r.Values["wanted"] = v.wanted
	r.Raw = v.raw
	if t.good.IsValid() {
		r.Values["address"], r.Values["from"] = t.good.String(), localAddress(t.good)
	}
	switch {
	case v.finding != "":
		r.Finding, r.Layer, r.Status = v.finding, v.layer, v.status
		if v.layer == LayerInspection {
			r.Values["ticket"] = "inspect"
		}
	case s.Version < tls.VersionTLS12:
		r.Finding, r.Status = "old-tls", t.fault()
	case v.soon:
		r.Finding, r.Status, r.Values["days"] = "expires-soon", Warning, v.days
	}
	return r
}

// authorities are those that this machine trusts; nil for the system's own check.
func (t *trip) authorities() *x509.CertPool { return t.plan.Roots }
