package ast

import "net/netip"

// A Test compares the values of a field, or of all fields ("keywords"), with
// values of the rule. It holds if one of Values does, or all with All. A field
// with several values in the event passes a comparison if one of them does.
type Test struct {
	Pos       Pos
	Field     string   // empty for keywords: any value of the event
	Modifiers []string // as they stand in the file, in order
	Op        Op
	All       bool     // modifier "all"
	Cased     bool     // modifier "cased": upper and lower case differ. Regexp: flags are in the expression
	Negate    bool     // modifier "neq": none of the values may hold
	Part      TimePart // compare this part of the field's time
	Values    []Value
}

// An Op is how a Test compares.
type Op uint8

const (
	OpEqual        Op = iota // the whole value matches the pattern
	OpContains               // a part of it does
	OpStartsWith             // its start does
	OpEndsWith               // its end does
	OpRegexp                 // the expression matches a part of it
	OpCIDR                   // it is an address in the network
	OpExists                 // the field is there (true) or not (false)
	OpLess                   // it is a number, and less
	OpLessEqual              //
	OpGreater                //
	OpGreaterEqual           //
	OpFieldRef               // it compares with the values of another field
)

// A TimePart is the part of a time that the modifiers minute, hour, day, week,
// month and year take. The field's value is a time in UTC.
type TimePart uint8

const (
	TimeWhole TimePart = iota // no part: the test is not one of a time
	TimeMinute
	TimeHour
	TimeDay   // of the month
	TimeWeek  // of the year, ISO 8601
	TimeMonth // 1 to 12
	TimeYear
)

// A Kind is the type of a value in YAML.
type Kind uint8

const (
	String Kind = iota
	Number
	Bool
	Null // the field is absent or NULL; other than ""
)

// A Value is one value that a Test compares with.
type Value struct {
	Pos  Pos
	Kind Kind
	Raw  string // as it stands in the file, without quotes

	// What Raw has become after the modifiers; the one that Op and Kind ask for.
	Patterns []Pattern    // String: any of them matches (windash, base64offset make several)
	Regexp   *Regexp      // OpRegexp, with its flags
	Prefix   netip.Prefix // OpCIDR
	Number   float64      // Number
	Bool     bool         // Bool, and OpExists
	Field    string       // OpFieldRef: the other field
	RefOp    Op           // OpFieldRef: OpEqual, OpContains, OpStartsWith or OpEndsWith
}

// A Pattern is text with wildcards, in the order in which it is read: escapes
// are resolved, "\*" is text.
type Pattern []Piece

// A Piece is literal text, or a wildcard, or a placeholder.
type Piece struct {
	Literal     string // if Wildcard is 0 and Placeholder empty
	Wildcard    byte   // '*' any text, '?' one character
	Placeholder string // modifier "expand": %name%, to be replaced by sigma.Compile
}

// Text returns the text of a pattern that has no wildcard and no placeholder.
func (p Pattern) Text() (text string, ok bool) {
	switch {
	case len(p) == 0:
		return "", true
	case len(p) == 1 && p[0].Wildcard == 0 && p[0].Placeholder == "":
		return p[0].Literal, true
	}
	return "", false
}
