package check

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"net"
	"strconv"
)

// postgres asks whether the server takes TLS: an SSLRequest, which is answered by one letter before anything else (PostgreSQL,
// Frontend/Backend Protocol, SSL Session Encryption).
func (t *trip) postgres(ctx context.Context, c net.Conn) []Result {
	request := binary.BigEndian.AppendUint32([]byte{0, 0, 0, 8}, 80877103)
	if _, err := c.Write(request); err != nil {
		return t.noGreeting(ctx, err)
	}
	answer, err := readFull(c, 1)
	if err != nil {
		return t.noGreeting(ctx, err)
	}
	r := t.storeResult(OK, "postgresql-answers")
	switch answer[0] {
	case 'S':
		r.Values["value"] = "offered"
		return append([]Result{*r}, t.encrypted(ctx, c)...)
	case 'N':
		r.Status, r.Finding = Note, "postgresql-unencrypted"
		return []Result{*r}
	case 'E':
		text, _ := io.ReadAll(io.LimitReader(c, 500))
		r.Status, r.Finding, r.Raw = t.fault(), "store-error", []string{printable(text)}
		r.Values["error"] = printable(text)
		return []Result{*r}
	}
	more, _ := readSome(c, 200)
	return t.otherProtocol(append(answer, more...))
}

// What of a MySQL server's first packet matters: Client/Server Protocol, Protocol::HandshakeV10 and ERR_Packet.
const (
	mysqlV10     = 10
	mysqlError   = 0xff
	mysqlSSL     = 0x0800 // capability CLIENT_SSL
	mysqlClient  = 0x0001 | 0x0200 | 0x8000
	maxMySQLSize = 4096
)

// mysql reads the greeting, which the server sends by itself, and goes on with TLS if it is offered.
func (t *trip) mysql(ctx context.Context, c net.Conn) []Result {
	head, err := readFull(c, 4)
	if err != nil {
		if len(head) > 0 {
			return t.otherProtocol(head)
		}
		return t.noGreeting(ctx, err)
	}
	size := int(head[0]) | int(head[1])<<8 | int(head[2])<<16
	if size < 3 || size > maxMySQLSize || head[3] != 0 {
		more, _ := readSome(c, 200)
		return t.otherProtocol(append(head, more...))
	}
	body, err := readFull(c, size)
	if err != nil {
		return t.noGreeting(ctx, err)
	}
	switch body[0] {
	case mysqlError:
		return t.mysqlRefuses(body)
	case mysqlV10:
	default:
		return t.otherProtocol(append(head, body...))
	}
	version, rest, ok := bytes.Cut(body[1:], []byte{0})
	if !ok || len(rest) < 4+8+1+2 {
		return t.otherProtocol(body)
	}
	capabilities := binary.LittleEndian.Uint16(rest[13:])
	r := t.storeResult(OK, "mysql-answers")
	r.Values["version"] = printable(version)
	if capabilities&mysqlSSL == 0 {
		r.Status, r.Finding = Note, "mysql-unencrypted"
		return []Result{*r}
	}
	r.Values["value"] = "offered"
	request := binary.LittleEndian.AppendUint32([]byte{32, 0, 0, 1}, mysqlClient|mysqlSSL)
	request = append(binary.LittleEndian.AppendUint32(request, 1<<24), 45) // the largest packet, utf8mb4
	if _, err := c.Write(append(request, make([]byte, 23)...)); err != nil {
		return append([]Result{*r}, t.noGreeting(ctx, err)...)
	}
	return append([]Result{*r}, t.encrypted(ctx, c)...)
}

// mysqlRefuses tells why a server does not even greet.
func (t *trip) mysqlRefuses(body []byte) []Result {
	number := binary.LittleEndian.Uint16(body[1:])
	text := printable(body[3:])
	r := t.storeResult(t.fault(), "store-error")
	switch number {
	case 1130: // ER_HOST_NOT_PRIVILEGED
		r.Finding = "mysql-host-refused"
	case 1129: // ER_HOST_IS_BLOCKED
		r.Finding = "mysql-host-blocked"
	case 1040, 1203: // ER_CON_COUNT_ERROR
		r.Finding = "mysql-full"
	}
	r.Raw, r.Values["error"] = []string{strconv.Itoa(int(number)) + " " + text}, text
	return []Result{*r}
}

// readSome reads what is there, at most n bytes.
func readSome(c io.Reader, n int) ([]byte, error) {
	data := make([]byte, n)
	read, err := c.Read(data)
	return data[:read], err
}
