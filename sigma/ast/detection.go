package ast

// A Pos is a place in a rule file, both counted from 1; columns are in characters.
type Pos struct{ Line, Column int }

// A Detection is what to look for: named searches, and conditions over them.
// The rule matches if any of the conditions holds.
type Detection struct {
	Searches   []*Search // in the order of the file
	Conditions []*Condition
}

// A Search is one named part of a detection ("search identifier").
type Search struct {
	Name string
	Pos  Pos
	Expr Expr // without a Ref in it
}

// A Condition is one boolean expression over the searches. "1 of" and "all
// of" stand in Expr as the Or and And of the searches that they mean.
type Condition struct {
	Text string // as it stands in the file
	Pos  Pos
	Expr Expr
}
