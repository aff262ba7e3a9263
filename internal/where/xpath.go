package where

import (
	"strconv"
	"strings"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// An XPath is a query in the subset of XPath 1.0 that Windows takes for event
// logs ("Consuming Events", Windows documentation): what wevtutil /q and the
// custom views of Event Viewer have. Of that subset it knows System and
// EventData, with and, or, comparisons, band and timediff. It serves any number
// of goroutines.
type XPath struct{ holds xnode }

// xnode decides on an event.
type xnode func(*evtx.Record) bool

// ParseXPath reads a query, such as *[System[(Level=1 or Level=2) and
// EventID=401]], or a structured one: <QueryList>…, also as Event Viewer exports
// a custom view. timediff counts from now. The error is an *Error.
func ParseXPath(text string, now time.Time) (*XPath, error) {
	if len(text) > maxLength {
		return nil, &Error{Text: text, Column: 1, Reason: "the query is too long"}
	}
	if strings.HasPrefix(strings.TrimSpace(text), "<") {
		return parseList(text, now)
	}
	p := &xparser{text: text, now: now}
	holds, err := p.query()
	if err != nil {
		return nil, err
	}
	return &XPath{holds}, nil
}

// Match reports whether the query selects the event.
func (x *XPath) Match(rec *evtx.Record) bool { return x.holds(rec) }

// xparser reads a query from left to right.
type xparser struct {
	text  string
	at    int
	now   time.Time
	depth int
}

func (p *xparser) fail(format string, args ...any) error {
	return errorAt(p.text, p.at, format, args...)
}

func (p *xparser) space() {
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.at]) >= 0 {
		p.at++
	}
}

// accept passes over a sign.
func (p *xparser) accept(sign string) bool {
	p.space()
	if !strings.HasPrefix(p.text[p.at:], sign) {
		return false
	}
	p.at += len(sign)
	return true
}

func (p *xparser) expect(sign string) error {
	if p.accept(sign) {
		return nil
	}
	return p.expected(strconv.Quote(sign))
}

func (p *xparser) expected(what string) error {
	p.space()
	if p.at == len(p.text) {
		return p.fail("the query ends where %s is expected", what)
	}
	return p.fail("%s is expected here", what)
}

// word passes over a name.
func (p *xparser) word() string {
	p.space()
	begin := p.at
	for p.at < len(p.text) {
		c := p.text[p.at]
		if c != '_' && c != '-' && (c|0x20 < 'a' || c|0x20 > 'z') && (p.at == begin || c < '0' || c > '9') {
			break
		}
		p.at++
	}
	return p.text[begin:p.at]
}

// keyword passes over and, or and the like, and over nothing else.
func (p *xparser) keyword(name string) bool {
	before := p.at
	if p.word() == name {
		return true
	}
	p.at = before
	return false
}

// query reads *[…], Event[…] or Event/System[…].
func (p *xparser) query() (xnode, error) {
	if !p.accept("*") && !p.keyword("Event") {
		return nil, p.expected("* or Event")
	}
	all := func(*evtx.Record) bool { return true }
	holds := xnode(all)
	switch {
	case p.accept("/"):
		var err error
		if holds, err = p.section(); err != nil {
			return nil, err
		}
	default:
		for p.accept("[") {
			inner, err := p.or(p.section)
			if err == nil {
				err = p.expect("]")
			}
			if err != nil {
				return nil, err
			}
			holds = both(holds, inner)
		}
	}
	if p.space(); p.at < len(p.text) {
		return nil, p.fail("the end of the query is expected here")
	}
	return holds, nil
}

func both(a, b xnode) xnode { return func(r *evtx.Record) bool { return a(r) && b(r) } }

// or reads terms with and, or and parentheses.
func (p *xparser) or(term func() (xnode, error)) (xnode, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.fail("the query is nested too deeply")
	}
	defer func() { p.depth-- }()
	left, err := p.and(term)
	for err == nil && p.keyword("or") {
		var right xnode
		a := left
		if right, err = p.and(term); err == nil {
			left = func(r *evtx.Record) bool { return a(r) || right(r) }
		}
	}
	return left, err
}

func (p *xparser) and(term func() (xnode, error)) (xnode, error) {
	left, err := p.factor(term)
	for err == nil && p.keyword("and") {
		var right xnode
		if right, err = p.factor(term); err == nil {
			left = both(left, right)
		}
	}
	return left, err
}

func (p *xparser) factor(term func() (xnode, error)) (xnode, error) {
	if !p.accept("(") {
		return term()
	}
	inner, err := p.or(term)
	if err == nil {
		err = p.expect(")")
	}
	return inner, err
}

// section reads System[…] or EventData[…], or System/…
func (p *xparser) section() (xnode, error) {
	begin := p.at
	var term func() (xnode, error)
	switch name := p.word(); name {
	case "System":
		term = p.systemTest
	case "EventData":
		term = p.dataTest
	case "UserData":
		p.at = begin
		return nil, p.fail("UserData is not supported: name its values in --where")
	default:
		p.at = begin
		return nil, p.expected("System or EventData")
	}
	if p.accept("/") {
		return term()
	}
	if !p.accept("[") {
		return func(*evtx.Record) bool { return true }, nil
	}
	inner, err := p.or(term)
	if err == nil {
		err = p.expect("]")
	}
	return inner, err
}
