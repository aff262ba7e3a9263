package sigma

import "github.com/gwlogs/gwlogs/sigma/ast"

// A Rule is one document of a rule file: a detection or a correlation
// (sections "Sigma Rules Specification" and "Sigma Correlation Rules
// Specification" of version 2.1).
type Rule struct {
	File string // as it was given to Parse
	Pos  ast.Pos

	Title          string
	ID             string
	Name           string
	Related        []Related
	Taxonomy       string
	Status         string
	Description    string
	License        string
	Author         string
	References     []string
	Date           string
	Modified       string
	Tags           []string
	Fields         []string
	FalsePositives []string
	Level          Level
	Scope          []string

	Logsource   Logsource
	Detection   *ast.Detection   // nil in a correlation
	Correlation *ast.Correlation // nil in a detection

	custom custom // fields that the specification does not know
}

// Related is another rule that this one has to do with.
type Related struct{ ID, Type string }

// Logsource says which logs a rule is for. Empty fields do not narrow it.
type Logsource struct{ Category, Product, Service, Definition string }

// A Level is how bad it is when a rule matches.
type Level uint8

// The levels of the specification. A rule need not have one.
const (
	LevelNone Level = iota
	Informational
	Low
	Medium
	High
	Critical
)
