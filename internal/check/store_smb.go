package check

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"net"
)

// Parts of SMB 2: [MS-SMB2] 2.2.1 to 2.2.4, behind the length of [MS-SMB2] 2.1.
const (
	smbHeader      = 64
	smbSigning     = 1 // security mode: enabled
	smbMustSign    = 2 // security mode: required
	smbDialect311  = 0x0311
	smbMaxAnswer   = 64 << 10
	smbPreauth     = 1 // negotiate context: SHA-512
	smbStatusField = 8
)

// smb asks a file server which dialect it speaks.
func (t *trip) smb(ctx context.Context, c net.Conn) []Result {
	if _, err := c.Write(smbNegotiate()); err != nil {
		return t.noGreeting(ctx, err)
	}
	head, err := readFull(c, 4)
	if err != nil {
		return t.noGreeting(ctx, err)
	}
	size := int(binary.BigEndian.Uint32(head))
	if size < smbHeader+8 || size > smbMaxAnswer {
		return t.otherProtocol(head)
	}
	body, err := readFull(c, size)
	if err != nil {
		return t.noGreeting(ctx, err)
	}
	if bytes.HasPrefix(body, []byte("\xffSMB")) {
		return []Result{*t.storeResult(t.fault(), "smb1")}
	}
	if !bytes.HasPrefix(body, []byte("\xfeSMB")) {
		return t.otherProtocol(body)
	}
	if status := binary.LittleEndian.Uint32(body[smbStatusField:]); status != 0 {
		r := t.storeResult(t.fault(), "store-error")
		r.Values["error"] = fmt.Sprintf("NTSTATUS 0x%08X", status)
		r.Raw = []string{r.Values["error"]}
		return []Result{*r}
	}
	mode, dialect := body[smbHeader+2], binary.LittleEndian.Uint16(body[smbHeader+4:])
	r := t.storeResult(OK, "smb-answers")
	r.Values["version"] = smbDialectName(dialect)
	r.Values["value"] = "offered"
	if mode&smbMustSign != 0 {
		r.Values["value"] = "required"
	}
	return []Result{*r}
}

func smbDialectName(d uint16) string {
	name := fmt.Sprintf("SMB %d.%d", d>>8, d>>4&15)
	if d&15 != 0 {
		name += fmt.Sprintf(".%d", d&15)
	}
	return name
}

// smbNegotiate is a NEGOTIATE request for all dialects of SMB 2 and 3.
func smbNegotiate() []byte {
	dialects := []uint16{0x0202, 0x0210, 0x0300, 0x0302, smbDialect311}
	le := binary.LittleEndian
	body := make([]byte, smbHeader)
	copy(body, "\xfeSMB")
	le.PutUint16(body[4:], smbHeader)
	le.PutUint16(body[14:], 1) // credits
	const fixed = 36
	context := smbHeader + fixed + 2*len(dialects)
	context = (context + 7) &^ 7
	body = le.AppendUint16(body, fixed)
	body = le.AppendUint16(body, uint16(len(dialects)))
	body = le.AppendUint16(body, smbSigning)
	body = le.AppendUint16(body, 0)
	body = le.AppendUint32(body, 0x7f) // capabilities
	guid := make([]byte, 16)
	_, _ = rand.Read(guid) // never fails
	body = append(body, guid...)
	body = le.AppendUint32(body, uint32(context))
	body = le.AppendUint16(body, 1) // contexts
	body = le.AppendUint16(body, 0)
	for _, d := range dialects {
		body = le.AppendUint16(body, d)
	}
	body = append(body, make([]byte, context-len(body))...)
	const salt = 32
	body = le.AppendUint16(body, smbPreauth)
	body = le.AppendUint16(body, 6+salt)
	body = le.AppendUint32(body, 0)
	body = le.AppendUint16(body, 1) // algorithms
	body = le.AppendUint16(body, salt)
	body = le.AppendUint16(body, 1) // SHA-512
	body = append(body, make([]byte, salt)...)
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), body...)
}
