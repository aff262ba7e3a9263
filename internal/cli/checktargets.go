package cli

import (
	"context"
	"errors"
	"net/netip"

	"github.com/gwlogs/gwlogs/internal/check"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/matcher"
)

// fromLogs are the addresses that logs say were refused, and the hosts of Azure that their errors name.
func (f *checkFlags) fromLogs(ctx context.Context, ios *IOStreams, o *options) ([]check.Target, error) {
	if len(f.logs) == 0 {
		return nil, nil
	}
	catalogue, err := openCatalogue(nil, false)
	if err != nil {
		return nil, err
	}
	o = o.but(func(o *options) { o.text, o.output, o.format = true, "", report.Text })
	s, err := openSession(ctx, ios, o, f.logs)
	if err != nil {
		return nil, err
	}
	s.selection.Any = catalogue.Selections()
	a, err := s.analyze(ctx, &diagnoseOptions{catalogue: catalogue, evidence: 10})
	var targets []check.Target
	if a != nil {
		targets = logTargets(a)
		if len(targets) == 0 {
			s.console.note("the log names no address that was refused, and no host of Azure")
		}
	}
	if err = s.finish(ctx, err); errors.Is(err, errNothing) {
		return nil, err
	}
	return targets, err
}

// maxFromLog is how many addresses of a log are tried: the most frequent ones.
const maxFromLog = 20

func logTargets(a *matcher.Analysis) (all []check.Target) {
	for _, e := range a.Endpoints[:min(len(a.Endpoints), maxFromLog)] {
		t := check.Target{Host: e.Address, Port: e.Port, Protocol: check.TCP, Role: check.RoleOther, Source: "log"}
		if _, err := netip.ParseAddr(e.Address); err != nil {
			found := check.HostsIn(e.Address, "log")
			if len(found) == 0 {
				continue
			}
			if t = found[0]; e.Port != 0 && e.Port != t.Port {
				t.Port, t.Protocol = e.Port, check.TCP
			}
		}
		if t.Port == 0 {
			t.Port = 443
		}
		all = append(all, t)
	}
	for i := range a.Findings {
		for _, e := range a.Findings[i].Evidence {
			all = append(all, check.HostsIn(e.Message, "log")...)
		}
	}
	for _, g := range a.Groups[:min(len(a.Groups), maxFromLog)] {
		all = append(all, check.HostsIn(g.Example.Message, "log")...)
	}
	return all
}
