package where

import (
	"strconv"

	"github.com/gwlogs/gwlogs/evtx"
)

// Selection is what every event has for which the expression holds, as far as that is plain to see: the identifiers, or the levels,
// that one of its parts asks for which all have to hold. A Filter of it decides on the binary values of an event, and costs a fraction
// of what the expression does, for which the whole event is read.
func (e *Expr) Selection() evtx.Selection { return e.must }

// narrowest looks for that in an expression: in its parts between "and", where no "or" stands beside them.
func narrowest(tokens []token) evtx.Selection {
	var s evtx.Selection
	depth, begin := 0, 0
	for i := range tokens {
		switch t := &tokens[i]; {
		case t.is("("):
			depth++
		case t.is(")"):
			depth--
		case depth > 0:
		case t.is("or"):
			return evtx.Selection{}
		case t.is("and"), t.kind == tokenEnd:
			s.IDs, s.Levels = part(tokens[begin:i], s.IDs, s.Levels)
			begin = i + 1
		}
	}
	return s
}

// part takes the identifiers or levels of "EventID = 25", "EventID in (25, 401)", and of "Level <= 2"; those that are known stay.
func part(tokens []token, ids []evtx.IDRange, levels []evtx.Level) ([]evtx.IDRange, []evtx.Level) {
	if len(tokens) < 3 || tokens[0].kind != tokenWord && tokens[0].kind != tokenText {
		return ids, levels
	}
	op, values := &tokens[1], tokens[2:]
	switch {
	case op.is("in") && values[0].is("(") && values[len(values)-1].is(")"):
		values = values[1 : len(values)-1]
	case len(values) != 1 || !op.is("=", "==", "<="):
		return ids, levels
	}
	var numbers []uint64
	for i, v := range values {
		if i%2 == 1 && v.is(",") {
			continue
		}
		n, err := strconv.ParseUint(v.text, 0, 16)
		if level, ok := levelNumber(&v).(int64); ok && fieldName(tokens[0].text) == "level" {
			n, err = uint64(level), nil
		}
		if err != nil || i%2 == 1 || v.kind == tokenText {
			return ids, levels
		}
		numbers = append(numbers, n)
	}
	switch name := fieldName(tokens[0].text); {
	case name == "EventID" && ids == nil && !op.is("<="):
		for _, n := range numbers {
			ids = append(ids, evtx.IDRange{From: uint16(n), To: uint16(n)})
		}
	case name == "level" && levels == nil && numbers[0] <= 255:
		for _, n := range numbers {
			if op.is("<=") {
				for l := range n {
					levels = append(levels, evtx.Level(l))
				}
			}
			levels = append(levels, evtx.Level(min(n, 255)))
		}
	}
	return ids, levels
}
