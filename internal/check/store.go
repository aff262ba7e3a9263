package check

import (
	"context"
	"io"
	"net"
	"time"
)

// store speaks the first words of a data store's protocol, up to where it would ask who we are.
func (t *trip) store(ctx context.Context, open opener) []Result {
	if !reaches(t.only, ProbeStore) && !reaches(t.only, ProbeTLS) {
		return nil
	}
	greet := map[Protocol]func(context.Context, net.Conn) []Result{
		TDS: t.tds, PostgreSQL: t.postgres, MySQL: t.mysql, SMB: t.smb, Oracle: t.oracle, SSH: t.banner, FTP: t.banner, TLS: t.plainTLS,
	}[t.to.Protocol]
	if greet == nil {
		return nil
	}
	c, r := open(ctx)
	if r != nil {
		return []Result{*r}
	}
	defer c.Close()
	began := time.Now()
	all := greet(ctx, c)
	for i := range all {
		if all[i].Took == 0 {
			all[i].Took = time.Since(began)
		}
	}
	return all
}

// storeResult is about the store itself.
func (t *trip) storeResult(status Status, finding string) *Result {
	return t.result(ProbeStore, LayerStore, status, finding)
}

// noGreeting is about a store that does not say the first words.
func (t *trip) noGreeting(ctx context.Context, err error) []Result {
	r := t.storeResult(t.fault(), "store-hangs-up")
	r.Raw, r.Values["error"], r.Values["seconds"] = []string{errorText(err)}, errorText(err), seconds(t.timeout)
	switch {
	case ctx.Err() != nil:
		r.Status, r.Finding = NotTried, "interrupted"
	case isTimeout(err):
		r.Finding = "store-silent"
	}
	return []Result{*r}
}

// otherProtocol is about something else than the store that was expected.
func (t *trip) otherProtocol(said []byte) []Result {
	r := t.storeResult(t.fault(), "other-protocol")
	if text := printable(said); text != "" {
		r.Raw = []string{text}
	}
	return []Result{*r}
}

// encrypted goes on with TLS on a connection on which a store has agreed to it, and judges its certificate.
func (t *trip) encrypted(ctx context.Context, c net.Conn) []Result {
	secure, r := t.handshake(ctx, c)
	if r != nil {
		return []Result{*r}
	}
	s := secure.ConnectionState()
	return []Result{*t.tlsResult(t.judge(s), s)}
}

// plainTLS is for what speaks TLS and something in it that is not tried.
func (t *trip) plainTLS(ctx context.Context, c net.Conn) []Result { return t.encrypted(ctx, c) }

// readFull reads n bytes, which is little.
func readFull(c io.Reader, n int) ([]byte, error) {
	data := make([]byte, n)
	read, err := io.ReadFull(c, data)
	return data[:read], err
}
