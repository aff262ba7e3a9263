package cli

import (
	"net/url"
	"regexp"
	"strings"
)

// checkArguments refuses a secret that was typed where a file, a report ID or a
// verb belongs, before any message could show it: a URL that gives a right to
// whoever has it, or a private key of age. The error has neither.
func checkArguments(args []string) error {
	flag, verb := "", ""
	for _, arg := range args {
		name, value := flag, arg
		flag = ""
		switch {
		case strings.HasPrefix(arg, "-"):
			var whole bool
			name, value, whole = strings.Cut(strings.TrimLeft(arg, "-"), "=")
			if !whole || hasSecret(name) { // what of a URL stands before its first = has no name of a flag
				flag, value = name, arg
			}
		case name == "" && verb == "":
			verb = value
		}
		isText := name == "contains" || name == "" && verb == "explain" && value != verb // an error that somebody pasted
		switch {
		case ageSecret.MatchString(value) && !isText:
			return usage("write the key into a file that only you can read, and name the file: --identity FILE",
				"a private key of age does not belong on the command line, where everybody on this computer can see it")
		case hasSecret(value) && !isText && name != "to" && name != "from" && name != "proxy": // these hide it themselves
			return usage("a place to send to belongs behind --to, one to fetch from behind --from",
				"a URL with a secret in it stands where something else belongs")
		}
	}
	return nil
}

var (
	ageSecret = regexp.MustCompile(`(?i)AGE-SECRET-KEY-`)
	signedURL = regexp.MustCompile(`(?i)(^|[?&;])(sig|signature|x-(amz|goog|oss)-(signature|credential|security-token)|token|sas|code|key|password|pwd)=[^&]`)
)

// hasSecret reports whether a text is a URL, or a part of one, that has a secret.
func hasSecret(text string) bool {
	if strings.Contains(text, "://") {
		if u, err := url.Parse(text); err == nil {
			if _, has := u.User.Password(); has {
				return true
			}
		} else if strings.Contains(text, "@") {
			return true
		}
		return signedURL.MatchString(text)
	}
	return strings.Contains(text, "sig=") && signedURL.MatchString(text)
}
