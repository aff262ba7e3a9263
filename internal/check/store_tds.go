package check

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// Types of packets of SQL Server's protocol: [MS-TDS] 2.2.3.1.1.
const (
	tdsReply    = 0x04
	tdsPrelogin = 0x12
	tdsHeader   = 8 // bytes
	tdsLast     = 1 // status of the last packet of a message
)

// Tokens and values of a PRELOGIN message: [MS-TDS] 2.2.6.5.
const (
	preloginVersion    = 0
	preloginEncryption = 1
	preloginEnd        = 0xff

	encryptOff          = 0 // the login alone is encrypted
	encryptNotSupported = 2
	encryptRequired     = 3
)

// tds asks SQL Server for its version, and which encryption it wants: what every client asks before it logs in.
func (t *trip) tds(ctx context.Context, c net.Conn) []Result {
	version, encryption, err := prelogin(c)
	if err != nil {
		var other *otherError
		if errors.As(err, &other) {
			return t.otherProtocol(other.said)
		}
		if isBroken(err) {
			if r := t.strict(ctx); r != nil {
				return r
			}
		}
		return t.noGreeting(ctx, err)
	}
	r := t.storeResult(OK, "sqlserver-answers")
	r.Values["version"] = sqlServerVersion(version)
	r.Values["value"] = map[byte]string{encryptOff: "offered", encryptRequired: "required", encryptNotSupported: "not supported"}[encryption]
	if encryption == encryptNotSupported {
		r.Status, r.Finding = Warning, "sqlserver-unencrypted"
		return []Result{*r}
	}
	return append([]Result{*r}, t.encrypted(ctx, &tdsConn{Conn: c})...)
}

// strict tries TLS at once, as TDS 8.0 does: a server with strict encryption ends what begins otherwise. Nil if it is not that.
func (t *trip) strict(ctx context.Context) []Result {
	c, r := t.open(ctx)
	if r != nil {
		return nil
	}
	defer c.Close()
	secure, r := t.handshake(ctx, c)
	if r != nil {
		return nil
	}
	s := secure.ConnectionState()
	ok := t.storeResult(OK, "sqlserver-answers")
	ok.Values["version"], ok.Values["value"] = "TDS 8.0", "strict"
	return []Result{*ok, *t.tlsResult(t.judge(s), s)}
}

// An otherError is an answer of something else.
type otherError struct{ said []byte }

func (e *otherError) Error() string { return "answers in another protocol" }

// prelogin sends a PRELOGIN message and reads the version and the encryption of the answer.
func prelogin(c io.ReadWriter) (version []byte, encryption byte, err error) {
	message := []byte{
		preloginVersion, 0, 11, 0, 6, preloginEncryption, 0, 17, 0, 1, preloginEnd,
		0, 0, 0, 0, 0, 0, // our version: none
		encryptOff,
	}
	if _, err := c.Write(tdsPacket(tdsPrelogin, message)); err != nil {
		return nil, 0, err
	}
	head, err := readFull(c, tdsHeader)
	if len(head) > 0 && head[0] != tdsReply {
		return nil, 0, &otherError{head}
	}
	if err != nil {
		return nil, 0, err
	}
	size := int(binary.BigEndian.Uint16(head[2:])) - tdsHeader
	if size < 1 || size > 4096 {
		return nil, 0, &otherError{head}
	}
	body, err := readFull(c, size)
	if err != nil {
		return nil, 0, err
	}
	version, encryption = nil, encryptNotSupported
	for i := 0; i+5 <= len(body) && body[i] != preloginEnd; i += 5 {
		at, n := int(binary.BigEndian.Uint16(body[i+1:])), int(binary.BigEndian.Uint16(body[i+3:]))
		if at+n > len(body) {
			return nil, 0, &otherError{body}
		}
		switch value := body[at : at+n]; {
		case body[i] == preloginVersion && n >= 4:
			version = value
		case body[i] == preloginEncryption && n >= 1:
			encryption = value[0]
		}
	}
	return version, encryption, nil
}

func tdsPacket(kind byte, body []byte) []byte {
	p := make([]byte, tdsHeader, tdsHeader+len(body))
	p[0], p[1] = kind, tdsLast
	binary.BigEndian.PutUint16(p[2:], uint16(tdsHeader+len(body)))
	return append(p, body...)
}

// sqlServerVersion names a version as people do.
func sqlServerVersion(v []byte) string {
	if len(v) < 4 {
		return "SQL Server"
	}
	number := fmt.Sprintf("%d.%d.%d", v[0], v[1], binary.BigEndian.Uint16(v[2:]))
	if year := map[byte]string{8: "2000", 9: "2005", 10: "2008", 11: "2012", 12: "2014", 13: "2016", 14: "2017", 15: "2019", 16: "2022",
		17: "2025"}[v[0]]; year != "" {
		return "SQL Server " + year + " (" + number + ")"
	}
	return "SQL Server " + number
}

// tdsConn carries the messages of a TLS handshake in packets, as before TDS 8.0: [MS-TDS] 2.2.6.5.
type tdsConn struct {
	net.Conn
	left int // bytes of the packet that is read
}

func (c *tdsConn) Write(p []byte) (int, error) {
	const room = 4096 - tdsHeader
	sent := 0
	for sent < len(p) {
		part := p[sent:min(len(p), sent+room)]
		if _, err := c.Conn.Write(tdsPacket(tdsPrelogin, part)); err != nil {
			return sent, err
		}
		sent += len(part)
	}
	return sent, nil
}

func (c *tdsConn) Read(p []byte) (int, error) {
	for c.left == 0 {
		head, err := readFull(c.Conn, tdsHeader)
		if err != nil {
			return 0, err
		}
		if c.left = int(binary.BigEndian.Uint16(head[2:])) - tdsHeader; c.left < 0 {
			return 0, io.ErrUnexpectedEOF
		}
	}
	n, err := c.Conn.Read(p[:min(len(p), c.left)])
	c.left -= n
	return n, err
}

// browserPort is the port of UDP at which SQL Server Browser tells the ports of instances.
const browserPort = 1434

// browse asks SQL Server Browser for the port of an instance: [MC-SQLR] 2.2.2, CLNT_UCAST_INST.
func (t *trip) browse(ctx context.Context) *Result {
	step, cancel := t.step(ctx)
	defer cancel()
	r := t.storeResult(OK, "instance-found")
	r.Values["address"], r.Values["from"] = t.answer.addrs[0].String(), localAddress(t.answer.addrs[0])
	r.Values["seconds"] = seconds(browserPatience)
	port, known, err := askBrowser(step, netip.AddrPortFrom(t.answer.addrs[0], browserPort), t.to.Instance)
	switch {
	case ctx.Err() != nil:
		r.Status, r.Finding = NotTried, "interrupted"
	case err != nil:
		r.Status, r.Finding, r.Raw = t.fault(), "browser-silent", []string{err.Error()}
		r.Values["error"], r.Values["port"], r.Values["ticket"] = err.Error(), strconv.Itoa(browserPort), "browser"
	case port == 0:
		r.Status, r.Finding, r.Values["names"] = t.fault(), "instance-without-tcp", known
	default:
		t.to.Port = port
		r.Values["port"] = strconv.Itoa(port)
		r.Target.Port = port
		r.Values["target"] = t.to.String()
	}
	return r
}

// browserPatience is how long an answer may take: UDP is not repeated by anybody.
const browserPatience = 2 * time.Second

func askBrowser(ctx context.Context, addr netip.AddrPort, instance string) (port int, known string, err error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, "udp", addr.String())
	if err != nil {
		return 0, "", err
	}
	defer c.Close()
	answer := make([]byte, 4096)
	for range 2 {
		_ = c.SetDeadline(time.Now().Add(browserPatience / 2))
		if _, err = c.Write(append(append([]byte{4}, instance...), 0)); err != nil {
			return 0, "", err
		}
		var n int
		if n, err = c.Read(answer); err == nil && n > 3 && answer[0] == 5 {
			port, known = readInstance(string(answer[3:n]))
			return port, known, nil
		}
	}
	if err == nil {
		err = errors.New("an answer that is none of SQL Server Browser")
	}
	return 0, "", err
}

// readInstance reads ServerName;X;InstanceName;Y;…;tcp;PORT;;
func readInstance(text string) (port int, known string) {
	fields := strings.Split(text, ";")
	for i := 0; i+1 < len(fields); i += 2 {
		if strings.EqualFold(fields[i], "tcp") {
			port, _ = strconv.Atoi(fields[i+1])
		}
	}
	if port < 1 || port > 65535 {
		port = 0
	}
	return port, clip(printable([]byte(text)))
}
