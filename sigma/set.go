package sigma

import "time"

// Options are what Compile has to know beside the rules. The zero value is
// good for rules without placeholders, whatever log they are for.
type Options struct {
	// Placeholders are the values for %name% in rules with the modifier
	// "expand". One that is missing is an error.
	Placeholders map[string][]string

	// Sources says which events a log source means. Nil, or an answer of
	// ok == false: the log source does not narrow the rule. See WindowsSources.
	Sources func(Logsource) (sources []Source, ok bool)
}

// A Source is a set of events: those of the channel, and among them those
// with one of the ids. An empty Channel or IDs does not narrow it.
type Source struct {
	Channel  string // in any case
	Provider string
	IDs      []uint16
}

// A Set is rules, compiled. It does not change and serves any number of
// Matchers and goroutines.
type Set struct{ rules []*Rule }

// Compile compiles rules for matching. The error is an *Error with a place:
// a correlation of a rule that is not there, a placeholder without values,
// two rules of one name or id.
func Compile(rules []*Rule, o *Options) (*Set, error) { panic("to come") }

// A Matcher finds the rules that match an event. It belongs to one goroutine.
type Matcher struct{}

// Matcher returns a new Matcher.
func (s *Set) Matcher() *Matcher { panic("to come") }

// Begin starts a new event and reports whether any rule can match it: for most
// events of most logs none can, and that is one look-up. The three are also the
// values of the fields Channel, Provider_Name and EventID.
func (m *Matcher) Begin(channel, provider string, id uint16) bool { panic("to come") }

// Uses reports whether any rule looks at the field; a caller may leave out the
// others. With keyword searches in the set, all are used.
func (s *Set) Uses(field string) bool { panic("to come") }

// Add gives the event a value, UTF-8, for a field; several values of one field
// are possible. The value must stay as it is until Match returns.
func (m *Matcher) Add(field string, value []byte) { panic("to come") }

// Match returns the detection rules that match the event, in the order of
// Compile; valid until the next Begin. Those that only serve a correlation
// without "generate" are among them: see Set.Reports.
func (m *Matcher) Match() []*Rule { panic("to come") }

// Reports reports whether a match of the rule is a result of its own: all but
// those that correlations refer to and that none of them generates.
func (s *Set) Reports(r *Rule) bool { panic("to come") }

// A Hit is a match that a correlation wants to know about.
type Hit struct {
	Correlation int       // index among the set's correlations
	Rule        int       // index in Correlation.Rules
	Time        time.Time //
	Group       string    // values of the group-by fields
	Value       string    // CorrelationValueCount: the value
}

// Hits appends a Hit for each correlation that the match of the current event
// by rule counts for. An event without a group-by field counts for none.
func (m *Matcher) Hits(dst []Hit, rule *Rule, at time.Time) []Hit { panic("to come") }

// A Correlator follows the correlations of a set over a stream of hits. Its
// memory is bounded: of groups (MaxGroups) and, in each, of times and values.
type Correlator struct{}

// Correlator returns a new Correlator.
func (s *Set) Correlator() *Correlator { panic("to come") }

// Add takes the next hit, in the order of time, and returns the correlations
// that it completes, those of correlations included.
func (c *Correlator) Add(h Hit) []*Rule { panic("to come") }
