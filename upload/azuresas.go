package upload

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// sas is a shared access signature: the query of a URL of Azure, which gives
// whoever has it a right for a time.
type sas struct{ query url.Values }

func (s sas) starts() time.Time { return signedTime(s.query.Get("st")) }
func (s sas) ends() time.Time   { return signedTime(s.query.Get("se")) }

// permissions are what it allows, as far as they may be shown.
func (s sas) permissions() string {
	sp := s.query.Get("sp")
	if len(sp) > 20 || !wordForm.MatchString(sp) {
		return "?"
	}
	return sp
}

// explain words the answers of Azure. It says why in a header, as the answer to
// a HEAD has no body, and a SAS says itself what it is good for.
func (p *azurePlace) explain(a *answer) *Error {
	a.setCode(a.header.Get("x-ms-error-code"))
	host, reason := p.host(), a.reason()
	switch a.code {
	case "Md5Mismatch", "Crc64Mismatch":
		return errDamaged(host)
	case "ContainerNotFound":
		return newError(checkURL, "%s: the container of the URL is not there (%s)", host, reason)
	case "BlobAlreadyExists":
		return taken(a, host)
	case "BlobImmutableDueToPolicy", "LeaseIdMissing":
		return newError("another name helps: gwlogs archive makes a bundle with a report ID of its own",
			"%s: the file of that name must not be changed (%s)", host, reason)
	case "AccountLimitExceeded":
		return noRoom(a, host)
	}
	if a.status == http.StatusUnauthorized || a.status == http.StatusForbidden {
		return p.sas.refused(a, host)
	}
	return nil
}

// refused is about a right that we do not have. Azure says which in its code, and
// when it looked in its Date: our own clock may be wrong.
func (s sas) refused(a *answer, host string) *Error {
	reason := a.reason()
	now := time.Now().UTC()
	there, skew := a.clocks(now)
	if ends := s.ends(); !ends.IsZero() && !there.Before(ends) || strings.Contains(a.detail, "has expired") {
		at := ""
		if !ends.IsZero() {
			at = " on " + clock(ends)
		}
		return newError(askAnew+": this one is over", "%s: the SAS has expired%s, and it is %s there (%s)%s", host, at, clock(there),
			reason, skew)
	}
	if starts := s.starts(); starts.After(there) {
		return newError("wait until then, or "+askAnew+". The clock of whoever made it may be fast",
			"%s: the SAS is not valid before %s, and it is %s there (%s)%s", host, clock(starts), clock(there), reason, skew)
	}
	if strings.Contains(a.detail, "time frame") {
		return wrongClock(a, host)
	}
	switch a.code {
	case "AuthorizationPermissionMismatch", "AuthorizationServiceMismatch", "AuthorizationResourceTypeMismatch":
		return newError("ask for one that allows to create and write (sp=cw); to list and fetch, to read and list (sp=rl)",
			"%s: the SAS does not allow this: its permissions are %q (%s)", host, s.permissions(), reason)
	case "AuthorizationSourceIPMismatch":
		return newError("the SAS is for certain addresses: "+askAnew+", or send from there",
			"%s: does not take anything from the address of this computer (%s)", host, reason)
	case "AuthorizationFailure": // of the account's firewall; Azurite says it of a wrong signature too
		return newError("copy the whole URL again, in quotes; if it is whole, the storage account is closed to the address of this "+
			"computer: ask support to let it in",
			"%s: does not let us in with this URL from here (%s)", host, reason)
	case "AuthorizationProtocolMismatch":
		return newError("use https://", "%s: the SAS is for another protocol (%s)", host, reason)
	case "AuthenticationFailed", "InvalidAuthenticationInfo":
		return wrongSignature(a, host)
	}
	return newError(checkURL, "%s: does not let us do this (%s)%s", host, reason, skew)
}
