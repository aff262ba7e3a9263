package where

import (
	"strconv"
	"strings"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// elements are the elements of System that have a text.
func elements() map[string]evtx.Field {
	return map[string]evtx.Field{
		"EventID": evtx.FieldEventID, "Version": evtx.FieldVersion, "Level": evtx.FieldLevel, "Task": evtx.FieldTask, "Opcode": evtx.FieldOpcode,
		"Keywords": evtx.FieldKeywords, "EventRecordID": evtx.FieldEventRecordID, "Channel": evtx.FieldChannel, "Computer": evtx.FieldComputer,
	}
}

// attributes are the attributes of the elements of System.
func attributes() map[string]map[string]evtx.Field {
	return map[string]map[string]evtx.Field{
		"Provider":    {"Name": evtx.FieldProviderName, "Guid": evtx.FieldProviderGUID, "EventSourceName": evtx.FieldEventSourceName},
		"EventID":     {"Qualifiers": evtx.FieldQualifiers},
		"TimeCreated": {"SystemTime": evtx.FieldTimeCreated},
		"Correlation": {"ActivityID": evtx.FieldActivityID, "RelatedActivityID": evtx.FieldRelatedActivityID},
		"Execution":   {"ProcessID": evtx.FieldProcessID, "ThreadID": evtx.FieldThreadID},
		"Security":    {"UserID": evtx.FieldUserID},
	}
}

// systemTest reads a test of an element of System: EventID=401,
// Provider[@Name='x'], band(Keywords,16).
func (p *xparser) systemTest() (xnode, error) {
	begin := p.at
	name := p.word()
	if name == "band" {
		return p.band()
	}
	if field, ok := elements()[name]; ok && !p.accept("[") {
		return p.comparison(fieldValue(field))
	} else if ok {
		p.at-- // an attribute of it
	}
	of := attributes()[name]
	if of == nil {
		p.at = begin
		return nil, p.expected("an element of System, such as EventID or Provider[@Name='…']")
	}
	if err := p.expect("["); err != nil {
		return nil, err
	}
	inner, err := p.or(func() (xnode, error) { return p.attributeTest(of) })
	if err == nil {
		err = p.expect("]")
	}
	return inner, err
}

// band reads the rest of band(Keywords, MASK): one of these bits is set.
func (p *xparser) band() (xnode, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	if !p.keyword("Keywords") {
		return nil, p.expected("Keywords")
	}
	if err := p.expect(","); err != nil {
		return nil, err
	}
	mask, ok := p.literal()
	n, err := strconv.ParseUint(mask, 0, 64)
	if !ok || err != nil {
		return nil, p.expected("a number")
	}
	if err := p.expect(")"); err != nil {
		return nil, err
	}
	return func(r *evtx.Record) bool { return uint64(r.Keywords())&n != 0 }, nil
}

func (p *xparser) attributeTest(of map[string]evtx.Field) (xnode, error) {
	if before := p.at; p.keyword("timediff") {
		if _, ok := of["SystemTime"]; !ok {
			p.at = before
			return nil, p.fail("timediff is for TimeCreated")
		}
		return p.timediff()
	}
	if err := p.expect("@"); err != nil {
		return nil, err
	}
	begin := p.at
	field, ok := of[p.word()]
	if !ok {
		p.at = begin
		return nil, p.expected("an attribute of this element")
	}
	return p.comparison(fieldValue(field))
}

// timediff reads the rest of timediff(@SystemTime) <= MILLISECONDS.
func (p *xparser) timediff() (xnode, error) {
	for _, sign := range []string{"(", "@", "SystemTime", ")"} {
		if err := p.expect(sign); err != nil {
			return nil, err
		}
	}
	compare, err := p.operator()
	if err != nil {
		return nil, err
	}
	text, ok := p.literal()
	limit, err := strconv.ParseInt(text, 0, 64)
	if !ok || err != nil {
		return nil, p.expected("a number of milliseconds")
	}
	now := p.now
	return func(r *evtx.Record) bool {
		at := r.TimeCreated()
		return !at.IsZero() && compare(cmpInt(now.Sub(at).Milliseconds(), limit))
	}, nil
}

// dataTest reads Data='x', Data[@Name='n']='x' or Data[@Name='n'].
func (p *xparser) dataTest() (xnode, error) {
	if !p.keyword("Data") {
		return nil, p.expected("Data")
	}
	name, named := "", p.accept("[")
	if named {
		for _, sign := range []string{"@", "Name", "="} {
			if err := p.expect(sign); err != nil {
				return nil, err
			}
		}
		var ok bool
		if name, ok = p.literal(); !ok {
			return nil, p.expected("a name in quotes")
		}
		if err := p.expect("]"); err != nil {
			return nil, err
		}
	}
	values := func(r *evtx.Record, holds func(string) bool) bool {
		for n, v := range r.All() {
			if (!named || n == name) && holds(v.String()) {
				return true
			}
		}
		return false
	}
	if p.space(); p.at == len(p.text) || strings.IndexByte("=!<>", p.text[p.at]) < 0 {
		return func(r *evtx.Record) bool { return values(r, func(string) bool { return true }) }, nil
	}
	return p.comparison(values)
}

// values tries the values of something of an event until one holds.
type values func(r *evtx.Record, holds func(value string) bool) bool

func fieldValue(f evtx.Field) values {
	return func(r *evtx.Record, holds func(string) bool) bool {
		v := r.Value(f)
		return !v.IsNull() && holds(v.String())
	}
}

// comparison reads an operator and a literal.
func (p *xparser) comparison(of values) (xnode, error) {
	compare, err := p.operator()
	if err != nil {
		return nil, err
	}
	literal, ok := p.literal()
	if !ok {
		return nil, p.expected("a number, or a text in quotes")
	}
	return func(r *evtx.Record) bool {
		return of(r, func(value string) bool { return compare(order(value, literal)) })
	}, nil
}

// operator reads a comparison, which takes the result of cmp.Compare.
func (p *xparser) operator() (func(int) bool, error) {
	switch {
	case p.accept("!="):
		return func(c int) bool { return c != 0 }, nil
	case p.accept("<="), p.accept("&lt;="):
		return func(c int) bool { return c <= 0 }, nil
	case p.accept(">="), p.accept("&gt;="):
		return func(c int) bool { return c >= 0 }, nil
	case p.accept("<"), p.accept("&lt;"):
		return func(c int) bool { return c < 0 }, nil
	case p.accept(">"), p.accept("&gt;"):
		return func(c int) bool { return c > 0 }, nil
	case p.accept("="):
		return func(c int) bool { return c == 0 }, nil
	}
	return nil, p.expected("=, !=, <, <=, > or >=")
}

// literal reads a number, or a text in quotes.
func (p *xparser) literal() (string, bool) {
	p.space()
	if p.at == len(p.text) {
		return "", false
	}
	if quote := p.text[p.at]; quote == '\'' || quote == '"' {
		end := strings.IndexByte(p.text[p.at+1:], quote)
		if end < 0 {
			return "", false
		}
		text := p.text[p.at+1 : p.at+1+end]
		p.at += end + 2
		return text, true
	}
	begin := p.at
	for p.at < len(p.text) && strings.IndexByte("0123456789abcdefABCDEFxX", p.text[p.at]) >= 0 {
		p.at++
	}
	return p.text[begin:p.at], p.at > begin
}

// order compares as numbers what are numbers, as times what are times, and else as texts, in any case.
func order(value, literal string) int {
	if a, err := strconv.ParseUint(value, 0, 64); err == nil {
		if b, err := strconv.ParseUint(literal, 0, 64); err == nil {
			return cmpInt(a, b)
		}
	}
	if a, err := time.Parse(time.RFC3339Nano, value); err == nil {
		if b, err := time.Parse(time.RFC3339Nano, literal); err == nil {
			return a.Compare(b)
		}
	}
	if strings.EqualFold(value, literal) {
		return 0
	}
	return strings.Compare(value, literal)
}

func cmpInt[T int64 | uint64](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
