package redact

import (
	"regexp"
	"strings"
)

// A Rule finds something to take out of a text.
type Rule struct {
	Name string

	pattern  *regexp.Regexp
	parts    []part                                // groups of the pattern that go; none: the whole match
	triggers []string                              // lower case; the rule matches around one of them, or nowhere
	near     near                                  // nil: around every one
	start    func(text []byte, at, stride int) int // where the match around a trigger begins; nil: it is searched for
	whole    bool                                  // a match may be of any length
	before   int                                   // how far in front of a trigger a match begins at most; 0: matchBefore
	behind   int                                   // how far behind it is looked at first; 0: matchBehind
	find     finder                                // nil: the pattern is searched for
	value    valueOf                               // nil: what goes are groups of the pattern
	accept   func(text string, m []int) bool
	joins    bool // what it finds may go on in the next value of an event
	first    bool // an identity that is looked for in all views before others are
	keepsKey bool // an identity whose parts stay in the texts of event 401
}

// A part is a group of a pattern that is replaced.
type part struct {
	group int
	kind  Kind // empty for a secret
}

// A Kind is what an identity is; it begins its tokens.
type Kind string

// The kinds of identities.
const (
	User         Kind = "user"
	Machine      Kind = "machine"
	Domain       Kind = "domain"
	Address      Kind = "ip"
	Share        Kind = "share"
	SID          Kind = "sid"
	Certificate  Kind = "certificate"
	Subscription Kind = "subscription"
	Tenant       Kind = "tenant"
	Group        Kind = "group"
	Storage      Kind = "storage"
	Factory      Kind = "factory"
	Namespace    Kind = "namespace"
	Other        Kind = "name" // of rules from files
)

// Kinds lists them, in the order of the documentation.
func Kinds() []Kind {
	return []Kind{
		User, Machine, Domain, Address, Share, SID, Certificate, Subscription, Tenant, Group, Storage, Factory, Namespace, Other,
	}
}

// secretGroup begins the names of groups that hold a secret.
const secretGroup = "secret"

// newRule compiles a rule. Groups called secret, secret2, … and groups called
// like a Kind are what goes; without any, the whole match.
func newRule(name, pattern string, triggers ...string) *Rule {
	r := &Rule{Name: name, pattern: regexp.MustCompile(pattern), triggers: triggers}
	r.findParts()
	return r
}

func (r *Rule) findParts() {
	for i, group := range r.pattern.SubexpNames() {
		switch {
		case group == "":
		case strings.HasPrefix(group, secretGroup):
			r.parts = append(r.parts, part{i, ""})
		default:
			r.parts = append(r.parts, part{i, Kind(strings.TrimRight(group, "0123456789"))})
		}
	}
	if len(r.parts) == 0 {
		r.parts = []part{{0, ""}}
	}
}

// Secret reports whether what the rule finds is removed for good; an identity
// becomes a token.
func (r *Rule) Secret() bool { return r.parts[0].kind == "" }

// mark is what stands in the place of a secret.
func (r *Rule) mark() string { return "[redacted:" + r.Name + "]" }

// marked reports whether a text begins with what mark makes, or is what binary
// data are overwritten with, and so is no secret any more.
func marked(text string) bool {
	if rest, ok := strings.CutPrefix(text, "[redacted:"); ok {
		return strings.HasPrefix(strings.TrimLeft(rest, "abcdefghijklmnopqrstuvwxyz0123456789-"), "]")
	}
	return strings.Trim(text, "*") == ""
}
