package check

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// An answer is what the resolver of the system says of a host.
type answer struct {
	addrs   []netip.Addr
	chain   []string // the names that the host stands for, one after the other; only where the system tells
	servers []string // that were asked; likewise
	problem string   // the finding; empty if there are addresses
	err     error
	took    time.Duration
	pinned  bool         // by the hosts file
	served  []netip.Addr // that the name servers give instead, where the hosts file has another
	whole   string       // the name that was found instead of the host, with a suffix
}

// resolver asks once for each host, however many ask it.
type resolver struct {
	mu      sync.Mutex
	answers map[string]func() *answer
}

func (r *runner) lookup(ctx context.Context, host string) *answer {
	r.resolver.mu.Lock()
	if r.resolver.answers == nil {
		r.resolver.answers = make(map[string]func() *answer)
	}
	ask := r.resolver.answers[host]
	if ask == nil {
		ask = sync.OnceValue(func() *answer { return r.resolve(ctx, host) })
		r.resolver.answers[host] = ask
	}
	r.resolver.mu.Unlock()
	return ask()
}

// slowName is when somebody waits for names.
const slowName = 2 * time.Second

func (r *runner) resolve(ctx context.Context, host string) *answer {
	if addr, err := netip.ParseAddr(host); err == nil {
		return &answer{addrs: []netip.Addr{addr}}
	}
	ctx, cancel := r.step(ctx)
	defer cancel()
	began := time.Now()
	name := host
	if strings.Contains(host, ".") && absoluteNames {
		name = host + "." // otherwise a suffix could make another name of it, unnoticed
	}
	a := query(ctx, name)
	if a.problem == "no-such-name" && name != host && len(searchSuffixes()) > 0 {
		if b := query(ctx, host); len(b.addrs) > 0 {
			a.addrs, a.whole = b.addrs, bySuffix(b, host)
			a.problem, a.err = "by-suffix", nil
		}
	}
	a.took = time.Since(began)
	if a.pinned = len(a.addrs) > 0 && slices.Contains(hostsFile(), strings.ToLower(host)); a.pinned {
		served := askServers(ctx, host)
		a.servers = served.servers
		a.served = slices.DeleteFunc(served.addrs, func(addr netip.Addr) bool { return slices.Contains(a.addrs, addr) })
		if len(a.served) < len(served.addrs) { // they agree, or did: it is one of several
			a.served = nil
		}
	}
	return a
}

// bySuffix is the name that was found, if the answer tells.
func bySuffix(a *answer, host string) string {
	for _, name := range a.chain {
		if strings.HasPrefix(name, host+".") {
			return name
		}
	}
	return host + "." + searchSuffixes()[0]
}

// query asks the system.
func query(ctx context.Context, name string) *answer {
	listen := newListener()
	addrs, err := listen.resolver().LookupNetIP(ctx, "ip", name)
	a := &answer{err: err}
	for _, addr := range addrs {
		if addr = addr.Unmap(); !slices.Contains(a.addrs, addr) {
			a.addrs = append(a.addrs, addr)
		}
	}
	heard := listen.heard()
	a.servers = heard.servers
	if a.chain = heard.chain; len(a.chain) == 0 && len(a.addrs) > 0 {
		a.chain = canonicalNames(strings.TrimSuffix(name, "."))
	}
	if len(a.addrs) == 0 {
		a.problem = nameProblem(ctx, err, heard)
	}
	return a
}

// nameProblem is the finding for an error of the resolver.
func nameProblem(ctx context.Context, err error, heard heard) string {
	var dns *net.DNSError
	isDNS := errors.As(err, &dns)
	switch {
	case heard.refused:
		return "name-server-refuses"
	case isErrno(err, syscall.ECONNREFUSED, 10061), strings.Contains(errorText(err), "connection refused"),
		strings.Contains(errorText(err), "unreachable"), strings.Contains(errorText(err), "no route to host"):
		return "no-name-server"
	case isDNS && dns.IsNotFound && heard.empty:
		return "no-address"
	case isDNS && dns.IsNotFound, heard.none && !heard.failed:
		return "no-such-name"
	case heard.failed:
		return "name-server-fails"
	case ctx.Err() != nil, isDNS && dns.IsTimeout, strings.Contains(errorText(err), "timeout"):
		return "no-answer"
	case isDNS && dns.IsTemporary, strings.Contains(errorText(err), "server misbehaving"):
		return "name-server-fails"
	}
	return "name-fails"
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// names resolves the host of a trip. The result is nil where there is nothing to resolve.
func (t *trip) names(ctx context.Context) *Result {
	if _, err := netip.ParseAddr(t.to.Host); err == nil {
		t.answer = t.lookup(ctx, t.to.Host)
		return nil
	}
	t.answer = t.lookup(ctx, t.to.Host)
	a := t.answer
	res := t.result(ProbeNames, LayerDNS, OK, "name-found")
	res.Took = a.took
	res.Values["addresses"], res.Values["server"] = joinAddrs(a.addrs), strings.Join(a.servers, ", ")
	res.Values["suffixes"] = strings.Join(searchSuffixes(), ", ")
	res.Values["names"] = strings.Join(a.chain, " → ")
	if a.err != nil {
		res.Raw = append(res.Raw, a.err.Error())
		res.Values["error"] = a.err.Error()
	}
	if a.problem != "" {
		t.judgeNoName(ctx, res)
		return res
	}
	t.judgeAddresses(res)
	return res
}

// judgeNoName is about a host without an address.
func (t *trip) judgeNoName(ctx context.Context, res *Result) {
	a := t.answer
	res.Status, res.Finding = t.fault(), a.problem
	switch {
	case ctx.Err() != nil:
		res.Status, res.Finding = NotTried, "interrupted"
	case a.problem == "by-suffix":
		res.Values["other"] = a.whole
		t.answer = &answer{} // whoever that is, it is not the host
		res.Values["ticket"] = "dns"
	case a.problem == "no-such-name" && !strings.Contains(t.to.Host, "."):
		res.Finding = "no-such-short-name"
	case a.problem == "no-answer", a.problem == "no-name-server", a.problem == "name-server-refuses":
		res.Values["ticket"], res.Values["reason"] = "name-server", a.problem
		if server, err := netip.ParseAddr(strings.Join(a.servers, "")); err == nil {
			res.Values["from"] = localAddress(server)
		}
	default:
		if _, isAzure := azure(t.to.Host); isAzure {
			res.Values["ticket"] = "dns"
		}
	}
}

// judgeAddresses is about a host with addresses that cannot be the right ones.
func (t *trip) judgeAddresses(res *Result) {
	a := t.answer
	_, isAzure := azure(t.to.Host)
	dark := slices.ContainsFunc(a.addrs, func(addr netip.Addr) bool { return addr.IsUnspecified() || addr.IsLoopback() && isAzure })
	public := slices.ContainsFunc(a.addrs, func(addr netip.Addr) bool { return !private(addr) })
	link := slices.ContainsFunc(a.chain, func(name string) bool { return strings.Contains(name, ".privatelink.") })
	res.Values["file"] = hostsFileName()
	if a.pinned && len(a.served) > 0 && (public || dark || !t.plan.Private) { // the way there shows whether it works all the same
		res.Status, res.Finding, res.Values["other"] = Note, "hosts-file-differs", joinAddrs(a.served)
		switch {
		case dark:
			res.Status, res.Values["reason"] = t.fault(), "sinkhole"
			t.answer = &answer{}
		case isAzure:
			res.Status = Warning
		}
		return
	}
	switch {
	case dark:
		res.Status, res.Finding, res.Values["ticket"] = t.fault(), "sinkhole", "dns"
		t.answer = &answer{}
	case isAzure && public && t.plan.Private && t.to.Role != RoleUpdates && t.to.Role != RoleLogin && t.to.Role != RoleRelay:
		res.Status, res.Finding, res.Values["ticket"] = t.fault(), "public-address", "private-dns"
	case isAzure && public && link:
		res.Status, res.Finding = Note, "private-link-public-address"
	case isAzure && !public && !link && !t.plan.Private:
		res.Status, res.Finding = Warning, "private-address"
	case a.pinned && isAzure:
		res.Status, res.Finding = Warning, "hosts-file"
	case a.took > slowName:
		res.Status, res.Finding, res.Values["seconds"] = Warning, "slow-name", seconds(a.took)
	}
}

// private reports whether an address is of a network that the Internet does not know.
func private(addr netip.Addr) bool {
	return addr.IsPrivate() || addr.IsLoopback() || addr.IsLinkLocalUnicast() || carrierGrade.Contains(addr)
}

var carrierGrade = netip.MustParsePrefix("100.64.0.0/10") // RFC 6598; Azure uses it too

func joinAddrs(all []netip.Addr) string {
	var texts []string
	for _, a := range all {
		texts = append(texts, a.String())
	}
	return strings.Join(texts, ", ")
}

// localhost has to be 127.0.0.1: the parts of the runtime talk to each other by that name.
func (r *runner) localhost(ctx context.Context) []Result {
	a := r.lookup(ctx, "localhost")
	res := newResult(ProbeNames, nil, LayerDNS, OK, "localhost")
	res.Values["addresses"] = joinAddrs(a.addrs)
	if !slices.Contains(a.addrs, netip.AddrFrom4([4]byte{127, 0, 0, 1})) {
		res.Status, res.Finding = Fault, "localhost-elsewhere"
		res.Values["file"] = hostsFileName()
		if a.err != nil {
			res.Raw, res.Values["error"] = []string{a.err.Error()}, a.err.Error()
		}
	}
	return []Result{*res}
}
