package upload

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// An answer is one of HTTP that is no success.
type answer struct {
	status int
	header http.Header
	code   string // of the service, when it gives one: a word
	detail string // its message, lower case; may have a secret, and is never shown
	proxy  bool   // it is the proxy's
}

func (a *answer) Error() string { return "answer " + a.reason() }

// reason is what messages show of the answer.
func (a *answer) reason() string {
	if a.code == "" {
		return strconv.Itoa(a.status)
	}
	return strconv.Itoa(a.status) + " " + a.code
}

const maxReason = 64 << 10 // bytes of an answer that says why

// readAnswer reads an answer. Services of storage say in XML with a code what is wrong.
func readAnswer(resp *http.Response) *answer {
	a := &answer{status: resp.StatusCode, header: resp.Header}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxReason))
	if err != nil {
		return a
	}
	var reason struct {
		Code    string `xml:"Code"`
		Message string `xml:"Message"`
		Detail  string `xml:"AuthenticationErrorDetail"`
	}
	if xml.Unmarshal([]byte(strings.TrimPrefix(string(body), "\ufeff")), &reason) == nil {
		a.setCode(reason.Code)
		a.detail = strings.ToLower(reason.Message + "\n" + reason.Detail)
	}
	return a
}

// setCode takes a code that a message may show: nothing but a word.
func (a *answer) setCode(code string) {
	if wordForm.MatchString(code) {
		a.code = code
	}
}

var wordForm = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)

// explainAnswer puts an answer in words.
func (c *client) explainAnswer(a *answer) *Error {
	var e *Error
	if c.peer.explain != nil && !a.proxy && a.status != http.StatusProxyAuthRequired {
		e = c.peer.explain(a)
	}
	if e == nil {
		e = c.answerText(a)
	}
	e.status, e.code = a.status, a.code
	e.after = retryAfter(a.header.Get("Retry-After"), time.Now())
	switch a.status {
	case 408, 429, 500, 502, 503, 504:
		e.again = true
	}
	return e
}

const (
	askAnew  = "ask support for a new URL"
	checkURL = "check the URL, or " + askAnew
)

// answerText is what HTTP says itself.
func (c *client) answerText(a *answer) *Error {
	host, reason := c.host(), a.reason()
	switch {
	case a.status == 407:
		return c.explain407(a)
	case a.proxy:
		return newError("ask those who run the proxy to let "+host+" through", "the proxy %s: does not let us through to %s (%d)",
			c.proxy.used(), host, a.status)
	case a.status == 401 || a.status == 403:
		return refused(a, host)
	case a.status == 404 || a.status == 410:
		return newError(checkURL, "%s: what the URL names is not there (%s)", host, reason)
	case a.status == 413 || a.status == 507:
		return noRoom(a, host)
	case a.status == 412:
		return taken(a, host)
	case a.status == 405 || a.status == 501:
		return newError("is it the URL that support gave you? It has to take a PUT", "%s: takes no upload at this URL (%s)", host, reason)
	case a.status >= 300 && a.status < 400:
		return newError("is it the URL that support gave you? A login page of the network may answer in its place",
			"%s: sends us elsewhere (%s), and a bundle goes nowhere but where you said", host, reason)
	case a.status == 429 || a.status == 503:
		return newError("wait a while, then "+c.peer.goOn, "%s: is busy (%s)", host, reason)
	case a.status >= 500:
		return newError("wait a while, then "+c.peer.goOn, "%s: has a problem of its own (%s)", host, reason)
	}
	return newError(checkURL, "%s: did not accept it (%s)", host, reason)
}

func noRoom(a *answer, host string) *Error {
	return newError("make the bundle smaller: --since 2d, --level critical,error; or ask support for more room",
		"%s: there is no room, or the bundle is too large (%s)", host, a.reason())
}

// refused is about a right that we do not have, and that nothing more is said of.
func refused(a *answer, host string) *Error {
	if _, skew := a.clocks(time.Now().UTC()); skew != "" { // a signed URL is good for a while alone
		return wrongClock(a, host)
	}
	return newError(checkURL, "%s: does not let us do this (%s)", host, a.reason())
}

// wrongClock is for a request that has come too early or too late.
func wrongClock(a *answer, host string) *Error {
	now := time.Now().UTC()
	there, skew := a.clocks(now)
	return newError("set the clock of this computer right, then send again",
		"%s: the times do not fit: it is %s there, and %s here (%s)%s", host, clock(there), clock(now), a.reason(), skew)
}

// wrongSignature is for a URL that was changed, cut, or withdrawn.
func wrongSignature(a *answer, host string) *Error {
	return newError("copy the whole URL again, in quotes; if it is whole, it was withdrawn: "+askAnew,
		"%s: the signature of the URL is wrong (%s)", host, a.reason())
}

// maxSkew is how much the clocks of two computers may differ before it is worth a word.
const maxSkew = 5 * time.Minute

// clocks is the time at the other end, and a word about the clock here if that is another one.
func (a *answer) clocks(now time.Time) (there time.Time, skew string) {
	there, err := http.ParseTime(a.header.Get("Date"))
	if err != nil {
		return now, ""
	}
	there = there.UTC()
	d := now.Sub(there)
	switch {
	case d > maxSkew:
		skew = fmt.Sprintf("; the clock of this computer is %s fast", lengthText(d))
	case d < -maxSkew:
		skew = fmt.Sprintf("; the clock of this computer is %s slow", lengthText(-d))
	}
	return there, skew
}

func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// lengthText is a duration in its largest unit.
func lengthText(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%d days", d/(24*time.Hour))
	case d >= 2*time.Hour:
		return fmt.Sprintf("%d hours", d/time.Hour)
	case d >= 2*time.Minute:
		return fmt.Sprintf("%d minutes", d/time.Minute)
	}
	return fmt.Sprintf("%d seconds", d/time.Second)
}

func (c *client) explain407(a *answer) *Error {
	proxy := c.proxy.used()
	var schemes []string
	basic := false
	for _, offer := range a.header.Values("Proxy-Authenticate") {
		scheme, _, _ := strings.Cut(strings.TrimSpace(offer), " ")
		if wordForm.MatchString(scheme) {
			schemes = append(schemes, scheme)
		}
		basic = basic || strings.EqualFold(scheme, "Basic")
	}
	switch {
	case !basic && len(schemes) > 0:
		return newError("ask for an exception for "+c.host()+", or use a local helper such as px or cntlm as --proxy; or take the "+
			"file elsewhere and send it from there",
			"the proxy %s: wants a login by %s, which gwlogs cannot do (407)", proxy, strings.Join(schemes, " or "))
	case c.proxy.hasLogin():
		return newError("check GWLOGS_PROXY_USER and GWLOGS_PROXY_PASSWORD",
			"the proxy %s: does not accept the user or the password (407)", proxy)
	}
	return newError("set GWLOGS_PROXY_USER and GWLOGS_PROXY_PASSWORD in the environment: on the command line everybody on this "+
		"computer could see them",
		"the proxy %s: wants a user and a password (407)", proxy)
}

// retryAfter is how long the service wants to be left alone: seconds, or a time.
func retryAfter(text string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(text); err == nil && n > 0 && n < 24*3600 {
		return time.Duration(n) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil && at.After(now) {
		return at.Sub(now)
	}
	return 0
}
