package redact

import (
	"strings"

	"github.com/gwlogs/gwlogs/sigma/ast"
)

// A Rule finds something to take out of a text. It is made once, and not changed after.
type Rule struct {
	Name string

	pattern  *ast.Regexp // nil if find does it all
	parts    []part      // groups of the pattern that go; none: the whole match
	label    int         // group that has to be the name of a secret; 0: none
	triggers []string    // the rule matches around one of them; none: anywhere
	near     near        // nil: around every one
	only     only        // nil: in every text, if there are no triggers
	forms    forms       // of names, that find looks at
	before   int         // how far in front of a trigger a match begins at most
	behind   int         // how far behind it is looked at first
	start    starter     // where the match around a trigger begins; nil: it is searched for
	whole    bool        // a match may be of any length
	find     finder      // nil: the pattern is searched for
	value    valueOf     // nil: what goes are groups of the pattern
	accept   []accepter  // all must hold, of the match
	tests    []wordTest  // all must hold, of each part that goes
	beside   *ast.Regexp // what must stand within reach of the match; nil: nothing
	joins    bool        // what it finds may go on in the next value of an event
	named    bool        // a match is a name, see matchesNames
	first    bool        // an identity that is looked for in all views before others are
	keepsKey bool        // an identity whose parts stay in the texts of event 401
	samples  Samples
	spec     *ruleSpec // it was made of
}

// Regular expressions are tried around the triggers alone: a match begins at
// most matchBefore bytes in front of one and goes on for matchBehind; one that
// ends there is tried again with more.
const (
	matchBefore = 96
	matchBehind = 192
)

// A part is a group of a pattern that is replaced.
type part struct {
	group int
	kind  Kind // empty for a secret
}

type (
	// A finder finds secrets around a trigger in its own way.
	finder func(out []match, text string, at hit) []match

	// A match is where a finder found a secret, and where what tells of it begins.
	match struct{ start, from, to int }

	// A starter returns where a match around a trigger begins, not in front of low.
	starter func(text string, at, low int) int

	// A valueOf finds the value behind the match m of a pattern; from is to if there is none.
	valueOf func(text string, m []int) (from, to int)

	// An accepter refuses matches.
	accepter func(text string, m []int) bool

	// A wordTest refuses a part of a match, which begins at start.
	wordTest func(text string, start, from, to int) bool
)

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
	Database     Kind = "database"
	Other        Kind = "name" // of rules from files
)

// Kinds lists them, in the order of the documentation.
func Kinds() []Kind {
	return []Kind{
		User, Machine, Domain, Address, Share, SID, Certificate, Subscription, Tenant, Group, Storage, Factory, Namespace, Database, Other,
	}
}

// Names of groups that are no Kind.
const (
	secretGroup = "secret" // begins those that hold a secret
	labelGroup  = "label"  // holds what has to be the name of a secret
)

// partsOf returns those of the groups of a pattern that go. Groups called secret, secret2, … and
// groups called like a Kind are what goes; without any, the whole match.
func partsOf(groups []string) (parts []part, label int) {
	for i, group := range groups {
		switch {
		case group == "":
		case group == labelGroup:
			label = i
		case strings.HasPrefix(group, secretGroup):
			parts = append(parts, part{i, ""})
		default:
			parts = append(parts, part{i, Kind(strings.TrimRight(group, "0123456789"))})
		}
	}
	if len(parts) == 0 {
		parts = []part{{0, ""}}
	}
	return parts, label
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
