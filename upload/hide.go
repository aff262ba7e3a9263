package upload

import (
	"encoding/base64"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/gwlogs/gwlogs/internal/reportid"
)

// hidden stands for a secret.
const hidden = "…"

// A hider takes secrets out of texts, in each form that they may appear in. The
// texts of this package never have one on purpose; this is for those of others,
// which are free to quote what they were given.
type hider struct {
	mu    sync.Mutex
	forms []string // the longest first
}

// minSecret keeps a hider from tearing words apart.
const minSecret = 4 // bytes

func (h *hider) add(secrets ...string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range secrets {
		forms := []string{s, url.QueryEscape(s), url.PathEscape(s)}
		if plain, err := url.QueryUnescape(s); err == nil {
			forms = append(forms, plain, url.QueryEscape(plain), url.PathEscape(plain), strings.ReplaceAll(plain, " ", "+"))
		}
		for _, f := range forms {
			forms = append(forms, strings.ReplaceAll(f, "%3D", "="), strings.ReplaceAll(f, "=", "%3D"),
				escape.ReplaceAllStringFunc(f, strings.ToLower))
		}
		for _, f := range forms {
			if len(f) >= minSecret && !slices.Contains(h.forms, f) {
				h.forms = append(h.forms, f)
			}
		}
	}
	slices.SortFunc(h.forms, func(a, b string) int { return len(b) - len(a) })
}

var escape = regexp.MustCompile(`%[0-9A-F]{2}`)

// addLogin adds a password, and the header that it is sent in.
func (h *hider) addLogin(user, password string) {
	h.add(password, base64.StdEncoding.EncodeToString([]byte(user+":"+password)))
}

// minRandom is the length from which on a parameter of a URL is taken for a secret, whatever it is called.
const minRandom = 16 // bytes

// addURL adds the password of a URL, and what of its query may give a right to whoever has it.
func (h *hider) addURL(u *url.URL) {
	if password, ok := u.User.Password(); ok {
		h.addLogin(u.User.Username(), password)
	}
	for name, values := range u.Query() {
		for _, v := range values {
			if (len(v) >= minRandom || signature().MatchString(name+"=x")) && signedTime(v).IsZero() {
				h.add(v)
			}
		}
	}
}

// likeToken reports whether a part of a path looks drawn at random: some drop
// boxes have their secret there.
func likeToken(part string) bool {
	return tokenForm.MatchString(part) && hasDigit.MatchString(part) && hasLetter.MatchString(part) && !reportid.Valid(part)
}

var (
	tokenForm = regexp.MustCompile(`^[A-Za-z0-9_=-]{20,}$`)
	hasDigit  = regexp.MustCompile(`[0-9]`)
	hasLetter = regexp.MustCompile(`[A-Za-z]`)
)

// signature are the parameters of a URL that give a right to whoever has them. It is compiled when it is needed, not when any
// gwlogs starts.
var signature = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(sig|signature|x-(?:amz|goog|oss)-(?:signature|credential|security-token)|token|key|code|upload_id)=[^&\s"'<>]+`)
})

// hide returns the text without secrets, on one line.
func (h *hider) hide(text string) string {
	h.mu.Lock()
	for _, f := range h.forms {
		text = strings.ReplaceAll(text, f, hidden)
	}
	h.mu.Unlock()
	text = signature().ReplaceAllString(text, "$1="+hidden)
	return strings.Join(strings.Fields(text), " ")
}
