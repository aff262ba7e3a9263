package check

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/gwlogs/gwlogs/internal/words"
)

// A Status is how a probe ended.
type Status string

// The statuses, the worst first.
const (
	Fault    Status = "fault"     // it does not work, and the gateway needs it
	Warning  Status = "warning"   // it does not work well, or what the gateway can do without
	Note     Status = "note"      // worth knowing
	OK       Status = "ok"        // it works
	NotTried Status = "not-tried" // the finding says why
)

// Statuses are all statuses, the worst first.
func Statuses() []Status { return []Status{Fault, Warning, Note, OK, NotTried} }

// A Layer is where something fails: whose business it is to mend it.
type Layer string

// The layers, in the order in which a connection meets them.
const (
	LayerDNS        Layer = "dns"            // names
	LayerNetwork    Layer = "network"        // the way there: routes and firewalls
	LayerProxy      Layer = "proxy"          // the proxy, or its settings
	LayerInspection Layer = "tls-inspection" // somebody on the way opens TLS
	LayerTLS        Layer = "tls"            // certificate and protocol of the other side
	LayerClock      Layer = "clock"          // the clock of this machine
	LayerService    Layer = "service"        // Microsoft's side, or another node, answers and fails
	LayerStore      Layer = "store"          // the data store
	LayerMachine    Layer = "machine"        // this machine
)

func layers() []Layer {
	return []Layer{LayerDNS, LayerNetwork, LayerProxy, LayerInspection, LayerTLS, LayerClock, LayerService, LayerStore, LayerMachine}
}

// A Result is what came of one probe of one target.
type Result struct {
	Probe   string  // a name of Probes
	Target  *Target // nil for what is about the machine
	Layer   Layer   // in which it fails; of what does not fail, the one that was tried
	Status  Status
	Finding string            // what was found, for programs: no-such-name
	Values  map[string]string // what the sentences about it fill in
	Raw     []string          // what the system or the other side said, word for word
	Took    time.Duration

	order   int  // of the trip that it is of
	byClock bool // it is a fault only by this machine's clock, if that is wrong
}

// Seen is what was seen, in a sentence.
func (r *Result) Seen(w *words.Words) string { return w.Say("check-seen."+r.Finding, r.values(w)...) }

// Do is what to do, step by step; nothing where there is nothing to do.
func (r *Result) Do(w *words.Words) []string {
	if r.Status == OK || !w.Has("check-do."+r.Finding) {
		return nil
	}
	steps := strings.Split(w.Say("check-do."+r.Finding, r.values(w)...), "\n")
	return slices.DeleteFunc(steps, func(step string) bool { return step == "" })
}

// Ticket is the line for the people who run the network; empty where it is not their business.
func (r *Result) Ticket(w *words.Words) string {
	if r.Status == OK || r.Status == NotTried || r.Values["ticket"] == "" {
		return ""
	}
	return w.Say("check-ticket."+r.Values["ticket"], r.values(w)...)
}

// Tickets are the lines for several results together: addresses that are wanted for the same reason are one line.
func Tickets(all []*Result, w *words.Words) (lines []string) {
	var open []*Result
	for _, r := range all {
		if ticket := r.Ticket(w); ticket != "" && !slices.Contains(lines, ticket) {
			lines = append(lines, ticket)
			if r.Values["ticket"] == "open" {
				open = append(open, r)
			}
		}
	}
	if len(open) < 2 {
		return lines
	}
	var names []string
	lines = slices.DeleteFunc(lines, func(line string) bool {
		return slices.ContainsFunc(open, func(r *Result) bool { return r.Ticket(w) == line })
	})
	for _, r := range open {
		names = append(names, w.Say("check-ticket.open-one", "host", r.Values["host"], "address", r.Values["address"], "port", r.Values["port"]))
	}
	first := open[0].Values
	return append(lines, w.Say("check-ticket.open-list", "computer", first["computer"], "from", first["from"], "names", strings.Join(names, ", ")))
}

// values are what sentences fill in, with words for what is a name of the program's.
func (r *Result) values(w *words.Words) []any {
	args := make([]any, 0, 2*len(valueNames))
	for _, name := range valueNames {
		value := r.Values[name]
		switch {
		case name == "reason" && w.Has("check-reason."+value):
			value = w.Say("check-reason." + value)
		case name == "role" && w.Has("check-role."+value):
			value = w.Say("check-role." + value)
		case (name == "value" || name == "protocol" || name == "wanted" || name == "other") && w.Has("check-value."+value):
			value = w.Say("check-value." + value)
		}
		args = append(args, name, value)
	}
	return args
}

// valueNames are all that sentences may fill in; what a result does not have is empty.
var valueNames = []string{
	"address", "addresses", "bypass", "computer", "days", "difference", "error", "file", "from", "host", "instance", "issuer", "names",
	"other", "port", "protocol", "proxy", "reason", "role", "schemes", "seconds", "server", "setting", "size", "source", "status",
	"suffixes", "target", "to", "user", "value", "version", "wanted",
}

// A Report is all that was tried.
type Report struct {
	Tool, Version string
	Time          time.Time // when it began
	Computer      string
	Product       Product
	Cloud         Cloud
	Proxy         string // that connections went through, without a login; empty for none
	Took          time.Duration
	Interrupted   bool // somebody ended it, or its time was up: some probes are not tried
	Results       []Result
}

// Count is how many results have the status.
func (r *Report) Count(s Status) int {
	n := 0
	for i := range r.Results {
		if r.Results[i].Status == s {
			n++
		}
	}
	return n
}

// sortResults puts them in the order of the targets, and of a target in that of the probes.
func sortResults(all []Result) {
	probe := make(map[string]int)
	for i, p := range Probes() {
		probe[p.Name] = i
	}
	slices.SortStableFunc(all, func(a, b Result) int {
		return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(probe[a.Probe], probe[b.Probe]))
	})
}
