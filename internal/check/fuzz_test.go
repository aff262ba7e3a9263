package check

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/internal/words"
)

// saidConn is another side that says what it says, whatever it hears.
type saidConn struct{ r io.Reader }

func (c *saidConn) Read(p []byte) (int, error)       { return c.r.Read(p) }
func (c *saidConn) Write(p []byte) (int, error)      { return len(p), nil }
func (c *saidConn) Close() error                     { return nil }
func (c *saidConn) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (c *saidConn) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (c *saidConn) SetDeadline(time.Time) error      { return nil }
func (c *saidConn) SetReadDeadline(time.Time) error  { return nil }
func (c *saidConn) SetWriteDeadline(time.Time) error { return nil }

// FuzzAnswers: whatever the other side says, there is a result that can be said, and nothing in it acts on a terminal.
func FuzzAnswers(f *testing.F) {
	for i, seed := range []string{
		"\x04\x01\x00\x1a\x00\x00\x01\x00\x00\x00\x0b\x00\x06\x01\x00\x11\x00\x01\xff\x10\x00\x10\x3e\x00\x00\x02", "S", "EFATAL\x00", "N",
		"\x0a\x00\x00\x00\x0a10.11\x00\x01\x00\x00\x00abcdefgh\x00\xff\xf7", "\x1b\x00\x00\x00\xff\x6a\x04Host is not allowed",
		"\x00\x00\x00\x48\xfeSMB\x40\x00", "\x00\x20\x00\x00\x04\x00\x00\x00\x22\x00\x00\x14(ERR=1189)", "SSH-2.0-x\r\n", "220 \x1b[31mhi\r\n",
		"HTTP/1.1 407 Proxy\r\nProxy-Authenticate: Basic realm=x\r\n\r\n", "HTTP/1.1 302 Found\r\nLocation: https://x/\r\nDate: Thu, 26 Nov 2026 18:00:00 GMT\r\n\r\n",
		"\x15\x03\x01\x00\x02\x02\x28", "\x16\x03\x03\x00\x00",
	} {
		f.Add(byte(i), []byte(seed))
	}
	protocols := []Protocol{TDS, PostgreSQL, MySQL, SMB, Oracle, SSH, FTP, TLS, HTTPS, HTTP}
	f.Fuzz(func(t *testing.T, which byte, said []byte) {
		r := newRunner(&Plan{Timeout: time.Second})
		trip := &trip{runner: r, to: Target{Host: "host.example", Port: 1, Protocol: protocols[int(which)%len(protocols)], Role: RoleStore}}
		open := func(context.Context) (net.Conn, *Result) { return &saidConn{bytes.NewReader(said)}, nil }
		results := trip.talk(context.Background(), open)
		if resp, err := io.ReadAll(bytes.NewReader(said)); err == nil && len(resp) < 1000 {
			results = append(results, *trip.noProxyAnswer(context.Background(), &Proxy{Host: "p", Port: 1}, io.EOF))
		}
		w := words.In("en")
		for i := range results {
			one := &results[i]
			if text := one.Seen(w); strings.HasPrefix(text, "check-seen.") {
				t.Errorf("%s cannot be said", one.Finding)
			}
			for _, name := range []string{"version", "error", "server", "names"} {
				if strings.ContainsRune(one.Values[name], '\x1b') && name != "names" && name != "error" {
					t.Errorf("%s: %s has an escape", one.Finding, name)
				}
			}
		}
	})
}

// FuzzTyped: what people type, and what files of theirs hold, is understood or refused.
func FuzzTyped(f *testing.F) {
	for _, seed := range []string{`sql01\X,1`, "jdbc:oracle:thin:@h:1:S", "https://u:p@h:1/x?y", `\\s\x`, "[::1]:1", "IR@a@b@ServiceEndpoint=h.x@k=",
		`<configuration><system.net><defaultProxy><proxy proxyaddress="http://p:1"/><bypasslist><add address="("/></bypasslist></defaultProxy></system.net></configuration>`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if to, err := ParseTarget(text); err == nil {
			if _, isIP := netip.ParseAddr(to.Host); isIP != nil && !validHost(to.Host) || to.Port < 0 || to.Port > 65535 || to.Port == 0 && to.Instance == "" {
				t.Errorf("%q: %+v", text, to)
			}
			again, err := ParseTarget(strings.Replace(to.String(), "\n", "", -1))
			if err == nil && again.Host != to.Host {
				t.Errorf("%q: %q is %q again", text, to.Host, again.Host)
			}
		}
		_, _ = ParseNode(text)
		_, _ = Factory(text, Public)
		_, _ = FromKey(text)
		_, _ = ParseProxy(text, "x")
		_ = HostsIn(text, "x")
		_, _ = readInstance(text)
		_, _ = Decode([]byte(text))
		var p ProxyConfig
		if p.parse([]byte(text)) == nil {
			if match, _ := p.bypasses(); match != nil {
				match(&url.URL{Scheme: "https", Host: "h"})
			}
		}
	})
}
