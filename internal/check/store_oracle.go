package check

import (
	"context"
	"encoding/binary"
	"net"
	"regexp"
)

// Types of packets of Oracle Net.
const (
	tnsConnect  = 1
	tnsAccept   = 2
	tnsRefuse   = 4
	tnsRedirect = 5
	tnsResend   = 11
	tnsHeader   = 8
	tnsDataAt   = 58 // of the connect data in a CONNECT packet
)

// oracle asks the listener what tnsping asks: whether it is there. Which services it knows is not tried: for that one has to connect
// to the database.
func (t *trip) oracle(ctx context.Context, c net.Conn) []Result {
	if _, err := c.Write(tnsPing()); err != nil {
		return t.noGreeting(ctx, err)
	}
	head, err := readFull(c, tnsHeader)
	if err != nil {
		if len(head) > 0 {
			return t.otherProtocol(head)
		}
		return t.noGreeting(ctx, err)
	}
	size := int(binary.BigEndian.Uint16(head))
	if size < tnsHeader || size > 8192 {
		return t.otherProtocol(head)
	}
	r := t.storeResult(OK, "oracle-answers")
	switch head[4] {
	case tnsRefuse, tnsAccept:
		body, _ := readFull(c, size-tnsHeader)
		if code := tnsCode.FindSubmatch(body); code != nil && string(code[1]) != "0" {
			r.Status, r.Finding, r.Values["error"] = t.fault(), "oracle-error", "ERR="+string(code[1])
		}
		if len(body) > 4 {
			r.Raw = []string{printable(body[4:])}
		}
	case tnsRedirect, tnsResend:
	default:
		return t.otherProtocol(head)
	}
	return []Result{*r}
}

var tnsCode = regexp.MustCompile(`\(ERR=(\d{1,6})\)`)

func tnsPing() []byte {
	data := "(CONNECT_DATA=(COMMAND=ping))"
	be := binary.BigEndian
	p := make([]byte, tnsDataAt)
	be.PutUint16(p, uint16(tnsDataAt+len(data)))
	p[4] = tnsConnect
	be.PutUint16(p[8:], 0x0136)  // version
	be.PutUint16(p[10:], 0x012c) // the oldest that we speak
	be.PutUint16(p[14:], 0x0800) // sizes of units
	be.PutUint16(p[16:], 0x7fff)
	be.PutUint16(p[18:], 0x7f08) // characteristics of the protocol
	be.PutUint16(p[22:], 1)      // by which the listener sees our byte order
	be.PutUint16(p[24:], uint16(len(data)))
	be.PutUint16(p[26:], tnsDataAt)
	return append(p, data...)
}
