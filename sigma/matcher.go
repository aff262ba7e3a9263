package sigma

import (
	"net/netip"
	"slices"
	"time"
)

// A Matcher finds the rules that match an event. It belongs to one goroutine.
type Matcher struct {
	set   *Set
	event uint64 // counts events: what bears another number is of an earlier one

	buckets map[logKey]map[uint16]*bucket
	last    logKey
	lastLog map[uint16]*bucket
	count   int // buckets
	bucket  *bucket
	id      uint16

	hasSystem bool // the values of Begin are among values
	byTexts   bool // see ByTexts

	values  []value
	fields  []fieldList // by field
	folded  []byte
	raw     []byte // the values of Begin
	answers []uint64
	marks   []uint64 // programs that are candidates
	found   []int
	matched []*Rule
	mark    func(*literal)

	searched *value // is being searched for literals

	addrs map[string]netip.Addr // see addr

	copies    []byte // values of matchValues
	copyValue func(field, value string) bool

	group     []byte // of Hits
	lastGroup string // of the last Hit
	thin      int
	recent    map[recentKey]map[string]time.Time
}

// A logKey is a channel and a provider.
type logKey struct{ channel, provider string }

// A bucket is the programs that events of one channel, provider and id may
// match.
type bucket struct {
	admitted []bool // by program
	always   []int  // those that need no literal
	empty    bool
}

// A value is one of an event's, in the order of Add.
type value struct {
	raw      []byte
	from, to int // folded
	field    int // anyValue for one that no test names
	next     int // of the same field, -1 for none
	form     Form
	system   bool // one of Begin: it has every form
}

// of reports whether the value is one of a field, see anyValue.
func (v *value) of(field int) bool {
	if field >= 0 {
		return v.field == field
	}
	return v.system || v.form == Form(anyValue-field)
}

type fieldList struct {
	event       uint64
	first, last int
}

// Matcher returns a new Matcher.
func (s *Set) Matcher() *Matcher {
	m := &Matcher{
		set:     s,
		buckets: make(map[logKey]map[uint16]*bucket),
		fields:  make([]fieldList, s.count),
		answers: make([]uint64, len(s.tests)),
		marks:   make([]uint64, len(s.programs)),
	}
	m.copyValue = m.addCopy
	m.mark = func(l *literal) {
		if l.test != nil {
			m.holds(l.test)
		}
		for _, t := range l.tests {
			m.holds(t)
		}
		m.candidate(l.program)
		for _, p := range l.programs {
			m.candidate(p)
		}
	}
	return m
}

// holds notes that a text that settles a test is in the value that is being searched.
func (m *Matcher) holds(t *test) {
	if m.searched.of(t.field) {
		m.answers[t.id] = m.event<<1 | 1
	}
}

// candidate notes that a program may match.
func (m *Matcher) candidate(p int) {
	if p != noProgram && m.marks[p] != m.event && m.bucket.admitted[p] {
		m.marks[p] = m.event
		m.found = append(m.found, p)
	}
}

// maxBuckets bounds what is remembered of channels, providers and ids.
const maxBuckets = 10000

// Begin starts a new event and reports whether any rule can match it: for most
// events of most logs none can, and that is one look-up. The three are also the
// values of the fields Channel, Provider_Name and EventID.
func (m *Matcher) Begin(channel, provider string, id uint16) bool {
	m.event++
	if m.last.channel != channel || m.last.provider != provider || m.lastLog == nil {
		m.last = logKey{channel, provider}
		m.lastLog = m.buckets[m.last]
	}
	m.bucket = m.lastLog[id]
	if m.bucket == nil {
		m.bucket = m.remember(id)
	}
	if m.bucket.empty {
		return false
	}
	m.values, m.folded, m.raw, m.found = m.values[:0], m.folded[:0], m.raw[:0], m.found[:0]
	m.id, m.hasSystem, m.byTexts = id, false, true
	if m.set.keywords[AsIs] || m.set.keywords[Normalized] { // they may mean these values; tests on the fields need no search
		m.addSystem()
		for i := range m.values {
			m.search(i)
		}
	}
	return true
}

func appendUint(dst []byte, n uint16) []byte {
	if n >= 10 {
		dst = appendUint(dst, n/10)
	}
	return append(dst, byte('0'+n%10))
}

// remember finds out which programs may match events like the current one.
func (m *Matcher) remember(id uint16) *bucket {
	if m.count >= maxBuckets { // hostile logs have no end of them
		clear(m.buckets)
		m.count = 0
		m.lastLog = nil
	}
	if m.lastLog == nil {
		m.lastLog = make(map[uint16]*bucket)
		m.buckets[m.last] = m.lastLog
	}
	b := &bucket{empty: true, admitted: make([]bool, len(m.set.programs))}
	channel, provider := foldString(m.last.channel), foldString(m.last.provider)
	for i, p := range m.set.programs {
		if !p.scope.admits(channel, provider, id) {
			continue
		}
		b.admitted[i], b.empty = true, false
		if !p.literal {
			b.always = append(b.always, i)
		}
	}
	if b.empty {
		b.admitted = nil
	}
	m.lastLog[id] = b
	m.count++
	return b
}

// addSystem adds the values of Begin, for events that are looked at closely.
func (m *Matcher) addSystem() {
	if m.hasSystem {
		return
	}
	m.hasSystem = true
	for _, field := range []string{fieldChannel, fieldProvider, fieldEventID} {
		f, ok := m.set.fields[AsIs][field]
		if !ok {
			f = anyValue
			if !m.set.keywords[AsIs] && !m.set.keywords[Normalized] {
				continue
			}
		}
		from := len(m.raw)
		switch field {
		case fieldChannel:
			m.raw = append(m.raw, m.last.channel...)
		case fieldProvider:
			m.raw = append(m.raw, m.last.provider...)
		case fieldEventID:
			m.raw = appendUint(m.raw, m.id)
		}
		m.values[m.add(f, AsIs, m.raw[from:len(m.raw):len(m.raw)])].system = true
	}
}

// Add gives the event a value, UTF-8, for a field; several values of one field
// are possible. The value must stay as it is until Match returns.
func (m *Matcher) Add(field string, value []byte) {
	if f, ok := m.set.wanted(field, AsIs); ok {
		m.give(f, AsIs, value)
	}
}

// AddNormalized gives the event a value as Add does, for the rules that want
// them normalised: see Options.Normalized. How that is done is the caller's.
func (m *Matcher) AddNormalized(field string, value []byte) {
	if f, ok := m.set.wanted(field, Normalized); ok {
		m.give(f, Normalized, value)
	}
}

// wanted returns the number of a field, anyValue if only keywords look at it,
// and whether any rule does.
func (s *Set) wanted(field string, form Form) (f int, ok bool) {
	f, ok = s.fields[form][field]
	// The values of Begin are known; what the event's data call so is another
	// thing, and only a value for keywords.
	if !ok || isSystem(field) {
		return anyValue, s.keywords[form]
	}
	return f, true
}

// give adds a value and looks for literals in it.
func (m *Matcher) give(f int, form Form, raw []byte) {
	i := m.add(f, form, raw)
	if f < m.set.detected || m.set.keywords[form] {
		m.search(i)
	}
}

func (m *Matcher) search(i int) {
	m.searched = &m.values[i]
	m.set.literals.search(m.folded[m.searched.from:m.searched.to], m.mark)
}

// add adds a value of a field, anyValue for one that no test names, and
// returns its number.
func (m *Matcher) add(f int, form Form, raw []byte) int {
	i := len(m.values)
	from := len(m.folded)
	m.folded = appendFold(m.folded, raw)
	m.values = append(m.values, value{raw: raw, from: from, to: len(m.folded), field: f, next: -1, form: form})
	if f >= 0 {
		list := &m.fields[f]
		if list.event == m.event {
			m.values[list.last].next = i
		} else {
			list.event, list.first = m.event, i
		}
		list.last = i
	}
	return i
}

// first returns the first value of a field, see anyValue; -1 if there is none.
func (m *Matcher) first(field int) int {
	switch {
	case field < 0:
		return m.after(field, -1)
	case m.fields[field].event != m.event:
		return -1
	}
	return m.fields[field].first
}

// after returns the value after i, -1 if there is none.
func (m *Matcher) after(field, i int) int {
	if field >= 0 {
		return m.values[i].next
	}
	for i++; i < len(m.values); i++ {
		if m.values[i].of(field) {
			return i
		}
	}
	return -1
}

// text returns a value as it is, or folded.
func (m *Matcher) text(i int, cased bool) []byte {
	if v := &m.values[i]; cased {
		return v.raw
	} else {
		return m.folded[v.from:v.to]
	}
}

// Match returns the detection rules that match the event, in the order of
// Compile; valid until the next Begin. Those that only serve a correlation
// without "generate" are among them: see Set.Reports.
func (m *Matcher) Match() []*Rule {
	m.matched = m.matched[:0]
	if len(m.found)+len(m.bucket.always) == 0 {
		return nil
	}
	m.addSystem()
	m.found = append(m.found, m.bucket.always...)
	slices.Sort(m.found)
	for _, i := range m.found {
		if p := m.set.programs[i]; p.expr.eval(m) {
			m.matched = append(m.matched, p.rule)
		}
	}
	return m.matched
}
