package sigma

import (
	"iter"
	"time"
)

// A System is what an event says of itself apart from its data: the element
// System of an event of Windows.
type System struct {
	Channel  string // the log, such as "Security"; in any case
	Provider string // likewise
	EventID  uint16
	Time     time.Time // only a Correlator looks at it
}

// Match returns the rules that match an event, in the order of Compile; those
// that only serve a correlation (see Reports) are left out. values are the
// event's fields and what they say, UTF-8, as rules name them: "CommandLine",
// "Computer", "Data" for what has no name. Several values of one field are
// possible. For most events of most logs no rule can match: then values is not
// called at all.
//
// Match may be called by any number of goroutines. It allocates nothing for an
// event that no rule matches. Who has values as bytes, and millions of events,
// is faster with a Matcher.
func (s *Set) Match(e System, values iter.Seq2[string, string]) []*Rule {
	m := s.matchers.Get().(*Matcher)
	defer s.matchers.Put(m)
	return s.reported(m.matchValues(e, values))
}

// reported copies the rules that are results of their own.
func (s *Set) reported(matched []*Rule) []*Rule {
	var rules []*Rule
	for _, r := range matched {
		if s.Reports(r) {
			rules = append(rules, r)
		}
	}
	return rules
}

// matchValues is Begin, Add and Match for values as strings.
func (m *Matcher) matchValues(e System, values iter.Seq2[string, string]) []*Rule {
	if !m.Begin(e.Channel, e.Provider, e.EventID) {
		return nil
	}
	m.copies = m.copies[:0]
	if values != nil {
		values(m.copyValue)
	}
	return m.Match()
}

// addCopy adds a value that need not stay as it is.
func (m *Matcher) addCopy(field, value string) bool {
	if f, ok := m.set.wanted(field, AsIs); ok {
		from := len(m.copies)
		m.copies = append(m.copies, value...)
		m.give(f, AsIs, m.copies[from:len(m.copies):len(m.copies)])
	}
	return true
}
