package check

import (
	"context"
	"net/url"
	"strconv"
	"strings"
)

// maxRevocation is how many places of revocation are tried in all.
const maxRevocation = 4

// revocation tries the hosts where the certificates of a chain are said to be revoked, each once.
func (t *trip) revocation(ctx context.Context, v *verdict) (all []Result) {
	if v.finding != "" || t.to.Role == RoleRevocation {
		return nil
	}
	for _, c := range v.chain[:min(len(v.chain), 3)] {
		for _, address := range append(c.CRLDistributionPoints, c.OCSPServer...) {
			to, ok := t.revocationTarget(address)
			if !ok {
				continue
			}
			all = append(all, t.tryRevocation(ctx, to)...)
		}
	}
	return all
}

// revocationTarget is the place of a URL, if it was not tried yet.
func (t *trip) revocationTarget(address string) (Target, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" {
		return Target{}, false
	}
	to := Target{Port: 80, Protocol: HTTP, Role: RoleRevocation, Weight: Advised, Path: u.Path, Source: "certificate"}
	if to.setHost(u.Hostname()) != nil {
		return Target{}, false
	}
	if port, err := strconv.Atoi(u.Port()); err == nil {
		to.Port = port
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.revoked[to.String()] || len(t.revoked) >= maxRevocation {
		return Target{}, false
	}
	t.revoked[to.String()] = true
	return to, true
}

// tryRevocation goes the way to a place of revocation, and makes one result of it.
func (t *trip) tryRevocation(ctx context.Context, to Target) []Result {
	sub := &trip{runner: t.runner, to: to}
	for _, r := range sub.make(ctx) {
		if r.Status != Fault && r.Status != Warning {
			continue
		}
		r.Status, r.Values["reason"], r.Finding = Warning, r.Finding, "revocation-unreachable"
		r.Values["other"], r.Values["ticket"] = t.to.Host, "open"
		r.Probe = ProbeTLS
		return []Result{r}
	}
	if strings.TrimSpace(to.Host) == "" || ctx.Err() != nil {
		return nil
	}
	r := newResult(ProbeTLS, &to, LayerTLS, OK, "revocation-reachable")
	return []Result{*r}
}
