package redact

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// secretRules are the built-in rules for secrets, those for the most
// particular shapes first: of two that overlap, the first one names it.
func secretRules() []*Rule {
	pem := newRule("private-key", `-----? ?BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)? ?-----?`, "--begin", "-- begin")
	pem.joins, pem.value = true, pemBody
	tail := newRule("private-key", `^(?P<secret>[A-Za-z0-9+/=\s\\]+)-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----`, "-----end")
	tail.start, tail.whole, tail.accept = pemStart, true, longLine
	key := newRule("gateway-key", `(?i)(?:ADF#|\bIR@)[0-9a-f]{4,8}[0-9a-f-]{0,28}(?:[@#](?:[\pL\pN._=#+/-]*[\pL\pN=+/_-])?)*`, "adf#", "ir@")
	key.joins, key.accept = true, isKey
	endpoint := newRule("gateway-key", `(?i)@ServiceEndpoint=[a-z0-9.-]+@(?P<secret>[A-Za-z0-9+/=_-]{12,})`, "@serviceendpoint=")
	endpoint.joins = true
	jwt := newRule("jwt", `eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)*|eyJ[A-Za-z0-9_-]{37,}`, "eyj")
	jwt.joins = true
	encrypted := newRule("encrypted-credential", `(?i)encrypted_?credentials?["']?\s*[=:]\s*["']?(?P<secret>[A-Za-z0-9+/=_.-]{4,})`, "credential")
	encrypted.joins, encrypted.near, encrypted.accept = true, signBehind, notAWord
	bearer := newRule("authorization", `(?i)\b(?:bearer|basic|negotiate|ntlm|sharedkey(?:lite)?)\s+(?P<secret>[A-Za-z0-9+/=._:~-]{16,})`,
		"bearer", "basic", "negotiate", "ntlm", "sharedkey")
	bearer.near, bearer.accept = tokenBehind, notProse
	digest := newRule("authorization", `(?i)\bdigest\s+(?P<secret>[a-z]+\s*=\s*(?:"[^"]*"|[^\s",;]+)(?:\s*,\s*[a-z]+\s*=\s*(?:"[^"]*"|[^\s",;]+))+)`, "digest")
	header := newRule("authorization", `(?i)authorization["']?\s*[:=,]\s*["']?\s*(?:`+
		`(?:basic|bearer|shared_?key(?:lite)?|negotiate|ntlm|digest|kerberos|wrap|token|apikey|sharedaccesssignature|aws4-hmac-sha256)\s+(?P<secret>[^\s"'<>,;]+)|`+
		`(?P<secret2>[A-Za-z0-9+/=._:~-]{8,}))`, "authorization")
	header.accept = notProse
	cookie := newRule("cookie", `(?i)\b(?:set-)?cookie["']?\s*[:=]\s*["']?(?P<secret>(?:[^\r\n"\\]|\\[^rn"])+)`, "cookie")
	cookie.accept, cookie.near = notAWord, signNext
	digest.near = spaceBehind
	sas := newRule("sas", `(?i)(?:^|[^a-z0-9_])sig(?:nature)?(?:=|"\s*:\s*")(?P<secret>[^&\s"'<>;,\\]+)`, "sig=", "signature=", `sig"`)
	sas.joins = true
	url := newRule("url-password", `(?i)[a-z][a-z0-9+.-]*://`, "://")
	url.near, url.value = atBehind, userInfo
	register := newRule("command-line", `(?i)dmgcmd(?:\.exe)?["']?\s`, "dmgcmd")
	register.value = commandOption(`(?i)(?:^|\s)[-/](?:rn|RegisterNewNode|k|Key|ts|TroubleShoot\w*)["']?\s+["']?([^\s"']{8,})`, register.triggers)
	rules := []*Rule{pem, tail, key, endpoint, jwt, encrypted, header, bearer, digest, cookie, sas}
	rules = append(rules, namedRules()...)
	rules = append(rules, commandRules()...)
	return append(rules, url, register,
		newRule("storage-key", `(?:^|[^A-Za-z0-9+/])(?P<secret>[A-Za-z0-9+/]{86}==|[A-Za-z0-9+/]{43}=)(?:$|[^=])`, longBase64))
}

// namedRules find what stands beside a name: as name=value, in an XML element,
// as a pair of name and value, as an option of a command, and in a sentence.
func namedRules() []*Rule {
	names := newSecretNames()
	rule := func(name string, near near, find finder) *Rule {
		return &Rule{Name: name, parts: []part{{}}, triggers: nameTriggers(), near: near, find: find, accept: notAWord}
	}
	pair := rule("password", quoteBehind, newPairs(names).find)
	pair.triggers = append(pair.triggers, "authorization", "cookie")
	token := newRule("password", `(?i)(?:^|[^a-z])(?:token|jeton)["']?\s*[=:]\s*["']?(?P<secret>[A-Za-z0-9+/=._~-]{16,})`, "token", "jeton")
	token.near, token.accept = signBehind, random
	short := newRule("password", `(?i)(?:^|[?&;,\s"'{$])(?:pass|pw)\s*=`, "pass=", "pass =", "pw=", "pw =")
	short.value, short.accept = behindSign, notAWord
	return []*Rule{
		rule("password", signBehind, names.assignment),
		rule("password", inTag, names.element),
		pair,
		rule("command-line", optionBefore, names.option),
		rule("password", sentenceBehind, names.inSentence()),
		token, short,
	}
}

// commandRules find the secrets in command lines and scripts that stand in
// their place, without a name.
func commandRules() []*Rule {
	secure := newRule("command-line", `(?i)convertto-securestring\s+(?:-(?:string|asplaintext|force)\s+)*`, "convertto-securestring")
	secure.value = behindOption
	piped := newRule("command-line", `(?i)(?:"(?P<secret>[^"\r\n]+)"|'(?P<secret2>[^'\r\n]+)')\s*\|\s*convertto-securestring`, "convertto-securestring")
	piped.before = 512
	object := newRule("command-line", `(?i)(?:PSCredential|NetworkCredential)["']?[)\]]?(?:::new)?\s*(?:-ArgumentList\s+)?\(?@?\(?\s*["'][^"'\r\n]*["']\s*,\s*["'](?P<secret>[^"'\r\n]+)`, "pscredential", "networkcredential")
	tool := newRule("command-line", `(?i)\b(?:sqlcmd|bcp|osql)(?:\.exe)?["']?\s`, "sqlcmd", "bcp", "osql")
	tool.value = commandOption(`(?:^|\s)[-/]P\s*["']?([^\s"']+)`, tool.triggers) // -p is something else
	shell := newRule("command-line", `(?i)\b(?:plink|pscp|psftp)(?:\.exe)?["']?\s`, "plink", "pscp", "psftp")
	shell.value = commandOption(`(?:^|\s)-pw\s+["']?([^\s"']+)`, shell.triggers) // -P is the port
	task := newRule("command-line", `(?i)\b(?:schtasks|psexec|psexec64|winrs)(?:\.exe)?["']?\s`, "schtasks", "psexec", "winrs")
	task.value = commandOption(`(?i)(?:^|\s)[-/](?:rp|p)[\s:]\s*["']?([^\s"']+)`, task.triggers)
	key := newRule("command-line", `(?i)[-/]pass:`, "/pass:", "-pass:")
	key.value = behindOption
	basic := newRule("command-line", `(?i)\bcurl(?:\.exe)?["']?\s`, "curl")
	basic.value = commandOption(`(?:^|\s)(?:-u|--user|--proxy-user|-U)\s+["']?[^\s:"']+:([^\s"']+)`, basic.triggers)
	backup := newRule("command-line", `(?i)[-/](?:gbf|GenerateBackupFile|ibf|ImportBackupFile|ssa|SwitchServiceAccount)\s+(?:"[^"]*"|'[^']*'|[^\s"']+)\s+`,
		"-gbf", "-ibf", "-ssa", "/gbf", "/ibf", "/ssa", "generatebackupfile", "importbackupfile", "switchserviceaccount")
	backup.value, backup.behind = behindOption, 600
	return []*Rule{
		secure, piped, object, tool, shell, task, key, basic,
		backup,
	}
}

// A valueOf finds the value behind the match m of a rule; from is to if there is none.
type valueOf func(text string, m []int) (from, to int)

// behindSign is the value behind a name and a sign.
func behindSign(text string, m []int) (from, to int) {
	name := m[0]
	if name < len(text) && !isNameByte(text[name]) {
		name++
	}
	for name > 0 && m[0]-name < maxNameRest && isNameByte(text[name-1]) {
		name--
	}
	sign := text[m[1]-1]
	if sign == '>' {
		sign = '='
	}
	if m[1] < len(text) && text[m[1]] == ':' {
		return m[1], m[1] // a scope
	}
	l := literal{text, name, sign}
	return l.at(m[1])
}

// behindOption is the value behind an option and a space.
func behindOption(text string, m []int) (from, to int) {
	l := literal{text, m[0], 0}
	return l.at(m[1])
}

// elementText is the text of an element, also of one inside or in CDATA.
func elementText(text string, m []int) (from, to int) {
	from = m[1] + leadingSpace(text[m[1]:])
	if rest, ok := strings.CutPrefix(text[from:], "<![CDATA["); ok {
		from += len("<![CDATA[")
		if end := strings.Index(rest, "]]>"); end >= 0 {
			return from, from + end
		}
		return from, len(text)
	}
	if n := tagEnd(text[from:]); n > 0 && text[from+1] != '/' && text[from+n-2] != '/' {
		from += n
	}
	to = len(text)
	if end := strings.IndexByte(text[from:], '<'); end >= 0 {
		to = from + end
	}
	for from < to && (isSpace(text[from]) && text[from] != '"' && text[from] != '\'') {
		from++
	}
	return from, from + len(strings.TrimRight(text[from:to], " \t\r\n"))
}

// commandOption finds the option with a secret behind it in what follows the
// name of a command, up to the next command.
func commandOption(pattern string, commands []string) valueOf {
	option := regexp.MustCompile(pattern)
	return func(text string, m []int) (from, to int) {
		command := text[m[1]:min(len(text), m[1]+2*maxLooked)]
		if end := strings.IndexAny(command, "\r\n"); end >= 0 {
			command = command[:end]
		}
		folded := asciiLower(command)
		for _, name := range commands {
			if end := strings.Index(folded[:len(command)], name); end >= 0 {
				command = command[:end]
			}
		}
		if at := option.FindStringSubmatchIndex(command); at != nil {
			return m[1] + at[2], m[1] + at[3]
		}
		return m[1], m[1]
	}
}

// maxPEM is the size of the largest private key.
const maxPEM = 64 << 10

// pemBody is what stands behind the first line of a private key: up to the
// last one, or what is left of it if it was cut off.
func pemBody(text string, m []int) (from, to int) {
	rest := text[m[1]:min(len(text), m[1]+maxPEM)]
	if end := strings.Index(rest, "-END "); end >= 0 {
		for end > 0 && (rest[end-1] == '-' || rest[end-1] == ' ' && end > 1 && rest[end-2] == '-') {
			end--
		}
		return m[1], m[1] + end
	}
	if end := strings.IndexAny(rest, `"'<>`); end >= 0 {
		return m[1], m[1] + end
	}
	return m[1], len(text)
}

// pemStart goes back over the lines of a private key.
func pemStart(text []byte, at, stride int) int {
	i := at
	for i >= stride {
		if b := text[i-stride]; !isBase64(b) && b != '=' && b != '\\' && b != '\r' && b != '\n' {
			break
		}
		i -= stride
	}
	return i
}

// userInfo is the password in a URL, or the token that stands for both names.
func userInfo(text string, m []int) (from, to int) {
	colon, at, slash := -1, -1, -1
	if rest := text[m[1]:]; rest == "" || rest[0] == '[' {
		return m[1], m[1] // an address, or redacted
	}
scan:
	for i := m[1]; i < len(text) && i < m[1]+maxLooked; i++ {
		switch b := text[i]; b {
		case ':':
			if colon < 0 && slash < 0 {
				colon = i
			}
		case '@':
			if slash < 0 || at < 0 {
				at = i
			}
			if slash >= 0 {
				break scan
			}
		case '/', '\\', '?', '#':
			if at >= 0 || colon < 0 || isPort(text[colon+1:i]) {
				break scan
			}
			if slash < 0 {
				slash = i
			}
		case '\'':
			if closes(text, i) {
				break scan
			}
		case ' ', '\t', '\r', '\n', '"', '<', '>':
			break scan
		}
	}
	switch {
	case at < 0:
	case colon >= 0 && colon < at:
		return colon + 1, at
	case at-m[1] >= 20 && mixedToken(text[m[1]:at]):
		return m[1], at
	}
	return m[1], m[1]
}

func isPort(text string) bool {
	return len(text) <= 5 && strings.Trim(text, "0123456789") == ""
}

func mixedToken(text string) bool {
	return strings.ContainsAny(text, "0123456789") && strings.IndexFunc(text, unicode.IsLetter) >= 0 && !strings.Contains(text, ".")
}

// notAWord refuses what follows a name in a sentence and is plainly no secret:
// "Password: required", "secret: none".
func notAWord(text string, m []int) bool {
	from, to := secretPart(m)
	if from < 0 {
		return true
	}
	value := strings.ToLower(strings.Trim(text[from:to], " .{}()"))
	switch value {
	case "", "null", "none", "true", "false", "required", "empty", "0", "1", "%1", "%2", "%3", "%s", "system.security.securestring", "system.string":
		return false
	}
	if strings.Trim(value, "*•·x#.-_") == "" && len(value) > 0 {
		return false
	}
	value, _, _ = strings.Cut(value, " ")
	if from > 0 && isSpace(text[from-1]) && to < len(text) && (text[to] == ' ' || text[to] == '.' || text[to] == ',') {
		switch value {
		case "the", "a", "an", "this", "is", "was", "not", "must", "has", "have", "had", "cannot", "can", "could", "failed", "incorrect", "invalid", "expired",
			"wrong", "missing", "unknown", "please", "you", "your", "user", "no", "or", "and", "access", "login", "which", "it", "if", "one", "some",
			"der", "die", "das", "ein", "eine", "ist", "nicht", "falsch", "le", "la", "les", "un", "une", "est", "incorrecte", "expire", "cannot be":
			return false
		}
	}
	if name := strings.ToLower(text[m[0]:min(m[1], len(text))]); strings.Contains(name, "credential") || strings.Contains(name, "primary") || strings.Contains(name, "secondary") {
		return !letters(value) && len(value) >= 4
	}
	return true
}

// secretPart returns the first group of a match that took part.
func secretPart(m []int) (from, to int) {
	for i := 2; i+1 < len(m); i += 2 {
		if m[i] >= 0 {
			return m[i], m[i+1]
		}
	}
	return -1, -1
}

func letters(text string) bool {
	return strings.IndexFunc(text, func(c rune) bool { return !unicode.IsLetter(c) && c != ' ' }) < 0
}

// notProse refuses words, and names of types and permissions, where a token may stand.
func notProse(text string, m []int) bool {
	from, to := secretPart(m)
	if from < 0 {
		return true
	}
	for _, word := range strings.FieldsFunc(text[from:to], func(c rune) bool { return strings.ContainsRune("/._:-", c) }) {
		if strings.Trim(word, "0123456789abcdef") == "" && len(word) >= 4 && len(word) <= 12 {
			continue // of a GUID
		}
		if len(word) > 24 || !letters(word) || strings.ContainsFunc(strings.Trim(word[1:], "abcdefghijklmnopqrstuvwxyz"), unicode.IsUpper) && !camel(word) {
			return true
		}
	}
	return len(m) > 4 && m[2] >= 0 && to-from < 16 && asciiLower(text[m[0]:min(len(text), m[0]+13)]) == "authorization" && !slices.Contains([]string{"authentication", "scheme", "header", "token", "auth", "is", "failed"}, strings.ToLower(text[from:to]))
}

// camel reports whether a word is made of several, each with a capital.
func camel(word string) bool {
	capitals := 0
	for i := range len(word) {
		if 'A' <= word[i] && word[i] <= 'Z' {
			capitals++
			if i+2 < len(word) && 'A' <= word[i+1] && word[i+1] <= 'Z' {
				return false
			}
		}
	}
	return capitals*3 <= len(word)
}

// mixed wants a letter and a digit.
func mixed(text string, m []int) bool {
	from, to := secretPart(m)
	return strings.ContainsAny(text[from:to], "0123456789") && strings.IndexFunc(text[from:to], unicode.IsLetter) >= 0
}

// random wants what no person would write, and no GUID.
func random(text string, m []int) bool {
	from, to := secretPart(m)
	value := text[from:to]
	return mixed(text, m) && !(len(value) == 36 && strings.Count(value, "-") == 4) && notProse(text, m)
}

// isKey refuses what only begins like a gateway key: an address of mail.
func isKey(text string, m []int) bool {
	key := text[m[0]:m[1]]
	if strings.HasPrefix(strings.ToLower(key), "adf#") {
		return true
	}
	return strings.ContainsAny(key[3:min(len(key), 11)], "0123456789") || len(key) >= 11 && strings.Trim(key[3:11], "0123456789abcdefABCDEF") == ""
}

// longLine wants a line of a key.
func longLine(text string, m []int) bool {
	from, to := secretPart(m)
	for _, line := range strings.FieldsFunc(text[from:to], func(c rune) bool { return !isBase64(byte(c)) }) {
		if len(line) >= 16 {
			return true
		}
	}
	return false
}
