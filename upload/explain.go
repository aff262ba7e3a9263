package upload

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
)

// explain puts an error in words: what is wrong, with whom, and what to do.
func (c *client) explain(err error) *Error {
	var e *Error
	var a *answer
	switch {
	case errors.As(err, &e): // its cause stays: err may be one that wraps it
	case errors.As(err, &a):
		e = c.explainAnswer(a)
		e.cause = err
	default:
		e = c.explainNetwork(err)
		e.cause = err
	}
	e.Text, e.Hint = c.peer.hide.hide(e.Text), c.peer.hide.hide(e.Hint)
	return e
}

// otherEnd is who is at the other end of the connection: the host, or the proxy before it.
func (c *client) otherEnd(err error) (name string, isProxy bool) {
	var op *net.OpError
	if errors.As(err, &op) && (op.Op == "proxyconnect" || op.Op == "socks connect") {
		return "the proxy " + c.proxy.used(), true
	}
	return c.host(), false
}

func (c *client) explainNetwork(err error) *Error {
	if e := c.explainTLS(err); e != nil {
		return e
	}
	name, isProxy := c.otherEnd(err)
	var dns *net.DNSError
	var timeout net.Error
	switch {
	case errors.As(err, &dns):
		return c.explainDNS(dns, name, isProxy)
	case errors.Is(err, errStalled):
		return again("look at the connection, then "+c.peer.goOn, "%s: %v", name, errStalled)
	case isErrno(err, syscall.ECONNREFUSED, 10061):
		hint := "is it the right host and port? Otherwise a firewall refuses the connection"
		if isProxy {
			hint = "is the proxy running, and is the port right? --proxy, or HTTPS_PROXY in the environment"
		}
		return noContact(hint, "%s: refuses the connection", name)
	case isErrno(err, syscall.ENETUNREACH, 10051), isErrno(err, syscall.EHOSTUNREACH, 10065):
		return noContact("is it connected to the network? Many gateways have to use a proxy: --proxy http://PROXY:PORT",
			"%s: there is no way there from this computer", name)
	case isDial(err) && errors.As(err, &timeout) && timeout.Timeout():
		return noContact(blockedHint(c.peer.url.Hostname(), c.port(), isProxy), "%s: does not answer", name)
	case isBroken(err):
		return again(c.peer.goOn+". If it always breaks off, a firewall or a proxy on the way may do it", "%s: the connection broke off", name)
	case errors.As(err, &timeout) && timeout.Timeout():
		return again(c.peer.goOn, "%s: took too long to answer", name)
	}
	if strings.Contains(err.Error(), "server response headers exceeded") { // an error without a type
		return errEndless(name)
	}
	return again("is it the URL that support gave you? If so, "+c.peer.goOn, "%s: %v", name, err)
}

// again is an error after which the same request may do better.
func again(hint, format string, args ...any) *Error {
	e := newError(hint, format, args...)
	e.again = true
	return e
}

// noContact is an error that there was nobody to talk to.
func noContact(hint, format string, args ...any) *Error {
	e := newError(hint, format, args...)
	e.contact = true
	return e
}

func isBroken(err error) bool {
	return isErrno(err, syscall.ECONNRESET, 10054) || isErrno(err, syscall.EPIPE, 10053) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}

func (c *client) port() string {
	if port := c.peer.url.Port(); port != "" {
		return port
	}
	if c.peer.url.Scheme == "http" {
		return "80"
	}
	return "443"
}

func blockedHint(host, port string, isProxy bool) string {
	if isProxy {
		return "is it the right proxy? --proxy http://PROXY:PORT"
	}
	return fmt.Sprintf("a firewall blocks it, most likely: let %s through on port %s, or use a proxy: --proxy http://PROXY:PORT", host, port)
}

func (c *client) explainDNS(dns *net.DNSError, name string, isProxy bool) *Error {
	hint := "check the spelling of the host; a network that lets nothing out but through a proxy needs --proxy http://PROXY:PORT"
	if isProxy {
		hint = "check the spelling of the proxy"
	}
	if !dns.IsNotFound {
		e := again("look at the connection and the settings of DNS", "%s: the name server does not answer", name)
		e.contact = true
		return e
	}
	return noContact(hint, "%s: no computer of that name is known (DNS)", name)
}

// explainTLS is about certificates; nil if the error is about something else.
func (c *client) explainTLS(err error) *Error {
	host := c.host()
	if name, isProxy := c.otherEnd(err); isProxy {
		host = name
	}
	var verify *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &unknown):
		by := ""
		if errors.As(err, &verify) && len(verify.UnverifiedCertificates) > 0 {
			chain := verify.UnverifiedCertificates
			by = fmt.Sprintf(" (issued by %s)", chain[len(chain)-1].Issuer.String())
		}
		return newError("a proxy or virus scanner that opens TLS does this: give the certificate of its authority with --ca-file "+
			"FILE, or have the host left out there",
			"%s: shows a certificate of an authority that this computer does not know%s", host, by)
	case errors.As(err, &name):
		return newError("is it the right host? A proxy or a login page of the network may answer in its place",
			"%s: shows a certificate for somebody else", host)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return newError("is the clock of this computer right? If so, the other side has to renew it",
			"%s: shows a certificate that is not valid today", host)
	case errors.As(err, &verify), errors.As(err, &invalid):
		return newError("have the certificate of the other side looked at", "%s: shows a certificate that is not acceptable", host)
	case errors.As(err, &record):
		return newError("is it the right port? A proxy has to be named with --proxy", "%s: does not speak TLS", host)
	case strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return newError("is it the right port? A proxy has to be named with --proxy", "%s: does not speak TLS", host)
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "remote error" { // an alert of TLS, whose type is nobody's business
		return newError("it may be too old for TLS 1.2, or want a certificate of ours; a firewall on the way may be in between",
			"%s: refuses a secure connection (%s)", host, op.Err)
	}
	return nil
}

func isDial(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect")
}
