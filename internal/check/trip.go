package check

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"time"
)

// A trip is the way to one target, layer by layer. It ends at the first layer that fails: what lies behind is not known.
type trip struct {
	*runner
	to     Target
	answer *answer
	good   netip.Addr // an address that took a direct connection

	certificateWanted bool // the other side asked for a certificate of ours in the last handshake
}

// make goes as far as the way is open.
func (t *trip) make(ctx context.Context) (all []Result) {
	if t.to.Host == "" || t.to.Host[0] == '*' {
		return t.unnamed()
	}
	add := func(r *Result) {
		if r != nil {
			all = append(all, *r)
		}
	}
	proxy := t.proxy()
	name := t.names(ctx)
	var direct []*Result
	if t.to.Port == 0 && len(t.answer.addrs) > 0 { // an instance of SQL Server
		r := t.browse(ctx)
		if r.Status != OK {
			add(name)
			add(r)
			return all
		}
		add(r)
	}
	if len(t.answer.addrs) > 0 && (reaches(t.only, ProbeConnection) || reaches(t.only, ProbeNodes)) {
		direct = t.connect(ctx)
	}
	if proxy == nil {
		blameHostsFile(name, direct)
		add(name)
		for _, r := range direct {
			add(r)
		}
		if !t.good.IsValid() {
			return all
		}
		return append(all, t.talk(ctx, func(ctx context.Context) (net.Conn, *Result) { return t.open(ctx) })...)
	}
	// Through the proxy, which resolves and connects in our place: what does not work directly need not.
	tunnel := t.tunnel(ctx, proxy)
	t.byTheWay(name, "name-by-proxy")
	add(name)
	for _, r := range direct {
		if tunnel.Status == OK || r.Status == OK || r.Status == NotTried {
			t.byTheWay(r, "direct-closed")
		} else {
			t.byTheWay(r, r.Finding)
		}
		add(r)
	}
	if tunnel.Status != OK && t.good.IsValid() {
		tunnel.Values["other"] = "direct"
	}
	add(tunnel)
	if tunnel.Status != OK {
		return all
	}
	return append(all, t.talk(ctx, func(ctx context.Context) (net.Conn, *Result) { return t.through(ctx, proxy) })...)
}

// blameHostsFile turns a dead address into the fault of the hosts file that it is from, where the name servers say otherwise.
func blameHostsFile(name *Result, direct []*Result) {
	if name == nil || name.Finding != "hosts-file-differs" {
		return
	}
	for _, r := range direct {
		if r.Status == OK || r.Status == Warning && r.Finding == "slow" || r.Status == NotTried {
			continue
		}
		if r.Status == Fault || name.Status != Fault {
			name.Status = r.Status
		}
		name.Values["reason"] = r.Finding
		r.Status, r.Values["reason"], r.Finding = Note, r.Finding, "hosts-file-address"
		delete(r.Values, "ticket")
	}
}

// byTheWay makes a note of a result that does not matter where there is a proxy.
func (t *trip) byTheWay(r *Result, finding string) {
	if r == nil || r.Status == OK || r.Status == NotTried {
		return
	}
	switch r.Finding {
	case "private-address", "hosts-file", "hosts-file-differs", "slow-name", "private-link-public-address", "slow", "ipv6-closed":
		r.Status = Note
		return
	case "public-address", "sinkhole", "by-suffix":
		r.Status = Note
		return
	}
	r.Values["reason"] = r.Finding
	r.Status, r.Finding = Note, finding
	delete(r.Values, "ticket")
}

// talk tries what is spoken on an open way.
func (t *trip) talk(ctx context.Context, open opener) []Result {
	switch t.to.Protocol {
	case HTTPS:
		return t.https(ctx, open)
	case HTTP:
		return t.http(ctx, open)
	case TCP:
		return nil
	}
	return t.store(ctx, open)
}

// An opener opens a connection once more. Its result says why not.
type opener func(context.Context) (net.Conn, *Result)

// open connects directly, to an address that has taken a connection before.
func (t *trip) open(ctx context.Context) (net.Conn, *Result) {
	c, err := t.dial(ctx, t.to.Host, netip.AddrPortFrom(t.good, uint16(t.to.Port)), t.patience())
	if err != nil {
		return nil, t.connectionResult(ctx, err, t.good)
	}
	return c, nil
}

// optionalPatience is how long a step may take that is about what the gateway can do without.
const optionalPatience = 3 * time.Second

// patience is how long a step may take.
func (t *trip) patience() time.Duration {
	if t.to.Weight == Optional {
		return min(t.timeout, optionalPatience)
	}
	return t.timeout
}

// unnamed is a host that the product needs, and whose name nobody has told.
func (t *trip) unnamed() []Result {
	r := t.result(ProbeService, LayerService, NotTried, "unnamed-"+string(t.to.Role))
	return []Result{*r}
}

// fault is the status of what does not work, by how much the gateway needs it.
func (t *trip) fault() Status { return severity(t.to.Weight) }

func severity(w Weight) Status {
	switch w {
	case Required:
		return Fault
	case Advised:
		return Warning
	}
	return Note
}

func (t *trip) result(probe string, layer Layer, status Status, finding string) *Result {
	if t.to.Role == RoleNode && probe == ProbeConnection {
		probe = ProbeNodes
	}
	r := newResult(probe, &t.to, layer, status, finding)
	r.Values["computer"] = t.computer
	if t.answer != nil {
		r.Values["addresses"] = joinAddrs(t.answer.addrs)
	}
	return r
}

func newResult(probe string, to *Target, layer Layer, status Status, finding string) *Result {
	r := &Result{Probe: probe, Layer: layer, Status: status, Finding: finding, Values: make(map[string]string)}
	if to != nil {
		copied := *to
		r.Target = &copied
		r.Values["host"], r.Values["target"], r.Values["role"] = to.Host, to.String(), string(to.Role)
		if to.Port != 0 {
			r.Values["port"] = strconv.Itoa(to.Port)
		}
		r.Values["protocol"], r.Values["instance"] = string(to.Protocol), to.Instance
	}
	return r
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f", d.Seconds()) }
