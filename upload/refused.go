package upload

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

const (
	askAnew = "ask support for a new URL"
	// maxSkew is how much the clocks of two computers may differ before it is worth a word.
	maxSkew = 5 * time.Minute
)

// explainRefused is about a right that we do not have. The service says which
// in its code, and when it looked in its Date: our own clock may be wrong.
func (c *client) explainRefused(s *statusError, reason string) *Error {
	host := c.target.Host()
	now := time.Now().UTC()
	there, err := http.ParseTime(s.header.Get("Date"))
	if err != nil {
		there = now
	}
	there = there.UTC()
	skew := ""
	if d := now.Sub(there); d.Abs() > maxSkew {
		way := "slow"
		if d > 0 {
			way = "fast"
		}
		skew = fmt.Sprintf("; the clock of this computer is %s %s", lengthText(d.Abs()), way)
	}
	detail := strings.ToLower(s.detail)
	if ends := c.target.expires(); !ends.IsZero() && !there.Before(ends) || strings.Contains(detail, "has expired") || strings.Contains(detail, "expired token") {
		at := ""
		if !ends.IsZero() {
			at = " on " + clock(ends)
		}
		return newError(askAnew+": this one is over", "%s: the SAS has expired%s, and it is %s there (%s)%s", host, at, clock(there), reason, skew)
	}
	if starts := c.target.starts(); starts.After(there) {
		return newError("wait until then, or "+askAnew+". The clock of whoever made it may be fast",
			"%s: the SAS is not valid before %s, and it is %s there (%s)%s", host, clock(starts), clock(there), reason, skew)
	}
	if s.code == "RequestTimeTooSkewed" || strings.Contains(detail, "time frame") || skew != "" && c.target.kind == kindPut {
		return newError("set the clock of this computer right, then send again", "%s: the times do not fit: it is %s there, and %s here (%s)%s", host, clock(there), clock(now), reason, skew)
	}
	switch s.code {
	case "AuthorizationPermissionMismatch", "AuthorizationServiceMismatch", "AuthorizationResourceTypeMismatch":
		return newError("ask for one that allows to create and write (sp=cw); to list and fetch, to read and list (sp=rl)",
			"%s: the SAS does not allow this: its permissions are %q (%s)", host, c.permissions(), reason)
	case "AuthorizationSourceIPMismatch":
		return newError("the SAS is for certain addresses: "+askAnew+", or send from there",
			"%s: does not take anything from the address of this computer (%s)", host, reason)
	case "AuthorizationFailure": // of the account's firewall; Azurite says it of a wrong signature too
		return newError("copy the whole URL again, in quotes; if it is whole, the storage account is closed to the address of this computer: ask support to let it in",
			"%s: does not let us in with this URL from here (%s)", host, reason)
	case "AuthorizationProtocolMismatch":
		return newError("use https://", "%s: the SAS is for another protocol (%s)", host, reason)
	case "AuthenticationFailed", "SignatureDoesNotMatch", "InvalidAuthenticationInfo", "InvalidAccessKeyId":
		return newError("copy the whole URL again, in quotes; if it is whole, it was withdrawn: "+askAnew,
			"%s: the signature of the URL is wrong (%s)", host, reason)
	}
	return newError("check the URL, or "+askAnew, "%s: does not let us do this (%s)%s", host, reason, skew)
}

// permissions are what the SAS allows, as far as it may be shown.
func (c *client) permissions() string {
	sp := c.target.sas.Get("sp")
	if len(sp) > 20 || !codeForm.MatchString(sp) {
		return "?"
	}
	return sp
}

func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// lengthText is a duration in its largest unit.
func lengthText(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%d days", d/(24*time.Hour))
	case d >= 2*time.Hour:
		return fmt.Sprintf("%d hours", d/time.Hour)
	}
	return fmt.Sprintf("%d minutes", d/time.Minute)
}
