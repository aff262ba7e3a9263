package check

import (
	"net"
	"net/netip"
	"slices"
	"strings"

	"github.com/gwlogs/gwlogs/matcher"
)

// maxFromLog is how many addresses of a log are tried: the most frequent ones.
const maxFromLog = 20

// FromLog are the addresses that a log says were refused or silent, and the hosts of Azure that its errors name.
func FromLog(a *matcher.Analysis) (all []Target) {
	add := func(found ...Target) {
		for _, t := range found {
			if len(all) < maxFromLog && !slices.ContainsFunc(all, func(o Target) bool { return o.String() == t.String() }) {
				all = append(all, t)
			}
		}
	}
	for _, e := range a.Endpoints {
		add(endpoint(e.Address, e.Port)...)
	}
	for i := range a.Findings {
		f := &a.Findings[i]
		for _, c := range f.Captures {
			for _, value := range c.Values {
				add(captured(c.Name, value, f.Signature.Name)...)
			}
		}
		for _, e := range f.Evidence {
			add(HostsIn(e.Message, "log")...)
		}
	}
	for _, g := range a.Groups {
		add(HostsIn(g.Example.Message, "log")...)
	}
	return all
}

// endpoint is an address that the firewall has to let through.
func endpoint(address string, port int) []Target {
	t := Target{Host: address, Port: port, Protocol: TCP, Role: RoleOther, Source: "log"}
	if _, err := netip.ParseAddr(address); err != nil {
		found := HostsIn(address, "log")
		if len(found) == 0 {
			return nil
		}
		if t = found[0]; port != 0 && port != t.Port {
			t.Port, t.Protocol = port, TCP
		}
	}
	if t.Port == 0 {
		t.Port = 443
	}
	return []Target{t}
}

// captured is a target that a signature has pulled out of an event: who was not reached.
func captured(name, value, signature string) []Target {
	switch name {
	case "target", "host", "server", "endpoint-name", "vault", "url":
	default:
		return nil
	}
	if host, _, err := net.SplitHostPort(value); err == nil && host == "" {
		return nil
	}
	t, err := ParseTarget(value)
	if err != nil && name == "server" && strings.Contains(signature, "sql") {
		t, err = ParseTarget(value + ":1433")
	}
	if err != nil {
		return nil
	}
	t.Source = "log"
	return []Target{t}
}

// Suggest is the command that tries whether a problem of the network that a log shows is there still; empty where the log shows none.
// Logs are the sources as they were typed, quoted for a shell; without them, the addresses themselves are named.
func Suggest(a *matcher.Analysis, logs []string) string {
	if !slices.ContainsFunc(a.Findings, func(f matcher.Finding) bool { return f.Signature != nil && ofNetwork(f.Signature) }) {
		return ""
	}
	var b strings.Builder
	b.WriteString("gwlogs check")
	if len(logs) > 0 {
		for _, log := range logs[:min(len(logs), 3)] {
			b.WriteString(" --from-log " + log)
		}
		return b.String()
	}
	targets := FromLog(a)
	for _, t := range targets[:min(len(targets), 3)] {
		text := t.String()
		switch {
		case t.Role == RoleService:
			b.WriteString(" --factory " + text[:strings.LastIndexByte(text, ':')])
			continue
		case t.Protocol == HTTPS:
			text = "https://" + text
		case strings.Contains(text, `\`):
			text = "'" + text + "'"
		}
		b.WriteString(" --target " + text)
	}
	return b.String()
}

// ofNetwork reports whether a problem is of what a check tries.
func ofNetwork(s *matcher.Signature) bool {
	return s.Rule != nil && slices.ContainsFunc(s.Rule.Tags, func(tag string) bool {
		switch tag {
		case "gwlogs.network", "gwlogs.relay", "gwlogs.proxy", "gwlogs.certificate":
			return true
		}
		return false
	})
}
