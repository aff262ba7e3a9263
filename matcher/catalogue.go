package matcher

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/sigma"
	"github.com/gwlogs/gwlogs/sigma/ast"
)

// A Catalogue is signatures, compiled. It does not change and serves any
// number of diagnoses.
type Catalogue struct {
	signatures []*Signature
	set        *sigma.Set
	byRule     map[*sigma.Rule]int // index of the rule's signature
	superseded [][]int             // by signature: those that it supersedes
	ended      [][]int             // by signature: those that end it
	noted      []bool              // by signature: whether it tells anything of the gateway
	blocks     []bool              // by signature: whether it has a capture of a blocked endpoint
	channels   *gatewayChannels
	reportIDs  *ReportIDFinder
	beginnings func() *beginnings // made when first asked for
	skeletons  func() *skeletons  // likewise; nil where they do not tell what rules say
}

// New compiles signatures. The error is a *sigma.Error with the place.
func New(signatures []*Signature) (*Catalogue, error) {
	c := &Catalogue{
		signatures: signatures,
		byRule:     make(map[*sigma.Rule]int, len(signatures)),
		superseded: make([][]int, len(signatures)),
		ended:      make([][]int, len(signatures)),
		noted:      make([]bool, len(signatures)),
		blocks:     make([]bool, len(signatures)),
		channels:   newGatewayChannels(),
		reportIDs:  NewReportIDFinder(),
		beginnings: sync.OnceValue(func() *beginnings { return beginningsOf(signatures) }),
	}
	byName := make(map[string]int, len(signatures))
	rules := make([]*sigma.Rule, len(signatures))
	for i, s := range signatures {
		if first, ok := byName[s.Name]; ok {
			return nil, wrong(s.Rule, fmt.Sprintf("there is a signature %s in %s already", s.Name, signatures[first].Rule.File))
		}
		byName[s.Name] = i
		c.byRule[s.Rule] = i
		rules[i] = s.Rule
	}
	for i, s := range signatures {
		for _, name := range s.Supersedes {
			// One that is not there is no error: own rules may come without the built-in ones.
			if other, ok := byName[name]; ok {
				c.superseded[i] = append(c.superseded[i], other)
			}
		}
	}
	for i, s := range signatures {
		c.noted[i] = c.noted[i] || s.Tells.State != ""
		c.blocks[i] = slices.ContainsFunc(s.Captures, func(c Capture) bool { return c.blocked() })
		if !s.Tells.Sign {
			c.ended[i] = endedBy(s, signatures, byName)
		}
		for _, end := range c.ended[i] {
			c.noted[end] = true
		}
	}
	var err error
	c.set, err = sigma.Compile(rules, &sigma.Options{
		Sources:    c.channels.sources,
		Normalized: func(r *sigma.Rule) bool { return signatures[c.byRule[r]].own },
		Required:   func(r *sigma.Rule) ([]string, bool) { return signatures[c.byRule[r]].requiredTexts() },
	})
	if err != nil {
		return nil, err
	}
	c.skeletons = sync.OnceValue(func() *skeletons {
		if texts, ok := c.set.Texts(); ok && c.looksAtTexts() {
			return newSkeletons(texts)
		}
		return nil
	})
	return c, nil
}

// looksAtTexts reports whether rules look at nothing of an event but its values
// and what matcher.Begin is told, and sequences at nothing but what its System says.
func (c *Catalogue) looksAtTexts() bool {
	if slices.ContainsFunc(newSystemFields(c.set), func(f systemField) bool { return !f.sequences }) {
		return false
	}
	return !slices.ContainsFunc(c.signatures, func(s *Signature) bool {
		correlation := s.Rule.Correlation
		if correlation == nil {
			return false
		}
		return len(correlation.Aliases) > 0 || correlation.Type == ast.ValueCount ||
			slices.ContainsFunc(correlation.GroupBy, func(field string) bool {
				return !slices.ContainsFunc(systemFieldsOf(), func(f systemField) bool { return f.name == field })
			})
	})
}

// Signatures returns the signatures that can be found, in the order of New:
// all but those that only serve a sequence, or are signs.
func (c *Catalogue) Signatures() []*Signature {
	var found []*Signature
	for _, s := range c.signatures {
		if c.reports(s) {
			found = append(found, s)
		}
	}
	return found
}

// reports says whether a finding is made of a signature's events.
func (c *Catalogue) reports(s *Signature) bool { return c.set.Reports(s.Rule) && !s.Tells.Sign }

// All returns all signatures, in the order of New.
func (c *Catalogue) All() []*Signature { return c.signatures }

// Selections are the events that a diagnosis wants to see: for
// evtx.Selection.Any. Nil means all.
func (c *Catalogue) Selections() []evtx.Selection {
	channels, ok := c.set.Channels()
	if !ok {
		return nil
	}
	wanted := []evtx.Selection{
		{From: c.channels.from},
		{Levels: []evtx.Level{evtx.LevelCritical, evtx.LevelError}},
	}
	if !slices.ContainsFunc(c.signatures, func(s *Signature) bool { return !s.own }) {
		// Our own ask of Windows' logs for few events that are no errors: most of such a log costs a look at its names.
		wanted = append(wanted, Neighbours()...)
		channels = slices.DeleteFunc(channels, func(name string) bool { return name == "system" || name == applicationChannel })
	}
	if channels = slices.DeleteFunc(channels, c.channels.has); len(channels) > 0 {
		wanted = append(wanted, evtx.Selection{Channels: channels})
	}
	return wanted
}

// mostSpecific leaves of the signatures that match one event those that know
// most: none that another one supersedes, and of those with a rank a single
// one. A failing copy tells of itself, of the connector, and of the socket
// below it; people need the one that says what to do. Rules of users have no
// rank and stand beside it. within is what one that wraps has in it, or noSignature.
func (c *Catalogue) mostSpecific(signatures []int) (kept []int, within int) {
	if len(signatures) < 2 {
		return signatures, noSignature
	}
	var out []int
	for _, s := range signatures {
		out = append(out, c.superseded[s]...)
	}
	signatures = slices.DeleteFunc(signatures, func(s int) bool { return slices.Contains(out, s) })
	best := -1
	for _, s := range signatures {
		if c.signatures[s].Rank > 0 && (best < 0 || c.outranks(s, best)) {
			best = s
		}
	}
	within = c.within(best, signatures)
	return slices.DeleteFunc(signatures, func(s int) bool { return s != best && c.signatures[s].Rank > 0 }), within
}

// leastWithin is the rank that a signature needs to speak for one that wraps:
// those below know no more than that something was not reached.
const leastWithin = 31

// within returns which of the signatures that match one event says why, where
// the one that names the problem only wraps it: "cannot connect to SQL Server"
// has a refused login in it, or a certificate that nobody trusts.
func (c *Catalogue) within(wraps int, signatures []int) int {
	best := noSignature
	if wraps < 0 || !c.signatures[wraps].Wraps {
		return best
	}
	for _, s := range signatures {
		if one := c.signatures[s]; s == wraps || one.Wraps || one.Rank < leastWithin {
			continue
		}
		if best == noSignature || c.outranks(s, best) {
			best = s
		}
	}
	return best
}

// outranks reports whether a knows more about an event than b. Of two of the
// same rank it is the graver one.
func (c *Catalogue) outranks(a, b int) bool {
	one, other := c.signatures[a], c.signatures[b]
	return cmp.Or(cmp.Compare(one.Rank, other.Rank), cmp.Compare(one.Rule.Level, other.Rule.Level)) > 0
}

// shows reports whether one of the hits may complete a sequence, so that its
// event is evidence.
func (c *Catalogue) shows(hits []sigma.Hit) bool {
	return slices.ContainsFunc(hits, func(h sigma.Hit) bool { return len(c.set.CompletedBy(h)) > 0 })
}

// maySupersede reports whether a sequence that one of the hits may complete
// supersedes the signature.
func (c *Catalogue) maySupersede(hits []sigma.Hit, signature int) bool {
	return slices.ContainsFunc(hits, func(h sigma.Hit) bool {
		for _, rule := range c.set.CompletedBy(h) {
			if slices.Contains(c.superseded[c.byRule[rule]], signature) {
				return true
			}
		}
		return false
	})
}
