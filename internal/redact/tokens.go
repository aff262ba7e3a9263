package redact

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// KeySize is the size of the key of Tokens, in bytes.
const KeySize = 32

// Tokens makes the tokens of identities: the start of an HMAC-SHA256 over the
// kind and the lower-case text, in hex, behind the kind. It remembers what it
// gave a token to. It is safe for several goroutines.
type Tokens struct {
	key []byte

	mu    sync.Mutex
	given map[string]string // token → identity
}

// tokenDigits is how many hex digits a token has: 40 bits, so that among ten
// thousand identities two have the same once in 20,000 logs.
const tokenDigits = 10

// maxGiven bounds what is remembered; no real log has as many identities.
const maxGiven = 1 << 20

// NewTokens returns Tokens with a key of KeySize bytes.
func NewTokens(key []byte) (*Tokens, error) {
	if len(key) != KeySize {
		return nil, fmt.Errorf("a key for tokens has %d bytes, not %d", KeySize, len(key))
	}
	return &Tokens{key: key, given: make(map[string]string)}, nil
}

// Given returns what tokens were given to, by token. It is what unredaction needs.
func (t *Tokens) Given() map[string]string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.given)
}

func (t *Tokens) sum(kind Kind, text string) []byte {
	mac := hmac.New(sha256.New, t.key)
	mac.Write([]byte(kind))
	mac.Write([]byte{0})
	mac.Write([]byte(strings.ToLower(text)))
	return mac.Sum(nil)
}

func (t *Tokens) remember(token, text string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, ok := t.given[token]; !ok && len(t.given) < maxGiven {
		t.given[token] = text
	}
	return token
}

// token returns the token of an identity.
func (t *Tokens) token(kind Kind, text string) string {
	if tokenOf(text) {
		return text
	}
	switch kind {
	case Address:
		return t.address(text)
	case SID:
		return t.sid(text)
	case Certificate:
		text = strings.NewReplacer(" ", "", ":", "").Replace(text)
	}
	return t.remember(string(kind)+"-"+hex.EncodeToString(t.sum(kind, text))[:tokenDigits], text)
}

// tokenOf reports whether a text is a token already.
func tokenOf(text string) bool {
	kind, digits, ok := strings.Cut(text, "-")
	if !ok || len(digits) < tokenDigits || !slices.Contains(Kinds(), Kind(kind)) {
		return false
	}
	if first, second, ok := strings.Cut(digits, "-"); ok && kind == string(Address) {
		return len(first) == tokenDigits/2 && len(second) == tokenDigits/2 && strings.Trim(first+second, "0123456789abcdef") == ""
	}
	return len(digits) == tokenDigits && strings.Trim(digits, "0123456789abcdef") == ""
}

// address gives addresses of the same subnet (/24, or /64) the same first half.
func (t *Tokens) address(text string) string {
	addr, err := netip.ParseAddr(strings.TrimRight(text, ":"))
	if err != nil {
		return text
	}
	bits := 24
	if addr.Is6() {
		bits = 64
	}
	net, _ := addr.WithZone("").Prefix(bits)
	return t.remember("ip-"+hex.EncodeToString(t.sum("subnet", net.String()))[:5]+"-"+hex.EncodeToString(t.sum(Address, addr.String()))[:5], addr.String())
}

// sid keeps the shape of a SID and the identifiers that are the same in every
// domain (500 for the administrator): a SID of the same domain has the same start.
func (t *Tokens) sid(text string) string {
	parts := strings.Split(text, "-")
	if len(parts) < 7 {
		return text
	}
	sum := t.sum(SID, strings.Join(parts[:7], "-"))
	if t.sealed(parts) {
		return text
	}
	le := binary.LittleEndian
	first, second := le.Uint32(sum), le.Uint32(sum[4:])
	out := fmt.Sprintf("S-1-5-21-%d-%d-%d", first, second, t.seal(fmt.Sprint(first), fmt.Sprint(second)))
	if len(parts) == 8 {
		rid := parts[7]
		if len(rid) > 3 { // 1000 and more are given to the domain's own accounts
			rid = fmt.Sprint(1000 + le.Uint32(t.sum(SID, text))%1_000_000_000)
		}
		out += "-" + rid
	}
	return t.remember(out, text)
}

// seal is the third number of a domain's token, by which it is known again: the
// token of a SID looks like any SID.
func (t *Tokens) seal(first, second string) uint32 {
	return binary.LittleEndian.Uint32(t.sum("sid-seal", first+"-"+second))
}

func (t *Tokens) sealed(parts []string) bool {
	return parts[6] == fmt.Sprint(t.seal(parts[4], parts[5]))
}

// A Restorer puts identities back in the place of their tokens.
type Restorer struct {
	given   map[string]string
	pattern *regexp.Regexp
	count   int
}

// NewRestorer takes what [Tokens.Given] returned, of any number of bundles.
func NewRestorer(given map[string]string) *Restorer {
	return &Restorer{given: given, pattern: regexp.MustCompile(tokenPattern() + `|S-1-5-21(?:-\d{1,10}){3,4}`)}
}

// tokenPattern matches all tokens but those of SIDs.
func tokenPattern() string {
	var kinds []string
	for _, k := range Kinds() {
		kinds = append(kinds, string(k))
	}
	return `(?:` + strings.Join(kinds, "|") + `)-[0-9a-f]{10}|ip-[0-9a-f]{5}-[0-9a-f]{5}`
}

// Text returns the text with the identities that are known.
func (r *Restorer) Text(text string) string {
	return r.pattern.ReplaceAllStringFunc(text, func(token string) string {
		if own, ok := r.given[token]; ok {
			r.count++
			return own
		}
		return token
	})
}

// Count is how many tokens were replaced.
func (r *Restorer) Count() int { return r.count }
