package redact

import "strings"

// secretNames are what a secret is called when it stands beside its name, in
// connection strings, JSON, XML and headers.
const secretNames = `(?:pass(?:word|wd|phrase|wort|code)|kennwort|mot[ _]de[ _]passe|contraseña|senha|pwd|` +
	`(?:shared_?access|access|account|storage|shared|service_?principal|api|auth|authorization|authentication|encryption|private|gateway|` +
	`primary|secondary|subscription|license|node|registration|sas|backup|cosmos|master|function)[ _-]?key(?:[ _]?[12])?|` +
	`shared_?access_?signature|sas_?(?:token|uri|url)|client_?secret|secret(?:_?value|_?key)?|` +
	`(?:access|refresh|id|auth|security|session|bearer|sas|personal_?access|wrap_access)_?token|credentials?|hmacsha256)`

// nameTriggers occur in every one of secretNames.
func nameTriggers() []string {
	return []string{"pass", "kennwort", "contrase", "senha", "pwd", "key", "signature", "secret", "token", "sasur", "sas_ur", "credential", "hmacsha256"}
}

// What may stand for a value: in quotes (with escaped or doubled ones inside),
// in quotes that are never closed, in a connection string up to the semicolon
// before the next name, or a word.
const secretValue = `(?:` +
	`"(?P<secret>(?:[^"\\]|\\.|"")+)"|'(?P<secret2>(?:[^'\\]|\\.|'')+)'|["'](?P<secret3>[^"'\r\n]+)|` +
	`(?P<secret4>[^;"'\r\n]{1,128}?)\s*;(?:\s*$|\s*[\pL_][\pL\pN_ .-]{0,40}=)|` +
	`(?P<secret5>[^\s;,<>"']+))`

// secretRules are the built-in rules for secrets, those for the most
// particular shapes first: of two that overlap, the first one names it.
func secretRules() []*Rule {
	pem := newRule("private-key", `(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?P<secret>.*?)(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)`, "private key-----")
	pem.joins, pem.whole = true, true
	key := newRule("gateway-key", `(?i)(?:ADF#|IR@)[0-9a-f]{4,8}[0-9a-f-]{0,28}(?:[@#](?:[\pL\pN._=#+/-]*[\pL\pN=+/_-])?)*`, "adf#", "ir@")
	key.joins = true
	jwt := newRule("jwt", `eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)*|eyJ[A-Za-z0-9_-]{37,}`, "eyj")
	jwt.joins = true
	encrypted := newRule("encrypted-credential", `(?i)encrypted_?credentials?["']?\s*[=:]\s*["']?(?P<secret>[A-Za-z0-9+/=_.-]{4,})`, "credential")
	encrypted.joins, encrypted.near = true, signBehind
	bearer := newRule("authorization", `(?i)\b(?:bearer|basic|negotiate|ntlm|sharedkey(?:lite)?)\s+(?P<secret>[A-Za-z0-9+/=._:~-]{16,})`,
		"bearer", "basic", "negotiate", "ntlm", "sharedkey")
	bearer.near = tokenBehind
	sas := newRule("sas", `(?i)(?:^|[^a-z0-9_])sig(?:nature)?=(?P<secret>[^&\s"'<>;,]+)`, "sig=", "signature=")
	sas.joins = true
	url := newRule("url-password", `(?i)[a-z][a-z0-9+.-]*://[^/\s:@"'<>]*:(?P<secret>[^/\s"'<>]+)@`, "://")
	url.near = atBehind
	register := newRule("command-line", `(?is)dmgcmd(?:\.exe)?["']?\s[^\r\n]*?[-/](?:rn|RegisterNewNode|k|Key|ts|TroubleShoot\w*)\s+["']?(?P<secret>[^\s"']{8,})`, "dmgcmd")
	register.whole = true
	rules := []*Rule{
		pem, key, jwt, encrypted,
		newRule("authorization", `(?i)authorization["']?\s*[:=,]\s*["']?\s*(?:`+
			`(?:basic|bearer|shared_?key(?:lite)?|negotiate|ntlm|digest|kerberos|wrap|sharedaccesssignature|aws4-hmac-sha256)\s+(?P<secret>[^\s"'<>,;]+)|`+
			`(?P<secret2>[A-Za-z0-9+/=._:~-]{16,}))`, "authorization"),
		bearer,
		newRule("cookie", `(?i)\b(?:set-)?cookie["']?\s*:\s*(?P<secret>[^\r\n"]+)`, "cookie"),
		sas,
	}
	rules = append(rules, namedRules()...)
	return append(rules, url, register,
		newRule("command-line", `(?i)[-/](?:gbf|GenerateBackupFile|ibf|ImportBackupFile|ssa|SwitchServiceAccount)\s+(?:"[^"]*"|'[^']*'|[^\s"']+)\s+`+
			`(?:"(?P<secret>[^"]+)"?|'(?P<secret2>[^']+)'?|(?P<secret3>[^\s"']+))`,
			"-gbf", "-ibf", "-ssa", "/gbf", "/ibf", "/ssa", "generatebackupfile", "importbackupfile", "switchserviceaccount"),
		newRule("storage-key", `(?:^|[^A-Za-z0-9+/])(?P<secret>[A-Za-z0-9+/]{86}==|[A-Za-z0-9+/]{43}=)(?:$|[^=])`, longBase64))
}

// namedRules find what stands beside a name: as name=value, in an XML element,
// as a pair of name and value, and as an option of a command.
func namedRules() []*Rule {
	rule := func(name, pattern string, near near) *Rule {
		r := newRule(name, pattern, nameTriggers()...)
		r.near = near
		return r
	}
	equals := rule("password", `(?i)`+secretNames+`["'\]]?\s*(?:=>|[=:])\s*`+secretValue, signBehind)
	equals.accept = notAWord
	element := rule("password", `(?i)^<(?:[\pL\pN_.-]+:)?[\pL\pN_.-]*`+secretNames+`(?:\s[^<>]*)?>\s*(?P<secret>[^<>]+?)\s*</`, inTag)
	element.start = tagStart
	return []*Rule{
		equals, element,
		rule("password", `(?i)\b(?:key|name)["']?\s*[=:]\s*["'][^"']*`+secretNames+`["'],?\s+?["']?value["']?\s*[=:]\s*["'](?P<secret>[^"']+)["']`, valueBehind),
		rule("password", `(?i)["']name["']\s*:\s*["'][^"']*`+secretNames+`["']\s*,\s*["']value["']\s*:\s*"(?P<secret>(?:[^"\\]|\\.)+)"`, valueBehind),
		rule("command-line", `(?i)(?:^|\s|["'])(?:--?|/)`+secretNames+`\s+(?:"(?P<secret>[^"]+)"|'(?P<secret2>[^']+)'|(?P<secret3>[^\s"'-][^\s"']*))`, optionBefore),
	}
}

// notAWord refuses what follows a name in a sentence and is plainly no secret:
// "Password: required", "secret: none".
func notAWord(text string, m []int) bool {
	for i := 2; i+1 < len(m); i += 2 {
		if m[i] < 0 {
			continue
		}
		switch strings.ToLower(strings.Trim(text[m[i]:m[i+1]], " .")) {
		case "", "null", "none", "true", "false", "required", "empty", "(null)", "{0}", "{1}", "%1", "%2", "*", "***", "****", "*****", "******", "********":
			return false
		}
	}
	return true
}
