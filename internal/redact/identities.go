package redact

import (
	"net/netip"
	"slices"
	"strings"
	"unicode"
)

// identityTests are what rules for identities can ask of what they found, by name.
func identityTests() map[string]accepter {
	return map[string]accepter{
		"account":       isAccount,
		"profile":       isProfile,
		"share":         isShare,
		"user":          isUser,
		"internal-host": isInternalHost,
		"address":       isAddress,
		"uncommon":      func(text string, m []int) bool { return !commonName(group(text, m, 1)) },
		"bare-user":     isBareUser,
		"no-file":       noFile,
		"at-host":       isAtHost,
		"domain":        isDomain,
		"resource":      isResource,
		"thumbprint":    isThumbprint,
	}
}

// group is the text of the first group of a match whose index is at least n.
func group(text string, m []int, n int) string {
	for i := 2 * n; i+1 < len(m); i += 2 {
		if m[i] >= 0 {
			return text[m[i]:m[i+1]]
		}
	}
	return ""
}

// isAccount refuses accounts that every Windows has, registry keys, types and file names.
func isAccount(text string, m []int) bool {
	domain, user := strings.ToLower(text[m[2]:m[3]]), strings.ToLower(text[m[4]:m[5]])
	before := strings.ToLower(text[max(0, m[2]-5):m[2]])
	switch domain {
	case "service", "authority", "builtin", "nt", "hklm", "hkcu", "hkcr", "hku", "software", "system", "autorite", "autorité", "iis":
		return false
	}
	if n, _ := unescapeBackslash(text[m[3]:]); n > 2 { // \u00e9: a letter, not an account
		return false
	}
	if inPath(text, m[2], m[3]) || strings.HasPrefix(domain, "hkey_") || (before == "nt " || len(before) > 3 && before[len(before)-3:] == "nt " && !isWord(before[len(before)-4])) || strings.Trim(user, ".") == "" {
		return false
	}
	dot := strings.LastIndexByte(user, '.')
	return dot < 0 || !slices.Contains(fileEndings(), user[dot+1:])
}

// inPath reports whether what looks like the domain of an account is the end of
// the name of a folder that has blanks: C:\Program Files\Microsoft.
func inPath(text string, from, to int) bool {
	before := text[max(0, from-260):from]
	if at := strings.LastIndexAny(before, "\r\n\t\"'<>|*?;,="); at >= 0 {
		before = before[at+1:]
	}
	slash := strings.LastIndexByte(before, '\\')
	if slash < 0 {
		return false
	}
	root, first := strings.LastIndex(before, `:\`), strings.IndexByte(before, '\\')
	if root < 1 && first > 0 && isNameByte(before[first-1]) && !strings.Contains(before, `\\`) && !strings.Contains(before, `HK`) && !strings.Contains(before, `%\`) {
		return false
	}
	words := strings.Fields(before[slash+1:])
	for _, word := range words {
		c := []rune(word)[0]
		if !unicode.IsUpper(c) && !unicode.IsDigit(c) && !strings.ContainsRune("(&-_.", c) && word != "and" && word != "of" {
			return false
		}
	}
	domain := text[from:to]
	return len(words) > 0 && len(words) < 6 && (len(domain) < 4 || strings.ToUpper(domain) != domain || digits(domain))
}

// isThumbprint wants a certificate near 40 hexadecimal digits, or the capitals
// that Windows writes thumbprints with: a checksum or a commit is none.
func isThumbprint(text string, m []int) bool {
	around := strings.ToLower(text[max(0, m[2]-96):min(len(text), m[3]+48)])
	for _, word := range [...]string{"thumb", "cert", "finger", "x5t", "x509", `\my\`, "/my/", "ssl", "tls", "issue", "signer", "zertifi", "sertifi", "empreinte", "huella", "impronta", "impressão",
		"vingerafdruk", "odcisk", "otisk", "отпечат", "сертификат", "証明書", "拇印", "指纹", "指紋", "证书", "憑證", "인증서", "지문"} {
		if strings.Contains(around, word) {
			return true
		}
	}
	before := strings.ToLower(text[max(0, m[2]-24):m[2]])
	for _, word := range [...]string{"sha", "commit", "hash", "sum", "revision", "digest", "etag", "blob", "tree", "index", "md5", "git"} {
		if strings.Contains(before, word) {
			return false
		}
	}
	return strings.ToUpper(text[m[2]:m[3]]) == text[m[2]:m[3]] && strings.ContainsAny(text[m[2]:m[3]], "ABCDEF")
}

func fileEndings() []string {
	return []string{
		"exe", "dll", "config", "xml", "json", "txt", "log", "csv", "evtx", "etl", "ini", "dat", "db", "mdf", "zip", "msi", "sys", "cmd", "bat",
		"ps1", "cs", "tmp", "bak", "xlsx", "docx", "pfx", "cer", "crt", "key", "pem", "parquet", "dmgbackup", "jar", "html", "sql", "gz", "mui",
	}
}

func isProfile(text string, m []int) bool {
	switch strings.ToLower(text[m[2]:m[3]]) {
	case "public", "default", "default user", "all users", "defaultapppool", "defaultuser0":
		return false
	}
	return true
}

// isShare refuses pipes and devices.
func isShare(text string, m []int) bool {
	machine := text[m[2]:m[3]]
	return machine != "." && machine != "?" && !strings.EqualFold(machine, "localhost")
}

func isUser(text string, m []int) bool {
	user := group(text, m, 1)
	return !strings.ContainsAny(user, `\@{}%*`) && !commonName(user)
}

// isBareUser refuses the words of a sentence: runs as a service.
func isBareUser(text string, m []int) bool {
	user := strings.ToLower(group(text, m, 1))
	return isUser(text, m) && !slices.Contains([]string{"the", "service", "user", "administrator", "local", "network", "system", "root", "process", "expected", "well", "soon", "long", "part", "batch", "console",
		"request", "account", "action", "input", "name", "names", "with", "and", "or", "was", "has", "is", "not", "login", "logon", "session", "principal", "group", "microsoft", "default", "unknown",
		"profile", "policy", "password", "setup", "installer", "application", "domain", "different", "another", "job", "task", "windows", "normal", "admin", "anonymous", "guest"}, user)
}

// isAtHost refuses the user and the machine that every server has.
func isAtHost(text string, m []int) bool {
	return !commonName(text[m[2]:m[3]]) || !commonName(text[m[4]:m[5]])
}

// isDomain refuses what no customer calls a domain: that of a program, of a
// cookie, of the machine itself.
func isDomain(text string, m []int) bool {
	domain := group(text, m, 1)
	switch strings.ToLower(domain) {
	case "dns", "sql", "ad", "builtin", "nt", "appdomain", "defaultdomain", "controller", "name", "user", "users", "admins", "account", "not", "is", "was", "none", "the", "a", "and", "or", "application", "security", "policy", "joined", "yes", "no",
		"required", "invalid", "missing", "fault", "http", "https", "com", "net", "failed":
		return false
	}
	before := strings.ToLower(text[max(0, m[0]-12) : m[0]+1])
	return !strings.HasSuffix(domain, "Exception") && !commonName(domain) && !publicCloud(strings.ToLower(domain)) && !strings.HasSuffix(strings.TrimRight(before, " "), "application") && !strings.HasSuffix(strings.TrimRight(before, " "), "app")
}

// isResource refuses the words that have a hyphen: pre-created, self-hosted.
func isResource(text string, m []int) bool {
	before, behind, ok := strings.Cut(strings.ToLower(group(text, m, 1)), "-")
	return !ok || !strings.HasSuffix(behind, "ed") && !slices.Contains([]string{"pre", "self", "non", "re", "read", "on", "built", "level", "wide", "scope"}, before)
}

// noFile refuses names of files, and of algorithms in front of what they made.
func noFile(text string, m []int) bool {
	host := strings.ToLower(group(text, m, 1))
	if strings.HasPrefix(host, "sha") || strings.HasPrefix(host, "md5") || strings.HasPrefix(host, "rsa") || strings.HasPrefix(host, "utf") {
		return false
	}
	dot := strings.LastIndexByte(host, '.')
	return dot < 0 || !slices.Contains(fileEndings(), host[dot+1:])
}

// isInternalHost refuses the machine itself and names of the cloud.
func isInternalHost(text string, m []int) bool {
	host := strings.ToLower(group(text, m, 1))
	if commonName(host) || strings.Trim(host, "0123456789.") == "" {
		return false
	}
	if !strings.Contains(host, ".") {
		return true
	}
	for _, public := range []string{".net", ".com", ".org", ".io", ".cn", ".us", ".de", ".ms", ".gov"} {
		if strings.HasSuffix(host, public) {
			return !publicCloud(host) && !strings.HasPrefix(host, "www.")
		}
	}
	return true
}

// publicCloud knows hosts that belong to a cloud or to Microsoft, not to a customer.
func publicCloud(host string) bool {
	for _, suffix := range []string{
		"windows.net", "azure.net", "azure.com", "microsoft.com", "microsoftonline.com", "windowsazure.com", "clouddatahub.net", "azuresynapse.net",
		"live.com", "windows.com", "office.com", "chinacloudapi.cn", "azure.cn", "usgovcloudapi.net", "aka.ms", "amazonaws.com", "googleapis.com",
		"digicert.com", "oracle.com", "salesforce.com", "sap.com", "github.com", "w3.org", "xmlsoap.org", "microsoftazure.com", "trafficmanager.net",
	} {
		if host == suffix || strings.HasSuffix(host, "."+suffix) {
			return true
		}
	}
	return false
}

// isAddress refuses version numbers, times, and addresses that say nothing
// about anybody.
func isAddress(text string, m []int) bool {
	from, to := m[2], m[3]
	if from > 0 && (isWord(text[from-1]) || text[from-1] == '.' || text[from-1] == '-') || to < len(text) && isWord(text[to]) {
		return false
	}
	if to+1 < len(text) && text[to] == '.' && '0' <= text[to+1] && text[to+1] <= '9' {
		return false
	}
	addr, err := netip.ParseAddr(strings.TrimRight(text[from:to], ":"))
	if err != nil || addr.IsLoopback() || addr.IsUnspecified() || addr.IsMulticast() {
		return false
	}
	if addr.Is4() {
		if b := addr.As4(); b[0] == 255 || b[0] == 0 {
			return false
		}
		before := strings.ToLower(text[max(0, from-16):from])
		for _, word := range []string{"version", "version:", "version=", "versions", "ver.", "build", "build:", "v", "version is", "framework", "sdk"} {
			if strings.HasSuffix(strings.TrimRight(before, ` "'=:>(`), strings.TrimRight(word, ":=")) {
				return false
			}
		}
	}
	return true
}

func isWord(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' || b == '_'
}

// commonName knows names that say nothing about anybody.
func commonName(name string) bool {
	switch strings.ToLower(strings.Trim(name, " .")) {
	case "", "-", "n/a", "null", "none", "localhost", "local", "(local)", "system", "administrator", "admin", "guest", "user", "users", "service", "default",
		"everyone", "anonymous", "root", "sa", "dbo", "public", "test", "gateway", "machine", "server", "host", "network service", "local service",
		"localsystem", "localservice", "networkservice", "anonymous logon", "diahostservice", "domain", "workgroup", "name", "unknown", "sql server",
		"master", "microsoft", "windows", "azure", "self", "this", "node", "error", "true", "false", "id", "tcp", "http", "https", "ftp", "port", "database", "www", "data", "info", "root ca":
		return true
	}
	return false
}
