package matcher

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// An Endpoint is an address that the gateway was not allowed to reach.
type Endpoint struct {
	Address     string // of IP, IPv6 without brackets, or the name of a host
	Port        int    // 0: the log does not name it
	Count       int    // events
	First, Last time.Time
	Computers   []string     // by name
	Signatures  []*Signature // the problems that it was seen in, by name
}

// The captures whose addresses the firewall has to let through; others, of refused connections for one, name theirs differently.
const (
	endpointCapture = "endpoint"      // with the groups address and port
	blockedCapture  = "endpoint-name" // the name of a host of which no port is known
)

// blocked reports whether the capture is one of these.
func (c *Capture) blocked() bool {
	return c.Name == endpointCapture && c.endpoint() || c.Name == blockedCapture
}

// endpoints gathers addresses; of more than maxEndpoints those seen first.
type endpoints struct {
	all map[endpointKey]*endpointTally
}

type endpointKey struct {
	address string
	port    int
}

type endpointTally struct {
	Endpoint
	computers  map[string]bool
	signatures map[string]*Signature
}

const (
	maxEndpoints         = 10_000
	maxEndpointComputers = 1000
)

func newEndpoints() *endpoints { return &endpoints{make(map[endpointKey]*endpointTally)} }

func (e *endpoints) add(key endpointKey, s *Signature, seen *Evidence) {
	t := e.all[key]
	if t == nil {
		if len(e.all) >= maxEndpoints {
			return
		}
		t = &endpointTally{
			Endpoint:  Endpoint{Address: key.address, Port: key.port, First: seen.Time, Last: seen.Time},
			computers: make(map[string]bool), signatures: make(map[string]*Signature),
		}
		e.all[key] = t
	}
	t.Count++
	if seen.Time.Before(t.First) {
		t.First = seen.Time
	}
	if seen.Time.After(t.Last) {
		t.Last = seen.Time
	}
	if seen.Computer != "" && len(t.computers) < maxEndpointComputers {
		t.computers[seen.Computer] = true
	}
	t.signatures[s.Name] = s
}

// sorted returns the most frequent first.
func (e *endpoints) sorted() []Endpoint {
	var all []Endpoint
	for _, t := range e.all {
		t.Computers = slices.Sorted(maps.Keys(t.computers))
		t.Signatures = nil
		for _, name := range slices.Sorted(maps.Keys(t.signatures)) {
			t.Signatures = append(t.Signatures, t.signatures[name])
		}
		all = append(all, t.Endpoint)
	}
	slices.SortFunc(all, func(a, b Endpoint) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Address, b.Address), cmp.Compare(a.Port, b.Port))
	})
	return all
}
