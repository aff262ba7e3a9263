package check_test

import (
	"crypto/tls"
	"encoding/binary"
	"io"
	"log"
	"net"
	"strings"
	"time"
)

func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

// standIns speak the first documented bytes of stores that cannot be had here: SQL Server, its Browser, and Oracle's listener.
func (l *lab) standIns() {
	cert := l.ca.issue("sql01.example", nil)
	l.answerEach("203.0.113.43:1433", func(c net.Conn) { sqlServer(c, 0, &cert) })
	self := (&authority{t: l.t}).issue("SSL_Self_Signed_Fallback", nil)
	l.answerEach("203.0.113.43:1434", func(c net.Conn) { sqlServer(c, 3, &self) })
	other := (&authority{t: l.t}).issue("sql02.example", nil)
	l.answerEach("203.0.113.43:1437", func(c net.Conn) { sqlServer(c, 3, &other) })
	own := (&authority{t: l.t}).issue("sql01.example", nil)
	l.answerEach("203.0.113.43:1438", func(c net.Conn) { sqlServer(c, 3, &own) })
	l.answerEach("203.0.113.43:1435", func(c net.Conn) { sqlServer(c, 2, nil) })
	l.answerEach("203.0.113.43:1436", func(c net.Conn) { // strict encryption: TLS, or nothing
		var first [1]byte
		if _, err := io.ReadFull(c, first[:]); err != nil || first[0] != 0x16 {
			return
		}
		_ = tls.Server(&unread{c, first[:]}, &tls.Config{Certificates: []tls.Certificate{cert}}).Handshake()
	})
	l.answerEach("203.0.113.43:1521", func(c net.Conn) { listener(c, "0") })
	l.answerEach("203.0.113.43:1522", func(c net.Conn) { listener(c, "1189") })
	l.answerEach("203.0.113.43:1499", func(c net.Conn) { time.Sleep(10 * time.Second) }) // says nothing
	l.answerEach("203.0.113.43:1498", func(c net.Conn) {})                               // hangs up
	var udp net.PacketConn
	if err := l.within(l.other, func() (err error) { udp, err = net.ListenPacket("udp", "203.0.113.43:1434"); return err }); err != nil {
		l.t.Fatal(err)
	}
	l.atEnd(func() { udp.Close() })
	go browser(udp)
}

// unread gives back what was read to find out.
type unread struct {
	net.Conn
	first []byte
}

func (u *unread) Read(p []byte) (int, error) {
	if len(u.first) > 0 {
		n := copy(p, u.first)
		u.first = u.first[n:]
		return n, nil
	}
	return u.Conn.Read(p)
}

// sqlServer answers a PRELOGIN message ([MS-TDS] 2.2.6.5) and goes on with TLS in packets.
func sqlServer(c net.Conn, encryption byte, cert *tls.Certificate) {
	head := make([]byte, 8)
	if _, err := io.ReadFull(c, head); err != nil || head[0] != 0x12 {
		return
	}
	_, _ = io.CopyN(io.Discard, c, int64(binary.BigEndian.Uint16(head[2:]))-8)
	body := []byte{0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff, 16, 0, 0x10, 0x3e, 0, 0, encryption}
	_, _ = c.Write(append([]byte{4, 1, 0, byte(8 + len(body)), 0, 0, 1, 0}, body...))
	if cert == nil {
		_, _ = io.Copy(io.Discard, c)
		return
	}
	_ = tls.Server(&tdsSide{Conn: c}, &tls.Config{Certificates: []tls.Certificate{*cert}, MaxVersion: tls.VersionTLS12}).Handshake()
	_, _ = io.Copy(io.Discard, c)
}

// tdsSide is the server's side of TLS in packets.
type tdsSide struct {
	net.Conn
	left int
}

func (s *tdsSide) Write(p []byte) (int, error) {
	head := []byte{4, 1, 0, 0, 0, 0, 1, 0}
	binary.BigEndian.PutUint16(head[2:], uint16(8+len(p)))
	if _, err := s.Conn.Write(append(head, p...)); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (s *tdsSide) Read(p []byte) (int, error) {
	for s.left == 0 {
		head := make([]byte, 8)
		if _, err := io.ReadFull(s.Conn, head); err != nil {
			return 0, err
		}
		s.left = int(binary.BigEndian.Uint16(head[2:])) - 8
	}
	n, err := s.Conn.Read(p[:min(len(p), s.left)])
	s.left -= n
	return n, err
}

// listener answers as tnslsnr does to tnsping.
func listener(c net.Conn, code string) {
	head := make([]byte, 8)
	if _, err := io.ReadFull(c, head); err != nil || head[4] != 1 {
		return
	}
	data := make([]byte, int(binary.BigEndian.Uint16(head))-8)
	if _, err := io.ReadFull(c, data); err != nil || !strings.Contains(string(data), "(COMMAND=ping)") {
		return
	}
	text := "(DESCRIPTION=(TMP=)(VSNNUM=318767104)(ERR=" + code + ")(ALIAS=LISTENER))"
	p := []byte{0, byte(12 + len(text)), 0, 0, 4, 0, 0, 0, 0x22, 0, 0, byte(len(text))}
	_, _ = c.Write(append(p, text...))
}

// browser answers as SQL Server Browser does ([MC-SQLR] 2.2.5).
func browser(in net.PacketConn) {
	buf := make([]byte, 100)
	for {
		n, from, err := in.ReadFrom(buf)
		if err != nil {
			return
		}
		var text string
		switch strings.TrimRight(string(buf[1:n]), "\x00") {
		case "SALES":
			text = "ServerName;SQL01;InstanceName;SALES;IsClustered;No;Version;16.0.1000.6;tcp;1433;;"
		case "PIPES":
			text = "ServerName;SQL01;InstanceName;PIPES;IsClustered;No;Version;16.0.1000.6;np;\\\\SQL01\\pipe\\x;;"
		default:
			continue // as the real one: it knows no such instance
		}
		_, _ = in.WriteTo(append([]byte{5, byte(len(text)), 0}, text...), from)
	}
}
