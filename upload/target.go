package upload

import (
	"net"
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"
)

// A Target is a destination as it was named, understood.
type Target struct {
	kind kind
	hide hider

	url    *url.URL // of a container, a blob, or for the PUT; with its secret
	base   string   // of a container: scheme, host and path, without a secret
	prefix string   // names in the container begin with it
	blob   string   // the only name that the SAS is for; empty for a container
	sas    url.Values

	folder string
}

type kind int

const (
	kindAzure kind = iota
	kindPut
	kindFolder
)

// ParseTarget understands the URL of a container or blob with a SAS, any other
// https URL, a file URL, or the path of a folder. http is for this machine alone.
func ParseTarget(text string) (*Target, error) {
	text = strings.Trim(strings.TrimSpace(text), `"'`) // "set GWLOGS_TO=" of Windows keeps quotes
	switch {
	case text == "":
		return nil, &Error{Text: "no destination", Hint: targetForms}
	case isPath(text) && strings.Contains(text, "?") && strings.Contains(text, "="):
		// Never a folder: a message about it would show the SAS.
		return nil, &Error{Text: "the destination is no whole URL: https:// is missing", Hint: "copy the whole URL again, in quotes"}
	case isPath(text):
		return folderTarget(text)
	}
	u, err := url.Parse(text)
	if err != nil { // whose text has the URL
		return nil, &Error{Text: "the destination is no URL that can be understood", Hint: "put it in quotes, and check that it was copied whole"}
	}
	switch strings.ToLower(u.Scheme) {
	case "file":
		return fileTarget(u)
	case "https":
	case "http":
		if !loopback(u.Hostname()) {
			return nil, &Error{Text: "http:// is not encrypted: everybody on the way could read the bundle and the SAS", Hint: "use https://"}
		}
	default:
		return nil, &Error{Text: "a destination cannot begin with " + u.Scheme + "://", Hint: targetForms}
	}
	if u.Hostname() == "" {
		return nil, &Error{Text: "the destination names no host", Hint: targetForms}
	}
	return webTarget(u)
}

const targetForms = "name a container or blob of Azure with its SAS, another https:// URL that takes a PUT, or a folder: file:///DIR"

// isPath tells a path from a URL: C:\DIR has a colon as well.
func isPath(text string) bool {
	scheme, _, found := strings.Cut(text, ":")
	return !found || len(scheme) == 1 || strings.ContainsAny(scheme, `/\.`)
}

func folderTarget(name string) (*Target, error) {
	if full, err := filepath.Abs(name); err == nil {
		name = full
	}
	return &Target{kind: kindFolder, folder: name}, nil
}

func fileTarget(u *url.URL) (*Target, error) {
	name := filepath.FromSlash(u.Path)
	host := u.Hostname()
	if runtime.GOOS == "windows" {
		if len(name) > 2 && name[2] == ':' {
			name = name[1:] // file:///C:/DIR
		}
		if host != "" && host != "localhost" {
			name = `\\` + host + name
		}
	} else if host != "" && host != "localhost" {
		return nil, &Error{Text: "file://" + host + " is a folder of another computer, which only Windows can name so", Hint: "mount it, and name the folder here: file:///mnt/DIR"}
	}
	if name == "" || name == string(filepath.Separator) {
		return nil, &Error{Text: "the file URL names no folder", Hint: "file:///DIR, with three slashes"}
	}
	return folderTarget(name)
}

func webTarget(u *url.URL) (*Target, error) {
	t := &Target{kind: kindPut, url: u}
	u.Fragment = ""
	query := u.Query()
	for name, values := range query {
		for _, v := range values {
			if len(v) >= 16 && !harmless(name) && sasTime(v).IsZero() {
				t.hide.add(v)
			}
		}
	}
	t.hide.add(query.Get("sig"))
	if password, ok := u.User.Password(); ok {
		t.hide.addLogin(u.User.Username(), password)
	}
	if isAzure(u.Hostname(), query) {
		t.kind = kindAzure
		return t, t.understandSAS(query)
	}
	return t, nil
}

// harmless reports whether a parameter of a signed URL is not secret, however long.
func harmless(name string) bool {
	switch strings.ToLower(name) {
	case "x-amz-date", "x-amz-algorithm", "x-amz-signedheaders", "x-goog-date", "x-goog-algorithm", "x-goog-signedheaders", "skoid", "sktid", "ske", "skt":
		return true
	}
	return false
}

// isAzure tells a SAS from other signed URLs. An own domain can lead to Azure too.
func isAzure(host string, query url.Values) bool {
	_, domain, _ := strings.Cut(strings.ToLower(host), ".")
	return strings.HasPrefix(domain, "blob.core.") || domain == "blob.storage.azure.net" ||
		query.Has("sv") && (query.Has("sig") || query.Has("sp") || query.Has("se"))
}

func (t *Target) understandSAS(query url.Values) error {
	const quote = "put the URL in quotes: without them, the shell ends it at the first &"
	if query.Get("sig") == "" {
		return &Error{Text: "the URL has no SAS, or not all of it: sig= is missing", Hint: quote}
	}
	t.sas = query
	// A signature is base64, and its + was to be escaped.
	t.url.RawQuery = strings.ReplaceAll(t.url.RawQuery, "+", "%2B")
	parts := strings.Split(strings.Trim(t.url.Path, "/"), "/")
	account := ""
	if host := t.url.Hostname(); host == "localhost" || net.ParseIP(host) != nil { // an emulator: the account is in the path
		account, parts = "/"+url.PathEscape(parts[0]), parts[1:]
	}
	if len(parts) == 0 || parts[0] == "" {
		return &Error{Text: "the URL names no container", Hint: "https://ACCOUNT.blob.core.windows.net/CONTAINER?SAS"}
	}
	t.base = t.url.Scheme + "://" + t.url.Host + account + "/" + url.PathEscape(parts[0])
	rest := strings.Join(parts[1:], "/")
	if query.Get("sr") == "b" {
		t.blob = rest
		if rest == "" {
			return &Error{Text: "the SAS is for a single blob, and the URL names none", Hint: "https://ACCOUNT.blob.core.windows.net/CONTAINER/BLOB?SAS, or ask for a SAS of the container"}
		}
	} else if rest != "" {
		t.prefix = rest + "/"
	}
	return nil
}

// expires is when the SAS ends; zero if it does not say.
func (t *Target) expires() time.Time { return sasTime(t.sas.Get("se")) }
func (t *Target) starts() time.Time  { return sasTime(t.sas.Get("st")) }

func sasTime(text string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z", "2006-01-02"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC()
		}
	}
	return time.Time{}
}

// Expired is when the right to write ended, if that is before now.
func (t *Target) Expired(now time.Time) (time.Time, bool) {
	at := t.expires()
	return at, !at.IsZero() && at.Before(now)
}

// String is the destination without what is secret about it.
func (t *Target) String() string {
	switch t.kind {
	case kindFolder:
		return t.folder
	case kindAzure:
		return t.base + strings.TrimSuffix("/"+escapePath(t.prefix+t.blob), "/")
	}
	parts := strings.Split(t.url.Path, "/")
	for i, p := range parts {
		if likeToken(p) {
			parts[i] = hidden
		}
	}
	return t.url.Scheme + "://" + t.url.Host + strings.Join(parts, "/")
}

// GoString keeps the secret out of %#v as well.
func (t *Target) GoString() string { return t.String() }

// Host is the computer that is spoken to; empty for a folder.
func (t *Target) Host() string {
	if t.url == nil {
		return ""
	}
	return t.url.Host
}

// name is what a bundle is called there.
func (t *Target) name(b *Bundle) string {
	switch {
	case t.kind == kindPut:
		return strings.TrimPrefix(path.Base(t.String()), "/")
	case t.blob != "":
		return t.blob
	}
	return t.prefix + b.Blob()
}

// blobURL is the URL of a blob, with the SAS.
func (t *Target) blobURL(name string) string {
	return t.base + "/" + escapePath(name) + "?" + t.url.RawQuery
}

func escapePath(name string) string {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return strings.Join(parts, "/")
}

var (
	uuidForm  = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}`)
	tokenForm = regexp.MustCompile(`^[A-Za-z0-9_=-]{20,}$`)
	hasDigit  = regexp.MustCompile(`[0-9]`)
	hasLetter = regexp.MustCompile(`[A-Za-z]`)
)

// likeToken reports whether a part of a path looks drawn at random: some drop
// boxes have their secret there.
func likeToken(part string) bool {
	return tokenForm.MatchString(part) && hasDigit.MatchString(part) && hasLetter.MatchString(part) && !uuidForm.MatchString(part)
}

// loopback reports whether a host is this machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
