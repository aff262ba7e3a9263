package check

import (
	"context"
	"crypto/x509"
	"net"
	"net/netip"
	"os"
	"slices"
	"sync"
	"time"
)

// A Plan is what is tried, and how.
type Plan struct {
	Targets []Target // see Targets and ParseTarget
	Only    []string // names of probes; empty for all
	Product Product
	Cloud   Cloud

	Proxy    *Proxy        // that web targets are reached through; nil for none
	Settings []ProxyConfig // proxies that are set on this machine, and where
	Private  bool          // hosts of Azure are expected to have private addresses, as with private endpoints

	Timeout time.Duration // of each step; 0 for DefaultTimeout
	Limit   time.Duration // of all; 0 for DefaultLimit

	Roots         *x509.CertPool // authorities that are trusted; nil for those of the system
	Folder        string         // of the configuration; empty for where the product puts it
	Now           func() time.Time
	Tool, Version string
}

// The limits of time, where a Plan has none.
const (
	DefaultTimeout = 10 * time.Second
	DefaultLimit   = 60 * time.Second
)

// perHost is how many connections are open to one host at a time.
const perHost = 2

// Run tries everything, side by side. It returns within the limit of the plan, or soon after ctx ends, with what is known by then.
func (p *Plan) Run(ctx context.Context) *Report {
	r := newRunner(p)
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, r.limit)
	defer cancel()
	var wait sync.WaitGroup
	start := func(order int, work func(context.Context) []Result) {
		wait.Go(func() { r.add(order, work(ctx)) })
	}
	if slices.Contains(r.only, ProbeProxy) {
		start(0, r.settings)
	}
	if slices.Contains(r.only, ProbeNames) {
		start(1, r.localhost)
	}
	for i, to := range p.Targets {
		if to.Role == RoleNode && !slices.Contains(r.only, ProbeNodes) {
			left := newResult(ProbeNodes, &to, LayerNetwork, NotTried, "node-left-out")
			left.order = i + 2
			r.mu.Lock()
			r.results = append(r.results, *left)
			r.mu.Unlock()
		}
		if !r.wanted(&to) {
			continue
		}
		t := &trip{runner: r, to: to}
		start(i+2, t.make)
	}
	if slices.Contains(r.only, ProbeMachine) {
		start(len(p.Targets)+2, r.machine)
	}
	done := make(chan struct{})
	go func() { wait.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
		select { // what minds ctx ends by itself; what does not, a call of the system, is left behind
		case <-done:
		case <-time.After(grace):
		}
	}
	return r.report(ctx, began)
}

// grace is how long the probes have to tell what they have, when the time is up.
const grace = 300 * time.Millisecond

// A runner is a plan that is carried out.
type runner struct {
	plan           *Plan
	only           []string
	timeout, limit time.Duration
	now            func() time.Time
	computer       string
	resolver       resolver

	mu      sync.Mutex
	results []Result
	closed  bool
	slots   map[string]chan struct{}
	clocks  []clockSeen
	revoked map[string]bool
}

func newRunner(p *Plan) *runner {
	r := &runner{plan: p, only: p.Only, timeout: p.Timeout, limit: p.Limit, now: p.Now, slots: make(map[string]chan struct{}),
		revoked: make(map[string]bool)}
	if len(r.only) == 0 {
		r.only = ProbeNamesList()
	}
	if r.timeout <= 0 {
		r.timeout = DefaultTimeout
	}
	if r.limit <= 0 {
		r.limit = DefaultLimit
	}
	if r.now == nil {
		r.now = time.Now
	}
	r.computer, _ = os.Hostname()
	return r
}

// wanted reports whether one of the probes that were asked for is about the target.
func (r *runner) wanted(to *Target) bool {
	of := []string{ProbeNames, ProbeConnection, ProbeProxy, ProbeTLS, ProbeService}
	switch to.Role {
	case RoleStore:
		of = []string{ProbeNames, ProbeConnection, ProbeTLS, ProbeStore}
	case RoleNode:
		of = []string{ProbeNames, ProbeNodes}
	}
	if to.Host == "" || to.Host[0] == '*' {
		of = []string{ProbeService}
	}
	return slices.ContainsFunc(of, func(name string) bool { return slices.Contains(r.only, name) })
}

// add takes results, but those of probes that nobody asked for.
func (r *runner) add(order int, all []Result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, one := range all {
		if r.closed || !slices.Contains(r.only, one.Probe) {
			continue
		}
		one.order = order
		r.results = append(r.results, one)
	}
}

func (r *runner) report(ctx context.Context, began time.Time) *Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	r.judgeClock()
	sortResults(r.results)
	report := &Report{
		Tool: r.plan.Tool, Version: r.plan.Version, Time: began.UTC(), Computer: r.computer, Product: r.plan.Product, Cloud: r.plan.Cloud,
		Took: time.Since(began), Interrupted: ctx.Err() != nil, Results: r.results,
	}
	if r.plan.Proxy != nil {
		report.Proxy = r.plan.Proxy.String()
	}
	return report
}

// step is the time that one step has.
func (r *runner) step(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, r.timeout)
}

// slot waits until a host has less than perHost connections.
func (r *runner) slot(ctx context.Context, host string) (release func(), err error) {
	r.mu.Lock()
	s := r.slots[host]
	if s == nil {
		s = make(chan struct{}, perHost)
		r.slots[host] = s
	}
	r.mu.Unlock()
	select {
	case s <- struct{}{}:
		return sync.OnceFunc(func() { <-s }), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// dial opens a connection to a host. It waits for its turn first, which is no part of the time that the step has; what is said on the
// connection has as much time again. It ends with ctx.
func (r *runner) dial(ctx context.Context, host string, addr netip.AddrPort, limit time.Duration) (net.Conn, error) {
	release, err := r.slot(ctx, host)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	d := net.Dialer{KeepAlive: -1, Timeout: limit}
	c, err := d.DialContext(ctx, "tcp", addr.String())
	if err != nil {
		release()
		return nil, err
	}
	_ = c.SetDeadline(time.Now().Add(limit))
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
	return &heldConn{Conn: c, took: time.Since(began), release: func() { stop(); release() }}, nil
}

// heldConn gives its slot back when it is closed.
type heldConn struct {
	net.Conn
	took    time.Duration // to connect
	release func()
}

func (c *heldConn) Close() error {
	err := c.Conn.Close()
	c.release()
	return err
}
