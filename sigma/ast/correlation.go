package ast

import "time"

// A Correlation looks at several matches within a timespan (section
// "Correlation Types").
type Correlation struct {
	Pos      Pos
	Type     CorrelationType
	Rules    []RuleRef
	Generate bool     // also report the matches of Rules on their own
	GroupBy  []string // fields, or names of Aliases; without any all events are one group
	Aliases  []Alias
	Timespan time.Duration

	// The condition on the number of events or values; of temporal types, on
	// the number of different rules, and all of them if there is none.
	Condition []Bound
	Field     string // ValueCount: whose values are counted
}

// A CorrelationType is what a correlation looks at.
type CorrelationType uint8

const (
	EventCount      CorrelationType = iota // how many events
	ValueCount                             // how many different values of a field
	Temporal                               // all rules, in any order
	TemporalOrdered                        // all rules, in their order
)

// A RuleRef names a rule, by name or id.
type RuleRef struct {
	Pos  Pos
	Name string
}

// A Bound is a comparison with a number; of several all must hold.
type Bound struct {
	Pos Pos
	Op  BoundOp
	N   int64
}

// A BoundOp is how a Bound compares.
type BoundOp uint8

const (
	Greater      BoundOp = iota // gt
	GreaterEqual                // gte
	Less                        // lt
	LessEqual                   // lte
	Equal                       // eq
	NotEqual                    // neq
)

// An Alias gives fields of different rules one name for grouping.
type Alias struct {
	Pos    Pos
	Name   string
	Fields []AliasField // the field of each rule
}

// An AliasField is the field that an alias means in the events of a rule.
type AliasField struct{ Rule, Field string }
