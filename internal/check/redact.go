package check

import (
	"maps"
	"net/netip"
	"strings"
)

// ours are values that are words of the program's own, and numbers.
func ours(name string) bool {
	switch name {
	case "reason", "role", "ticket", "protocol", "port", "seconds", "days", "status":
		return true
	}
	return false
}

// Map is the report with f applied to every text in it that comes from the machine or the network; what is the program's own stays.
func (r *Report) Map(f func(string) string) *Report {
	out := *r
	out.Computer, out.Proxy = f(r.Computer), f(r.Proxy)
	out.Results = make([]Result, len(r.Results))
	for i, one := range r.Results {
		if one.Target != nil {
			t := *one.Target
			t.Host, t.Path, t.Instance = f(t.Host), f(t.Path), f(t.Instance)
			one.Target = &t
		}
		values := maps.Clone(one.Values)
		for name, value := range values {
			if !ours(name) {
				values[name] = f(value)
			}
		}
		one.Values = values
		raw := make([]string, len(one.Raw))
		for j, line := range one.Raw {
			raw[j] = f(line)
		}
		one.Raw = raw
		out.Results[i] = one
	}
	return &out
}

// Named is a text that tells which words in the report are names of machines, in a form in which redaction knows them.
func (r *Report) Named() string {
	var b strings.Builder
	add := func(host string) {
		if _, err := netip.ParseAddr(host); err != nil && host != "" {
			b.WriteString("Server=" + host + ";\n")
		}
	}
	add(r.Computer)
	for _, one := range r.Results {
		if one.Target != nil {
			if _, isAzure := azure(one.Target.Host); !isAzure {
				add(one.Target.Host)
			}
		}
	}
	host, _, _ := strings.Cut(r.Proxy, ":")
	add(host)
	return b.String()
}
