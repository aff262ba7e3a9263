package check

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// A Protocol is what is spoken at a port.
type Protocol string

// The protocols.
const (
	TCP        Protocol = "tcp" // nothing is known: the connection alone is tried
	HTTPS      Protocol = "https"
	HTTP       Protocol = "http"
	TLS        Protocol = "tls" // something within TLS that is not tried
	TDS        Protocol = "sqlserver"
	PostgreSQL Protocol = "postgresql"
	MySQL      Protocol = "mysql"
	SMB        Protocol = "smb"
	Oracle     Protocol = "oracle"
	SSH        Protocol = "sftp"
	FTP        Protocol = "ftp"
)

// A Weight is how much the gateway needs something.
type Weight int

// The weights.
const (
	Required Weight = iota
	Advised         // it works without, but not everything
	Optional        // faster, or of use to some
)

// A Target is a host and port to be tried.
type Target struct {
	Host     string // a name in ASCII, or an address without brackets
	Port     int    // 0 until SQL Server Browser has told it
	Protocol Protocol
	Role     Role
	Weight   Weight
	Instance string // of SQL Server
	Path     string // of a URL, with its query left out; of a share, its name
	Source   string // where it comes from: target, factory, key, log, configuration, product
}

// String is the host with its port, as people type it.
func (t *Target) String() string {
	switch {
	case t.Protocol == TDS && t.Instance != "" && t.Port == 0:
		return t.Host + `\` + t.Instance
	case t.Port == 0:
		return t.Host
	}
	return net.JoinHostPort(t.Host, strconv.Itoa(t.Port))
}

// web reports whether it is reached through the proxy where there is one.
func (t *Target) web() bool { return t.Protocol == HTTPS || t.Protocol == HTTP }

// An InputError is something typed that cannot be understood.
type InputError struct{ Text, Hint string }

func (e *InputError) Error() string { return e.Text }

func wrongInput(hint, format string, args ...any) error {
	return &InputError{fmt.Sprintf(format, args...), hint}
}

// maxInstance is how long the name of an instance of SQL Server is at most.
const maxInstance = 32

const targetForms = `sql01:1433, 'sql01\INSTANCE', https://HOST/, postgresql://HOST, oracle01:1521, '\\SERVER\SHARE', or HOST:PORT`

// ports are those by which a protocol is known.
func ports() map[int]Protocol {
	return map[int]Protocol{
		443: HTTPS, 80: HTTP, 1433: TDS, 5432: PostgreSQL, 3306: MySQL, 445: SMB, 1521: Oracle, 22: SSH, 21: FTP,
		5671: TLS, 990: TLS, 2484: TLS, 636: TLS,
	}
}

// schemes are the schemes of URLs, with the port of each.
func schemes() map[string]Target {
	return map[string]Target{
		"https": {Protocol: HTTPS, Port: 443}, "http": {Protocol: HTTP, Port: 80}, "tcp": {Protocol: TCP}, "tls": {Protocol: TLS},
		"sqlserver": {Protocol: TDS, Port: 1433}, "mssql": {Protocol: TDS, Port: 1433},
		"postgresql": {Protocol: PostgreSQL, Port: 5432}, "postgres": {Protocol: PostgreSQL, Port: 5432},
		"mysql": {Protocol: MySQL, Port: 3306}, "mariadb": {Protocol: MySQL, Port: 3306},
		"smb": {Protocol: SMB, Port: 445}, "oracle": {Protocol: Oracle, Port: 1521},
		"sftp": {Protocol: SSH, Port: 22}, "ssh": {Protocol: SSH, Port: 22}, "ftp": {Protocol: FTP, Port: 21},
		"net.tcp": {Protocol: TCP, Port: nodePort}, "sb": {Protocol: HTTPS, Port: 443},
		"abfss": {Protocol: HTTPS, Port: 443}, "wasbs": {Protocol: HTTPS, Port: 443},
	}
}

// ParseTarget understands what people have at hand to name a data store or a host: host:port, host,port and host\instance as SQL
// Server has them, a URL, a JDBC URL, a share. A login in it is left out; the errors are *InputError and quote none.
func ParseTarget(text string) (Target, error) {
	t, err := parseTarget(strings.TrimSpace(text))
	if err != nil {
		return Target{}, err
	}
	t.Source = "target"
	if s, ok := azure(t.Host); ok {
		t.Role = s.role
	} else if t.Role == "" {
		t.Role = RoleStore
	}
	if t.Role == RoleStore || t.Role == RoleOther {
		t.Weight = Required
	}
	return t, nil
}

func parseTarget(text string) (Target, error) {
	switch {
	case text == "":
		return Target{}, wrongInput(targetForms, "the target is empty")
	case strings.HasPrefix(text, `\\`) || strings.HasPrefix(text, "//"):
		server, share, _ := strings.Cut(strings.ReplaceAll(text[2:], `\`, "/"), "/")
		t := Target{Protocol: SMB, Port: 445, Path: share}
		return t, t.setHost(server)
	}
	text = strings.TrimPrefix(text, "jdbc:")
	if rest, ok := strings.CutPrefix(text, "oracle:thin:@"); ok {
		text = "oracle://" + strings.TrimPrefix(rest, "//")
	}
	if scheme, rest, ok := strings.Cut(text, "://"); ok {
		return parseURL(strings.ToLower(scheme), rest)
	}
	if rest, ok := strings.CutPrefix(text, "tcp:"); ok { // tcp:HOST,PORT in connection strings
		text = rest
	}
	return parseHostPort(text, Target{})
}

func parseURL(scheme, rest string) (Target, error) {
	t, ok := schemes()[scheme]
	if !ok {
		return t, wrongInput(targetForms, "%s:// is no protocol that can be tried", scheme)
	}
	rest, _, _ = strings.Cut(rest, "?")
	rest, _, _ = strings.Cut(rest, "#")
	rest, _, _ = strings.Cut(rest, ";") // jdbc:sqlserver://HOST:PORT;databaseName=…
	host, path, _ := strings.Cut(rest, "/")
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		host = host[i+1:] // a login, or the container of a storage account
	}
	if t.web() && path != "" {
		t.Path = "/" + path
	}
	if scheme == "smb" {
		t.Path = path
	}
	return parseHostPort(host, t)
}

// parseHostPort reads HOST, HOST:PORT, HOST,PORT and HOST\INSTANCE; t has what is known by the scheme.
func parseHostPort(text string, t Target) (Target, error) {
	known := t.Protocol != ""
	if host, instance, ok := strings.Cut(text, `\`); ok {
		instance, port, hasPort := strings.Cut(instance, ",")
		if !validHost(instance) || len(instance) > maxInstance {
			return t, wrongInput(targetForms, "%q is no instance of SQL Server", clip(instance))
		}
		t.Protocol, t.Instance, t.Port = TDS, instance, 0
		if hasPort {
			text = host + "," + port
		} else {
			if strings.EqualFold(instance, "MSSQLSERVER") {
				t.Instance, t.Port = "", 1433
			}
			return t, t.setHost(host)
		}
	}
	host, port := text, ""
	switch {
	case strings.Contains(text, ","):
		host, port, _ = strings.Cut(text, ",")
		t.Protocol, known = TDS, true
	case strings.HasPrefix(text, "["):
		end := strings.IndexByte(text, ']')
		if end < 0 {
			return t, wrongInput("[2001:db8::1]:1433", "an address of IPv6 begins with [, and has no ]")
		}
		host, port = text[1:end], strings.TrimPrefix(text[end+1:], ":")
	case strings.Count(text, ":") == 1:
		host, port, _ = strings.Cut(text, ":")
	case strings.Count(text, ":") == 2 && t.Protocol == Oracle: // HOST:PORT:SID
		host, port, _ = strings.Cut(text, ":")
		port, _, _ = strings.Cut(port, ":")
	}
	if err := t.setHost(host); err != nil {
		return t, err
	}
	if port != "" {
		n, err := strconv.Atoi(strings.TrimSpace(port))
		if err != nil || n < 1 || n > 65535 {
			return t, wrongInput(targetForms, "%q is no port: they go from 1 to 65535", clip(port))
		}
		t.Port = n
	}
	return t, t.complete(known, port != "")
}

// complete finds out the protocol or the port that was not named.
func (t *Target) complete(known, hasPort bool) error {
	s, isAzure := azure(t.Host)
	switch {
	case known && t.Port != 0:
	case isAzure && (!hasPort || t.Port == s.port):
		t.Port, t.Protocol = s.port, s.speak
	case t.Port != 0:
		t.Protocol = TCP
		if p, ok := ports()[t.Port]; ok {
			t.Protocol = p
		}
	default:
		return wrongInput(targetForms, "%s: which port?", t.Host)
	}
	return nil
}

// setHost takes a name or an address.
func (t *Target) setHost(host string) error {
	host = strings.TrimSuffix(strings.Trim(strings.TrimSpace(host), "[]"), ".")
	if addr, err := netip.ParseAddr(host); err == nil {
		t.Host = addr.String()
		return nil
	}
	if host == "." || strings.EqualFold(host, "(local)") || host == "" {
		return wrongInput(targetForms, "the target has no host")
	}
	ascii, err := idna.ToASCII(strings.ToLower(host))
	if err != nil || !validHost(ascii) {
		return wrongInput(targetForms, "%q is no name of a host", clip(host))
	}
	t.Host = ascii
	return nil
}

// validHost reports whether a name may stand in a packet of DNS and a line of HTTP.
func validHost(host string) bool {
	if len(host) == 0 || len(host) > 253 {
		return false
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > 63 {
			return false
		}
		for _, c := range []byte(label) {
			if !(c == '-' || c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z') {
				return false
			}
		}
	}
	return true
}

// clip shortens what was typed for a message.
func clip(text string) string {
	if len(text) > 60 {
		return strings.ToValidUTF8(text[:60], "") + "…"
	}
	return text
}
