package check

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"sync"
	"syscall"
	"time"
)

// slowConnection is when the way there is too long, or the first packet was lost.
const slowConnection = 900 * time.Millisecond

// connect tries an address of each family, side by side. There is a result for the family that works, or for IPv4 if none does;
// one that does not work beside one that does gets a result of its own.
func (t *trip) connect(ctx context.Context) []*Result {
	var wait sync.WaitGroup
	four, six := t.family(true), t.family(false)
	var four4, six6 *Result
	wait.Go(func() { four4 = t.tryFamily(ctx, four) })
	wait.Go(func() { six6 = t.tryFamily(ctx, six) })
	wait.Wait()
	switch {
	case six6 == nil:
		return []*Result{four4}
	case four4 == nil:
		return []*Result{six6}
	case four4.Status == OK && six6.Status == OK, four4.Status == Warning:
		return []*Result{four4}
	case four4.Status == OK:
		if six6.Finding == "no-route" { // no IPv6 here: nothing is amiss
			return []*Result{four4}
		}
		six6.Status, six6.Values["reason"], six6.Finding = Warning, six6.Finding, "ipv6-closed"
		delete(six6.Values, "ticket")
		return []*Result{four4, six6}
	case six6.Status == OK:
		four4.Status, four4.Values["reason"], four4.Finding = Note, four4.Finding, "ipv4-closed"
		delete(four4.Values, "ticket")
		return []*Result{six6, four4}
	}
	return []*Result{four4}
}

// family are the addresses of IPv4 or of IPv6.
func (t *trip) family(four bool) (all []netip.Addr) {
	for _, addr := range t.answer.addrs {
		if addr.Is4() == four {
			all = append(all, addr)
		}
	}
	return all
}

// maxAddresses is how many addresses of a family are tried.
const maxAddresses = 3

// tryFamily tries the first addresses; nil if there is none. Where some work and others do not, some connections will fail.
func (t *trip) tryFamily(ctx context.Context, addrs []netip.Addr) *Result {
	addrs = addrs[:min(len(addrs), maxAddresses)]
	results := make([]*Result, len(addrs))
	var wait sync.WaitGroup
	for i, addr := range addrs {
		wait.Go(func() { results[i] = t.tryAddress(ctx, addr) })
	}
	wait.Wait()
	var good, bad *Result
	for _, r := range results {
		switch {
		case r.Status != OK && r.Status != Warning:
			if bad == nil || bad.Status == NotTried {
				bad = r
			}
		case good == nil:
			good = r
		}
	}
	if good == nil || bad == nil || bad.Status == NotTried {
		return cmp.Or(good, bad)
	}
	good.Status, good.Finding = Warning, "some-addresses-closed"
	good.Values["other"], good.Values["reason"], good.Raw = bad.Values["address"], bad.Finding, bad.Raw
	good.Values["ticket"] = bad.Values["ticket"]
	return good
}

// tryAddress connects once.
func (t *trip) tryAddress(ctx context.Context, addr netip.Addr) *Result {
	began := time.Now()
	c, err := t.dial(ctx, t.to.Host, netip.AddrPortFrom(addr, uint16(t.to.Port)), t.patience())
	if err != nil {
		r := t.connectionResult(ctx, err, addr)
		r.Took = time.Since(began)
		return r
	}
	from, took := localHost(c), c.(*heldConn).took
	c.Close()
	t.mu.Lock()
	if !t.good.IsValid() || addr.Is4() && !t.good.Is4() {
		t.good = addr
	}
	t.mu.Unlock()
	r := t.result(ProbeConnection, LayerNetwork, OK, "connected")
	r.Values["address"], r.Values["from"], r.Took = addr.String(), from, took
	if took > slowConnection {
		r.Status, r.Finding, r.Values["seconds"] = Warning, "slow", seconds(took)
	}
	return r
}

func localHost(c net.Conn) string {
	host, _, _ := net.SplitHostPort(c.LocalAddr().String())
	return host
}

// connectionResult says why a connection could not be made, and whose business that is.
func (t *trip) connectionResult(ctx context.Context, err error, addr netip.Addr) *Result {
	finding := connectionProblem(ctx, err)
	r := t.result(ProbeConnection, LayerNetwork, t.fault(), finding)
	r.Raw = []string{errorText(err)}
	r.Values["address"], r.Values["from"], r.Values["error"] = addr.String(), localAddress(addr), errorText(err)
	if finding == "interrupted" {
		r.Status = NotTried
		return r
	}
	if t.to.Host == addr.String() {
		delete(r.Values, "address")
	}
	r.Values["seconds"] = seconds(t.patience())
	r.Values["ticket"] = "open"
	_, isAzure := azure(t.to.Host)
	switch {
	case finding == "refused" && t.to.Role == RoleNode:
		r.Layer, r.Finding = LayerService, "node-refused"
	case finding == "refused" && (t.to.Role == RoleStore || t.to.Role == RoleOther) && !isAzure:
		r.Layer, r.Finding = LayerStore, "store-refused" // the machine is there, and nobody listens
	case finding == "local-firewall", finding == "no-route": // nobody else's business
		delete(r.Values, "ticket")
	}
	return r
}

// connectionProblem is the finding for an error of a connection that was not made.
func connectionProblem(ctx context.Context, err error) string {
	switch {
	case ctx.Err() != nil:
		return "interrupted"
	case isErrno(err, syscall.ECONNREFUSED, 10061):
		return "refused"
	case isErrno(err, syscall.ECONNRESET, 10054):
		return "reset"
	case isErrno(err, syscall.EACCES, 10013), isErrno(err, syscall.EPERM, 10013):
		return "local-firewall"
	case isErrno(err, syscall.ENETUNREACH, 10051), isErrno(err, syscall.EADDRNOTAVAIL, 10049):
		return "no-route"
	case isErrno(err, syscall.EHOSTUNREACH, 10065):
		return "unreachable"
	case isTimeout(err):
		return "dropped"
	}
	return "connection-fails"
}

func isTimeout(err error) bool {
	var t net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &t) && t.Timeout() ||
		isErrno(err, syscall.ETIMEDOUT, 10060)
}

// isErrno finds an error of the system, by its number here or on Windows.
func isErrno(err error, unix, windows syscall.Errno) bool {
	var errno syscall.Errno
	return errors.As(err, &errno) && (errno == unix || errno == windows)
}

// localAddress is the address that packets to addr would have as sender. None is sent.
func localAddress(addr netip.Addr) string {
	c, err := net.Dial("udp", netip.AddrPortFrom(addr, 9).String())
	if err != nil {
		return ""
	}
	defer c.Close()
	return localHost(c)
}
