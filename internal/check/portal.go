package check

import (
	"net/http"
	"regexp"
	"strings"
)

// A captive portal answers in the place of every host until somebody has logged in: with a redirect, or with its page at once.

// portalHost is the host of a portal that an answer sends us to: by its head, or by a page that a browser goes on from. Empty if it
// sends to no other host.
func portalHost(a *webAnswer, host string) string {
	if a.status/100 == 3 {
		return otherHost(a.header.Get("Location"), host)
	}
	if a.status != http.StatusOK && a.status != http.StatusNetworkAuthenticationRequired || !a.isPage() {
		return ""
	}
	for _, goesOn := range []*regexp.Regexp{metaRefresh, scriptLocation} {
		if m := goesOn.FindStringSubmatch(a.body); m != nil {
			return otherHost(m[1], host)
		}
	}
	return ""
}

var (
	metaRefresh    = regexp.MustCompile(`(?is)<meta\s[^>]*http-equiv\s*=\s*["']?refresh\b[^>]*?url\s*=\s*["']?([^"'\s>]+)`)
	scriptLocation = regexp.MustCompile(`(?i)\blocation(?:\.href)?\s*(?:=|\.(?:replace|assign)\()\s*["']([^"']+)`)
	wantsInput     = regexp.MustCompile(`(?i)<(?:form|input|button)\b`)
	speaksOfLogin  = regexp.MustCompile(`(?i)\b(?:log ?in|log on|sign ?in|captive|hot ?spot|wi-?fi|wlan|guest|voucher|terms of (?:use|service)|` +
		`anmelden|anmeldung|connexion|identifiant|accéder|iniciar sesión|accedi)\b`)
)

// isLoginPage reports whether an answer is a page that wants something from a reader: what no service of Azure sends.
func isLoginPage(a *webAnswer) bool {
	if a.status == http.StatusNetworkAuthenticationRequired { // RFC 6585, 6: made for portals
		return true
	}
	return a.status == http.StatusOK && a.isPage() &&
		(wantsInput.MatchString(a.body) || speaksOfLogin.MatchString(a.body) || metaRefresh.MatchString(a.body))
}

// isPage reports whether an answer is HTML, whatever its head says.
func (a *webAnswer) isPage() bool {
	start := strings.ToLower(a.body[:min(len(a.body), 1024)])
	return strings.Contains(a.header.Get("Content-Type"), "html") || strings.Contains(start, "<html") || strings.Contains(start, "<!doctype html")
}
