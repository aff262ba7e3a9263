package view

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Filter is conditions that must all hold. It is how the page and the URL have it.
type Filter struct {
	Conditions []Condition `json:"conditions"`
}

// A Condition is a field and the values that it may have, or must not have.
type Condition struct {
	Field   string `json:"field"`
	Values  values `json:"values"`
	Exclude bool   `json:"exclude,omitempty"`
	Off     bool   `json:"off,omitempty"`
}

// values are texts; numbers and booleans of JSON count as theirs.
type values []string

// Bounds of what a filter may be: the page asks, but anybody may have made its URL.
const (
	maxConditions = 100
	maxValues     = 10000
	maxValueBytes = 64 << 10
)

// UnmarshalJSON reads texts, numbers and booleans.
func (v *values) UnmarshalJSON(b []byte) error {
	var raw []json.RawMessage
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	*v = make(values, len(raw))
	for i, r := range raw {
		if len(r) > 0 && r[0] == '"' {
			if err := json.Unmarshal(r, &(*v)[i]); err != nil {
				return err
			}
			continue
		}
		if len(r) > 0 && (r[0] == '{' || r[0] == '[') {
			return fmt.Errorf("a value of a condition is a text or a number")
		}
		(*v)[i] = string(r)
	}
	return nil
}

// check finds what is wrong with a filter, and drops what is switched off.
func (f *Filter) check() (*Filter, error) {
	if len(f.Conditions) > maxConditions {
		return nil, &Error{Message: fmt.Sprintf("a filter has at most %d conditions", maxConditions)}
	}
	out := &Filter{}
	for _, c := range f.Conditions {
		if c.Off {
			continue
		}
		if len(c.Values) > maxValues {
			return nil, &Error{Message: fmt.Sprintf("a condition has at most %d values", maxValues)}
		}
		for _, v := range c.Values {
			if len(v) > maxValueBytes {
				return nil, &Error{Message: fmt.Sprintf("a value of %s is longer than %d bytes", c.Field, maxValueBytes)}
			}
		}
		c.Field = fieldName(c.Field)
		if fieldKind(c.Field) == kindUnknown {
			return nil, &Error{Message: fmt.Sprintf("no field is called %q", c.Field)}
		}
		if len(c.Values) > 0 {
			out.Conditions = append(out.Conditions, c)
		}
	}
	return out, nil
}

// key tells a filter from others.
func (f *Filter) key() string {
	b, _ := json.Marshal(f)
	return string(b)
}

// fieldName is a field as it is called here. Names of values keep their capitals: they are compared without.
func fieldName(name string) string {
	if of, ok := dataName(name); ok {
		return "data." + of
	}
	return strings.ToLower(name)
}

// dataName is the name of the value that data.NAME stands for.
func dataName(field string) (string, bool) {
	if len(field) > 5 && strings.EqualFold(field[:5], "data.") {
		return field[5:], true
	}
	return "", false
}

type kind uint8

const (
	kindUnknown kind = iota
	kindIndex        // the index has it
	kindScan         // the logs have to be read for it
)

func fieldKind(field string) kind {
	if _, ok := dataName(field); ok {
		return kindScan
	}
	switch field {
	case "level", "id", "provider", "channel", "computer", "user", "source", "process", "time", "finding", "shape", "around", "marked":
		return kindIndex
	case "text", "where", "activity":
		return kindScan
	}
	return kindUnknown
}

// narrows reports whether a further condition of a field narrows the choice: other fields, which have one value in an event, are then
// one of several.
func narrows(field string) bool {
	return slices.Contains([]string{"text", "where", "around", "time"}, field)
}

// A test is conditions that are alternatives, or one that excludes.
type test struct {
	field string
	holds func(n int, e *entry) bool
}

// A query is a filter, ready to be asked.
type query struct {
	x     *snapshot
	tests []test
}

// compile makes a query of a filter whose scans are done.
func (s *snapshot) compile(f *Filter, scans map[string]*bitmap) (*query, error) {
	q := &query{x: s}
	var included []string
	for i, c := range f.Conditions {
		if c.Exclude || narrows(c.Field) {
			holds, err := s.holds(c, scans)
			if err != nil {
				return nil, err
			}
			if c.Exclude {
				inner := holds
				holds = func(n int, e *entry) bool { return !inner(n, e) }
			}
			q.tests = append(q.tests, test{c.Field, holds})
			continue
		}
		if slices.Contains(included, c.Field) {
			continue
		}
		included = append(included, c.Field)
		var any []func(int, *entry) bool
		for _, d := range f.Conditions[i:] {
			if d.Field != c.Field || d.Exclude {
				continue
			}
			holds, err := s.holds(d, scans)
			if err != nil {
				return nil, err
			}
			any = append(any, holds)
		}
		holds := any[0]
		if len(any) > 1 {
			holds = func(n int, e *entry) bool {
				for _, one := range any {
					if one(n, e) {
						return true
					}
				}
				return false
			}
		}
		q.tests = append(q.tests, test{c.Field, holds})
	}
	return q, nil
}

// match reports whether the event is wanted.
func (q *query) match(n int) bool {
	e := q.x.at(n)
	for i := range q.tests {
		if !q.tests[i].holds(n, e) {
			return false
		}
	}
	return true
}

// holds is whether a condition holds, without its Exclude.
func (s *snapshot) holds(c Condition, scans map[string]*bitmap) (func(n int, e *entry) bool, error) {
	switch c.Field {
	case "level":
		return levelTest(c)
	case "id":
		return idTest(c)
	case "provider", "channel", "computer", "user":
		return s.originTest(c), nil
	case "source":
		return s.sourceTest(c), nil
	case "process":
		return processTest(c)
	case "time":
		return timeTest(c)
	case "around":
		return s.aroundTest(c)
	case "marked":
		return markedTest(c)
	case "finding", "shape":
		return s.verdictTest(c), nil
	}
	b := scans[scanKey(c)]
	return func(n int, _ *entry) bool { return b.has(n) }, nil
}

func levelTest(c Condition) (func(int, *entry) bool, error) {
	var wanted [256]bool
	for _, v := range c.Values {
		level, ok := parseLevel(v)
		if !ok {
			return nil, &Error{Message: fmt.Sprintf("level: %q is none", v), Hint: "levels are 1 to 5, or their names"}
		}
		wanted[level] = true
	}
	wanted[0] = wanted[4]
	return func(_ int, e *entry) bool { return wanted[e.level] }, nil
}

func idTest(c Condition) (func(int, *entry) bool, error) {
	wanted := make([]uint64, 1024)
	for _, v := range c.Values {
		from, to, ok := strings.Cut(v, "-")
		if !ok {
			to = from
		}
		low, err1 := strconv.ParseUint(strings.TrimSpace(from), 10, 16)
		high, err2 := strconv.ParseUint(strings.TrimSpace(to), 10, 16)
		if err1 != nil || err2 != nil || low > high {
			return nil, &Error{Message: fmt.Sprintf("id: %q is no event id", v), Hint: "ids are numbers from 0 to 65535: 401, or 100-199"}
		}
		for i := low; i <= high; i++ {
			wanted[i>>6] |= 1 << (i & 63)
		}
	}
	return func(_ int, e *entry) bool { return wanted[e.id>>6]>>(e.id&63)&1 != 0 }, nil
}

// name is what an origin has in a field.
func (o *origin) name(field string) string {
	switch field {
	case "provider":
		return o.provider
	case "channel":
		return o.channel
	case "computer":
		return o.computer
	}
	return o.user
}

func (s *snapshot) originTest(c Condition) func(int, *entry) bool {
	wanted := lowered(c.Values)
	table := make([]bool, len(s.origins))
	exact := make(map[string]bool) // those that are the whole name of something
	for i := range s.origins {
		name := strings.ToLower(s.origins[i].name(c.Field))
		table[i], exact[name] = wanted[name], true
	}
	if c.Field == "computer" { // one is found without its domain, unless that is the name of another
		for i := range s.origins {
			short, _, _ := strings.Cut(strings.ToLower(s.origins[i].computer), ".")
			table[i] = table[i] || wanted[short] && !exact[short]
		}
	}
	return func(_ int, e *entry) bool { return table[e.origin] }
}

func lowered(values []string) map[string]bool {
	all := make(map[string]bool, len(values))
	for _, v := range values {
		all[strings.ToLower(v)] = true
	}
	return all
}

func (s *snapshot) sourceTest(c Condition) func(int, *entry) bool {
	wanted := lowered(c.Values)
	table := make([]bool, len(s.logs))
	for i, l := range s.logs {
		table[i] = wanted[strings.ToLower(l.source)]
	}
	return func(_ int, e *entry) bool { return table[e.log] }
}

func processTest(c Condition) (func(int, *entry) bool, error) {
	wanted := make(map[uint32]bool)
	for _, v := range c.Values {
		n, err := strconv.ParseUint(strings.TrimSpace(v), 0, 32)
		if err != nil {
			return nil, &Error{Message: fmt.Sprintf("process: %q is no number of one", v)}
		}
		wanted[uint32(n)] = true
	}
	return func(_ int, e *entry) bool { return wanted[e.process] }, nil
}

// timeTest takes pairs of times, from and to, both inclusive; either may be empty.
func timeTest(c Condition) (func(int, *entry) bool, error) {
	var ranges [][2]uint64
	for i := 0; i < len(c.Values); i += 2 {
		from, err := parseTicks(c.Values[i], false)
		if err != nil {
			return nil, err
		}
		to := ^uint64(0)
		if i+1 < len(c.Values) && c.Values[i+1] != "" {
			if to, err = parseTicks(c.Values[i+1], true); err != nil {
				return nil, err
			}
		}
		ranges = append(ranges, [2]uint64{from, to})
	}
	return func(_ int, e *entry) bool {
		for _, r := range ranges {
			if r[0] <= e.time && e.time <= r[1] {
				return true
			}
		}
		return false
	}, nil
}

// aroundTest takes an event and seconds before and behind it.
func (s *snapshot) aroundTest(c Condition) (func(int, *entry) bool, error) {
	wrong := &Error{Message: "around: give the number of an event and seconds"}
	if len(c.Values) != 2 {
		return nil, wrong
	}
	n, err1 := strconv.Atoi(c.Values[0])
	seconds, err2 := strconv.ParseFloat(c.Values[1], 64)
	if err1 != nil || err2 != nil || n < 0 || n >= s.n || !(seconds >= 0 && seconds <= 1e9) {
		return nil, wrong
	}
	at, span := s.at(n).time, uint64(seconds*10_000_000)
	from, to := at-min(at, span), at+span
	return func(_ int, e *entry) bool { return from <= e.time && e.time <= to }, nil
}

func markedTest(c Condition) (func(int, *entry) bool, error) {
	wanted := make(map[int]bool)
	for _, v := range c.Values {
		n, err := strconv.Atoi(v)
		if err != nil {
			return nil, &Error{Message: fmt.Sprintf("marked: %q is no event", v)}
		}
		wanted[n] = true
	}
	return func(n int, _ *entry) bool { return wanted[n] }, nil
}

func (s *snapshot) verdictTest(c Condition) func(int, *entry) bool {
	wanted := lowered(c.Values)
	table := make([]bool, len(s.kinds))
	for i, v := range s.kinds {
		if c.Field == "shape" {
			table[i] = v.group != 0 && wanted[shapeName(v.group)]
			continue
		}
		table[i] = slices.ContainsFunc(v.findings, func(name string) bool { return wanted[name] })
	}
	verdicts := s.verdictOf
	return func(n int, _ *entry) bool { return n < len(verdicts) && table[verdicts[n]] }
}
