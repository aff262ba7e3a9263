package upload

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"syscall"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
)

// explain puts an error in words: what is wrong, with whom, and what to do.
func (c *client) explain(err error) *Error {
	var done *Error
	var status *statusError
	var sdk *azcore.ResponseError
	var e *Error
	switch {
	case errors.As(err, &done): // its cause stays: err may be one that wraps it
		e = done
	case errors.As(err, &status):
		e = c.explainStatus(status)
	case errors.As(err, &sdk):
		e = c.explainStatus(readStatus(sdk.RawResponse))
	default:
		e = c.explainNetwork(err)
	}
	if e != done {
		e.cause = err
	}
	e.Text, e.Hint = c.target.hide.hide(e.Text), c.target.hide.hide(e.Hint)
	return e
}

// peer is the one at the other end of the connection: the host, or the proxy before it.
func (c *client) peer(err error) (name string, isProxy bool) {
	var op *net.OpError
	if errors.As(err, &op) && (op.Op == "proxyconnect" || op.Op == "socks connect") {
		return "the proxy " + c.proxy.used(), true
	}
	return c.target.Host(), false
}

func (c *client) explainNetwork(err error) *Error {
	if e := c.explainTLS(err); e != nil {
		return e
	}
	name, isProxy := c.peer(err)
	var dns *net.DNSError
	var timeout net.Error
	switch {
	case errors.As(err, &dns):
		return c.explainDNS(dns, name, isProxy)
	case errors.Is(err, errStalled):
		return &Error{Text: name + ": " + errStalled.Error(), Hint: "look at the connection, then " + c.goOn(), again: true}
	case isErrno(err, syscall.ECONNREFUSED, 10061):
		hint := "is it the right host and port? Otherwise a firewall refuses the connection"
		if isProxy {
			hint = "is the proxy running, and is the port right? --proxy, or HTTPS_PROXY in the environment"
		}
		return &Error{Text: name + ": refuses the connection", Hint: hint, contact: true}
	case isErrno(err, syscall.ENETUNREACH, 10051), isErrno(err, syscall.EHOSTUNREACH, 10065):
		return &Error{Text: name + ": there is no way there from this computer", Hint: "is it connected to the network? Many gateways have to use a proxy: --proxy http://PROXY:PORT", contact: true}
	case isDial(err) && errors.As(err, &timeout) && timeout.Timeout():
		return &Error{Text: name + ": does not answer", Hint: blockedHint(c.target.url.Hostname(), c.port(), isProxy), contact: true}
	case isErrno(err, syscall.ECONNRESET, 10054), isErrno(err, syscall.EPIPE, 10053), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return &Error{Text: name + ": the connection broke off", Hint: c.goOn() + ". If it always breaks off, a firewall or a proxy on the way may do it", again: true}
	case errors.As(err, &timeout) && timeout.Timeout():
		return &Error{Text: name + ": took too long to answer", Hint: c.goOn(), again: true}
	}
	return &Error{Text: name + ": " + err.Error(), again: true}
}

// goOn is what to do when it may work later.
func (c *client) goOn() string {
	if c.target.kind == kindAzure {
		return "send again: it goes on where it stopped"
	}
	return "send again"
}

func (c *client) port() string {
	if port := c.target.url.Port(); port != "" {
		return port
	}
	if c.target.url.Scheme == "http" {
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
		return &Error{Text: name + ": the name server does not answer", Hint: "look at the connection and the settings of DNS", contact: true, again: true}
	}
	return &Error{Text: name + ": no computer of that name is known (DNS)", Hint: hint, contact: true}
}

// explainTLS is about certificates; nil if the error is about something else.
func (c *client) explainTLS(err error) *Error {
	host := c.target.Host()
	if name, isProxy := c.peer(err); isProxy {
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
		return newError("a proxy or virus scanner that opens TLS does this: give the certificate of its authority with --ca-file FILE, or have the host left out there",
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
		return newError("it may be too old for TLS 1.2, or want a certificate of ours; a firewall on the way may be in between", "%s: refuses a secure connection (%s)", host, op.Err)
	}
	return nil
}

// isErrno compares with the number of Unix, or the one of Windows sockets.
func isErrno(err error, unix syscall.Errno, windows uintptr) bool {
	var n syscall.Errno
	return errors.As(err, &n) && (n == unix || runtime.GOOS == "windows" && uintptr(n) == windows)
}

func isDial(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect")
}
