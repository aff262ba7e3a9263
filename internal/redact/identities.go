package redact

import (
	"net/netip"
	"slices"
	"strings"
)

const (
	guidPattern = `[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`
	hostPattern = `[A-Za-z0-9](?:[A-Za-z0-9_-]{0,62})(?:\.[A-Za-z0-9_-]{1,63})*`
)

// identityRules are the built-in rules for identities. Of two that find the
// same, the earlier one says what it is.
func identityRules() []*Rule {
	mail := newRule("mail", `(?P<user>[\pL\pN._%+'-]{1,64})@(?P<domain>[\pL\pN-]+(?:\.[\pL\pN-]+)+)`, `@`)
	account := newRule("account", `(?:^|[^\\\pL\pN._%/-])(?P<domain>[\pL\pN][\pL\pN.-]{0,30})\\(?P<user>[\pL\pN._$-]{1,64})(?:[^\\\pL\pN._$-]|$|\.\s|\.$)`, `\`)
	account.accept = isAccount
	profile := newRule("profile", `(?i)(?:\\Users\\|\\Documents and Settings\\|/home/|/Users/)(?P<user>[^\\/:*?"<>|\s][^\\/:*?"<>|\r\n,;]{0,63})`, `\users`, `\documents and`, `/home/`, `/users`)
	profile.accept, profile.first = isProfile, true
	unc := newRule("share", `(?:^|[\s"'(=;,\[>:])\\\\(?P<machine>[\pL\pN][\pL\pN._-]{0,254})\\(?P<share>[^\\/:*?"<>|\s;,]{1,80})`, `\\`)
	unc.accept = isShare
	user := newRule("user", `(?i)(?:`+
		`(?:\b(?:user(?:\s?name)?|user id|uid|login|account(?: name)?|logon|utilisateur|l'utilisateur|Benutzer|usuario)\s*[:=]?\s*(?:'(?P<user>[^'\r\n]{1,64})'|"(?P<user2>[^"\r\n]{1,64})"))|`+
		`\b(?:user id|uid|user ?name|user|run ?as)\s*[=]\s*(?P<user3>[^;,"'\s<>&]{1,64})|`+
		`"(?:user|user ?name|user ?id|account ?name)"\s*:\s*"(?P<user4>[^"\r\n]{1,64})"|`+
		`[a-z][a-z0-9+.-]*://(?P<user5>[^/\s:@"'<>\[\]]{1,64}):[^/\s"'<>]*@)`, `user`, `uid`, `login`, `account`, `logon`, `utilisateur`, `benutzer`, `usuario`, `runas`, `run as`, `://`)
	user.accept = isUser
	sid := newRule("sid", `S-1-5-21-\d{1,10}-\d{1,10}-\d{1,10}(?:-\d{1,10})?`, `s-1-5-21-`)
	sid.parts = []part{{0, SID}}
	thumbprint := newRule("certificate", `(?:^|[^0-9A-Fa-f-])(?P<certificate>[0-9A-Fa-f]{40}|(?:[0-9A-Fa-f]{2} ){19}[0-9A-Fa-f]{2})(?:$|[^0-9A-Fa-f-])`)
	cn := newRule("certificate", `\b(?:CN|OU|O|E)=(?P<machine>[^,;"'\r\n+=<>]{1,64})`, `cn=`, `ou=`, `o=`, `e=`)
	azure := []*Rule{
		newRule("azure", `(?i)/subscriptions/(?P<subscription>`+guidPattern+`)`, `/subscriptions/`),
		newRule("azure", `(?i)/resourceGroups/(?P<group>[^/\s"'<>?&,;]+)`, `/resourcegroups/`),
		newRule("azure", `(?i)(?:login\.(?:microsoftonline|windows|chinacloudapi)\.\w+/|tenant_?(?:id)?["']?\s*[:=]\s*["']?)(?P<tenant>`+guidPattern+`)`, `login.`, `tenant`),
		newRule("azure", `(?i)subscription_?(?:id)?["']?\s*[:=]\s*["']?(?P<subscription>`+guidPattern+`)`, `subscription`),
		newRule("azure", `(?i)/(?:factories|workspaces)/(?P<factory>[^/\s"'<>?&,;]+)`, `/factories/`, `/workspaces/`),
		newRule("azure", `(?i)\b(?P<storage>[a-z0-9]{3,24})\.(?:blob|dfs|table|queue|file)\.core\.`, `.core.`),
		newRule("azure", `(?i)\b(?P<factory>[a-z0-9][a-z0-9-]{1,62})\.[a-z0-9]+\.datafactory\.azure\.net`, `.datafactory.`),
		newRule("azure", `(?i)\b(?P<machine>[a-z0-9][a-z0-9-]{1,62})\.(?:database|sql\.azuresynapse|documents|vault|azuredatalakestore)\.(?:windows|azure|azuresynapse|microsoft)?\.?net\b`, `.database.`, `.sql.`, `.documents.`, `.vault.`, `.azuredatalakestore.`),
	}
	namespace := newRule("azure", `(?i)\b(?P<namespace>[a-z0-9][a-z0-9-]{1,62})\.servicebus\.(?:windows|chinacloudapi|usgovcloudapi)\.\w+`, `.servicebus.`)
	namespace.keepsKey = true
	server := newRule("machine", `(?i)(?:\b(?:server|data source|datasource|host ?name|machine ?name|node ?name|computer(?: ?name)?|workstation)["']?\s*[=:]\s*["']?(?:tcp:)?|\bnet\.tcp://|\btcp://)`+
		`(?P<machine>`+hostPattern+`)`, `server`, `source`, `host`, `machine`, `node`, `computer`, `workstation`, `tcp://`)
	server.accept = isInternalHost
	url := newRule("machine", `(?i)\b[a-z][a-z0-9+.-]*://(?:[^/\s@"'<>]*@)?(?P<machine>`+hostPattern+`)`, `://`)
	url.accept = isInternalHost
	internal := newRule("machine", `(?i)\b(?P<machine>[a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,63})*\.(?:corp|local|lan|internal|intra|intranet|private|localdomain|ad))\b`, `.corp`, `.local`, `.lan`, `.int`, `.private`, `.ad`)
	address := newRule("address", `(?P<ip>(?:\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]{1,38}(?:(?:\d{1,3}\.){3}\d{1,3})?(?:%\w+)?)`, `.`, `:`)
	address.accept = isAddress
	address.keepsKey = true
	for _, r := range []*Rule{server, url, internal} {
		r.keepsKey = true
	}
	rules := []*Rule{mail, account, profile, unc, user, sid, thumbprint}
	rules = append(append(rules, azure...), namespace, server, url, internal, cn, address)
	return rules
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
	if strings.HasPrefix(domain, "hkey_") || strings.HasSuffix(before, "nt ") || strings.Trim(user, ".") == "" {
		return false
	}
	dot := strings.LastIndexByte(user, '.')
	return dot < 0 || !slices.Contains(fileEndings(), user[dot+1:])
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
		"master", "microsoft", "windows", "azure", "self", "this", "node", "error", "true", "false", "id", "tcp", "www", "data", "info", "root ca":
		return true
	}
	return false
}
