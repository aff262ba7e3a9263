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

const maxReason = 64 << 10 // bytes of an answer that says why

// readStatus makes an error of an answer. The body of Azure and S3 is XML with a code.
func readStatus(resp *http.Response) *statusError {
	e := &statusError{status: resp.StatusCode, header: resp.Header, code: resp.Header.Get("x-ms-error-code")}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxReason))
	if err != nil {
		return e
	}
	var reason struct {
		Code    string `xml:"Code"`
		Message string `xml:"Message"`
		Detail  string `xml:"AuthenticationErrorDetail"`
	}
	text := strings.TrimPrefix(string(body), "\ufeff")
	if xml.Unmarshal([]byte(text), &reason) == nil {
		if e.code == "" {
			e.code = reason.Code
		}
		e.detail = reason.Message + "\n" + reason.Detail
	}
	// A code goes into messages: nothing but a word.
	if !codeForm.MatchString(e.code) {
		e.code = ""
	}
	return e
}

var codeForm = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)

// explainStatus puts an answer in words.
func (c *client) explainStatus(s *statusError) *Error {
	e := c.statusText(s)
	e.status, e.code = s.status, s.code
	e.after = retryAfter(s.header.Get("Retry-After"), time.Now())
	switch s.status {
	case 408, 429, 500, 502, 503, 504:
		e.again = true
	}
	if s.code == "Md5Mismatch" || s.code == "Crc64Mismatch" || s.code == "BadDigest" { // damaged on the way
		e.again = true
	}
	return e
}

func (c *client) statusText(s *statusError) *Error {
	host := c.target.Host()
	reason := fmt.Sprintf("%d", s.status)
	if s.code != "" {
		reason += " " + s.code
	}
	switch {
	case s.status == 407:
		return c.explain407(s)
	case s.proxy:
		return newError("ask those who run the proxy to let "+host+" through", "the proxy %s: does not let us through to %s (%d)", c.proxy.used(), host, s.status)
	case s.status == 401 || s.status == 403:
		return c.explainRefused(s, reason)
	case s.code == "ContainerNotFound" || s.code == "NoSuchBucket":
		return newError("check the URL, or ask support for a new one", "%s: the container of the URL is not there (%s)", host, reason)
	case s.status == 404 || s.status == 410:
		return newError("check the URL, or ask support for a new one", "%s: what the URL names is not there (%s)", host, reason)
	case isQuota(s):
		return newError("make the bundle smaller: --since 2d, --level critical,error; or ask support for more room", "%s: there is no room, or the bundle is too large (%s)", host, reason)
	case s.code == "BlobAlreadyExists" || s.status == 412:
		return newError("a bundle that was made anew has a report ID of its own: gwlogs archive", "%s: another file of that name is there already (%s)", host, reason)
	case s.code == "BlobImmutableDueToPolicy" || s.code == "LeaseIdMissing":
		return newError("another name helps: gwlogs archive makes a bundle with a report ID of its own", "%s: the file of that name must not be changed (%s)", host, reason)
	case s.status == 405 || s.status == 501:
		return newError("is it the URL that support gave you? It has to take a PUT", "%s: takes no upload at this URL (%s)", host, reason)
	case s.status >= 300 && s.status < 400:
		return newError("is it the URL that support gave you? A login page of the network may answer in its place", "%s: sends us elsewhere (%s), and a bundle goes nowhere but where you said", host, reason)
	case s.status == 429 || s.status == 503:
		return newError("wait a while, then "+c.goOn(), "%s: is busy (%s)", host, reason)
	case s.status >= 500:
		return newError("wait a while, then "+c.goOn(), "%s: has a problem of its own (%s)", host, reason)
	}
	return newError("check the URL, or ask support for a new one", "%s: did not accept it (%s)", host, reason)
}

func isQuota(s *statusError) bool {
	return s.status == 413 || s.status == 507 || strings.Contains(s.code, "Quota") ||
		s.code == "EntityTooLarge" || s.code == "AccountLimitExceeded" || s.code == "RequestBodyTooLarge"
}

func (c *client) explain407(s *statusError) *Error {
	proxy := c.proxy.used()
	var schemes []string
	basic := false
	for _, offer := range s.header.Values("Proxy-Authenticate") {
		scheme, _, _ := strings.Cut(strings.TrimSpace(offer), " ")
		if codeForm.MatchString(scheme) {
			schemes = append(schemes, scheme)
		}
		basic = basic || strings.EqualFold(scheme, "Basic")
	}
	switch {
	case !basic && len(schemes) > 0:
		return newError("ask for an exception for "+c.target.Host()+", or use a local helper such as px or cntlm as --proxy; or take the file elsewhere and send it from there",
			"the proxy %s: wants a login by %s, which gwlogs cannot do (407)", proxy, strings.Join(schemes, " or "))
	case c.proxy.hasLogin():
		return newError("check GWLOGS_PROXY_USER and GWLOGS_PROXY_PASSWORD", "the proxy %s: does not accept the user or the password (407)", proxy)
	}
	return newError("set GWLOGS_PROXY_USER and GWLOGS_PROXY_PASSWORD in the environment: on the command line everybody on this computer could see them",
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
