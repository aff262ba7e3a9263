package sigma

import "sync"

// Options are what Compile has to know beside the rules. The zero value is
// good for rules without placeholders, whatever log they are for.
type Options struct {
	// Placeholders are the values for %name% in rules with the modifier
	// "expand". One that is missing is an error.
	Placeholders map[string][]string

	// Sources says which events a log source means. Nil, or an answer of
	// ok == false: the log source does not narrow the rule. See WindowsSources.
	Sources func(Logsource) (sources []Source, ok bool)

	// Normalized says which rules look at the values that AddNormalized gives,
	// instead of those of Add; nil: none does.
	Normalized func(*Rule) bool

	// Required is what RequiredTexts has said of a rule, where that is kept with
	// it; nil, or an answer of ok == false: it is asked anew, which takes most of
	// the time of Compile.
	Required func(*Rule) (texts []string, ok bool)
}

// A Form is in what form a rule looks at the values of an event.
type Form uint8

const (
	AsIs       Form = iota // given by Add
	Normalized             // given by AddNormalized
	forms
)

// A Source is a set of events: those of the channel and provider, and among
// them those with one of the ids. What is empty does not narrow it.
type Source struct {
	Channel  string // in any case
	Provider string // likewise
	IDs      []uint16
}

// A Set is rules, compiled. It does not change and serves any number of
// goroutines, Matchers and Correlators.
type Set struct {
	rules    []*Rule
	matchers *sync.Pool // of *Matcher, for Match
	programs []*program // of the detections, in the order of the rules

	fields   [forms]map[string]int // number by the name in the rules
	keywords [forms]bool           // some rule looks at every value
	tests    []*test
	literals *literals
	searches bool // the values of an event are searched for literals

	correlations []*correlation
	serves       map[*Rule][]service // the correlations that a rule counts for
	silent       map[*Rule]bool      // serves only
	detected     int                 // fields of lower numbers are looked at by detections
	count        int                 // fields
}

// A program is a compiled detection.
type program struct {
	rule    *Rule
	index   int // in Set.programs
	expr    node
	scope   scope
	literal bool // it needs one of its literals
}

// The fields that Begin gives an event.
const (
	fieldChannel  = "Channel"
	fieldProvider = "Provider_Name"
	fieldEventID  = "EventID"
)

func isSystem(field string) bool {
	return field == fieldChannel || field == fieldProvider || field == fieldEventID
}

// Compile compiles rules for matching. The error is an *Error with a place:
// a correlation of a rule that is not there, a placeholder without values,
// two rules of one name or id.
func Compile(rules []*Rule, o *Options) (*Set, error) {
	if o == nil {
		o = &Options{}
	}
	s := &Set{rules: rules, searches: true}
	s.matchers = &sync.Pool{New: func() any { return s.Matcher() }}
	for i := range s.fields {
		s.fields[i] = make(map[string]int)
	}
	c := &compiler{set: s, options: o, tests: make(map[string]*test), literals: newLiterals(), bySource: make(map[Logsource]*sources)}
	for _, r := range rules {
		if r.Detection == nil {
			continue
		}
		p, err := c.program(r)
		if err != nil {
			return nil, err
		}
		s.programs = append(s.programs, p)
	}
	s.literals = c.literals
	c.settle()
	s.detected = s.count
	return s, s.correlate(o)
}

// form is in what form a rule looks at values.
func (o *Options) form(r *Rule) Form {
	if o.Normalized != nil && o.Normalized(r) {
		return Normalized
	}
	return AsIs
}

// looksAt gives what a test names its number: a field, or every value.
func (s *Set) looksAt(name string, form Form) int {
	if name == "" {
		s.keywords[form] = true
		return anyValue - int(form)
	}
	return s.field(name, form)
}

// field gives a field its number.
func (s *Set) field(name string, form Form) int {
	if isSystem(name) {
		form = AsIs // these have one form
	}
	i, ok := s.fields[form][name]
	if !ok {
		i = s.count
		s.fields[form][name] = i
		s.count++
	}
	return i
}

// anyValue stands for the values of all fields as they are, anyValue-1 for all
// normalised ones.
const anyValue = -1

// Rules returns the rules of the set.
func (s *Set) Rules() []*Rule { return s.rules }

// Uses reports whether any rule looks at the field in this form; a caller may
// leave out the others. With keyword searches in the set, all are used.
func (s *Set) Uses(field string, form Form) bool {
	_, ok := s.fields[form][field]
	return ok || s.keywords[form]
}

// Channels returns the channels, in lower case and without repetition, that
// events have to be of for any rule to match; ok is false if there are rules
// that do not name any.
func (s *Set) Channels() (channels []string, ok bool) {
	seen := make(map[string]bool)
	for _, p := range s.programs {
		names, ok := p.scope.channels()
		if !ok {
			return nil, false
		}
		for _, name := range names {
			if !seen[name] {
				seen[name] = true
				channels = append(channels, name)
			}
		}
	}
	return channels, true
}
