package upload

import (
	"net"
	"net/url"
	"strings"
	"time"
)

// A Target is a destination as it was named, understood.
type Target struct {
	place place
	hide  hider
}

// ParseTarget understands the URL of a container or blob with a SAS, any other
// https URL, a file URL, or the path of a folder; see Forms. http is for this
// machine alone. The error is an *Error.
func ParseTarget(text string) (*Target, error) {
	a := &address{text: strings.Trim(strings.TrimSpace(text), `"'`)} // "set GWLOGS_TO=" of Windows keeps quotes
	if err := a.split(); err != nil {
		return nil, err
	}
	t := &Target{}
	if a.url != nil {
		t.hide.addURL(a.url)
	}
	for _, k := range kinds() {
		if !k.match(a) {
			continue
		}
		var err *Error
		if t.place, err = k.parse(a); err != nil {
			return nil, err
		}
		return t, nil
	}
	return nil, newError("name "+Forms(false), "a destination cannot begin with %s://", a.url.Scheme)
}

// String is the destination without what is secret about it.
func (t *Target) String() string { return t.place.String() }

// GoString keeps the secret out of %#v as well.
func (t *Target) GoString() string { return t.String() }

// Host is the computer that is spoken to, with its port; empty for a folder.
func (t *Target) Host() string { return t.place.host() }

// Expired is when the right to send ended, if that is before now.
func (t *Target) Expired(now time.Time) (time.Time, bool) {
	at := t.place.expires()
	return at, !at.IsZero() && at.Before(now)
}

// An address is a destination as it was typed.
type address struct {
	text string
	url  *url.URL // nil for a path; with its secret
}

// split tells paths from URLs, and refuses what can be neither.
func (a *address) split() error {
	switch {
	case a.text == "":
		return newError("name "+Forms(false), "no destination")
	case strings.Contains(strings.ToUpper(a.text), "AGE-SECRET-KEY-"):
		return newError("name "+Forms(false), "the destination is a private key, and no place to send to")
	case isPath(a.text) && strings.Contains(a.text, "?") && strings.Contains(a.text, "="):
		// Never a folder: a message about it would show the SAS.
		return newError("copy the whole URL again, in quotes", "the destination is no whole URL: https:// is missing")
	case isPath(a.text):
		return nil
	}
	u, err := url.Parse(a.text)
	if err != nil { // whose text has the URL
		return newError("put it in quotes, and check that it was copied whole", "the destination is no URL that can be understood")
	}
	u.Scheme = strings.ToLower(u.Scheme)
	a.url = u
	return nil
}

// isPath tells a path from a URL: C:\DIR has a colon as well.
func isPath(text string) bool {
	scheme, _, found := strings.Cut(text, ":")
	return !found || len(scheme) == 1 || strings.ContainsAny(scheme, `/\.`)
}

// isWeb reports whether the address is for HTTP.
func (a *address) isWeb() bool {
	return a.url != nil && (a.url.Scheme == "https" || a.url.Scheme == "http")
}

// checkWeb refuses a URL that names no host, or one that everybody on the way could read.
func (a *address) checkWeb() *Error {
	switch host := a.url.Hostname(); {
	case host == "":
		return newError("name "+Forms(false), "the destination names no host")
	case a.url.Scheme == "http" && !isLoopback(host):
		return newError("use https://", "http:// is not encrypted: everybody on the way could read the bundle, and the secret in the URL")
	}
	return nil
}

// isLoopback reports whether a host is this machine.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// escapePath is a path, with slashes, as a URL has it.
func escapePath(name string) string {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return strings.Join(parts, "/")
}

// signedTime is a time in the query of a signed URL; zero for none.
func signedTime(text string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z", "2006-01-02", "20060102T150405Z"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC()
		}
	}
	return time.Time{}
}
