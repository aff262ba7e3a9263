package ast

import "iter"

// An Expr is a node of a detection: *And, *Or, *Not, *Ref or *Test.
type Expr interface {
	// Position returns where the expression starts in the file.
	Position() Pos

	expr() // nothing else is one
}

// And holds if all of its terms do.
type And struct {
	Pos   Pos
	Terms []Expr
}

// Or holds if one of its terms does.
type Or struct {
	Pos   Pos
	Terms []Expr
}

// Not holds if its term does not.
type Not struct {
	Pos  Pos
	Term Expr
}

// Ref stands for a search of the same detection; only conditions have it.
type Ref struct {
	Pos    Pos
	Search *Search
}

// Position returns where the expression starts in the file.
func (e *And) Position() Pos { return e.Pos }

// Position returns where the expression starts in the file.
func (e *Or) Position() Pos { return e.Pos }

// Position returns where the expression starts in the file.
func (e *Not) Position() Pos { return e.Pos }

// Position returns where the expression starts in the file.
func (e *Ref) Position() Pos { return e.Pos }

// Position returns where the expression starts in the file.
func (e *Test) Position() Pos { return e.Pos }

func (*And) expr()  {}
func (*Or) expr()   {}
func (*Not) expr()  {}
func (*Ref) expr()  {}
func (*Test) expr() {}

// All returns an expression and all that it consists of, each before its parts,
// in the order of the file. Behind a Ref come the parts of its search.
func All(e Expr) iter.Seq[Expr] {
	return func(yield func(Expr) bool) { visit(e, yield) }
}

func visit(e Expr, yield func(Expr) bool) bool {
	if e == nil {
		return true
	}
	if !yield(e) {
		return false
	}
	switch e := e.(type) {
	case *And:
		return visitTerms(e.Terms, yield)
	case *Or:
		return visitTerms(e.Terms, yield)
	case *Not:
		return visit(e.Term, yield)
	case *Ref:
		return e.Search == nil || visit(e.Search.Expr, yield)
	}
	return true
}

func visitTerms(terms []Expr, yield func(Expr) bool) bool {
	for _, term := range terms {
		if !visit(term, yield) {
			return false
		}
	}
	return true
}
