package sigma

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/gwlogs/gwlogs/sigma/ast"
)

// A modifierSet is the modifiers of one test, put in order.
type modifierSet struct {
	op       ast.Op
	opGiven  bool
	all      bool
	cased    bool
	negate   bool
	fieldref bool
	expand   bool
	windash  bool
	part     ast.TimePart
	encode   []string // base64, base64offset and the utf16 ones, in order
	flags    string   // of a regular expression
}

// modifiers reads the names behind a field (appendix "Sigma Modifiers").
func (p *parser) modifiers(pos ast.Pos, names []string) (modifierSet, error) {
	var m modifierSet
	ops := map[string]ast.Op{
		"contains": ast.OpContains, "startswith": ast.OpStartsWith, "endswith": ast.OpEndsWith, "re": ast.OpRegexp, "cidr": ast.OpCIDR,
		"exists": ast.OpExists, "lt": ast.OpLess, "lte": ast.OpLessEqual, "gt": ast.OpGreater, "gte": ast.OpGreaterEqual,
	}
	parts := map[string]ast.TimePart{
		"minute": ast.TimeMinute, "hour": ast.TimeHour, "day": ast.TimeDay, "week": ast.TimeWeek, "month": ast.TimeMonth, "year": ast.TimeYear,
	}
	for i, name := range names {
		op, isOp := ops[name]
		part, isPart := parts[name]
		switch {
		case slices.Contains(names[:i], name):
			return m, p.errorf(pos, "modifier %s stands here twice", name)
		case isOp && m.opGiven:
			return m, p.errorf(pos, "modifier %s does not go with the one before it", name)
		case isOp:
			m.op, m.opGiven = op, true
		case isPart && m.part != ast.TimeWhole:
			return m, p.errorf(pos, "modifier %s: one part of a time at once", name)
		case isPart:
			m.part = part
		case name == "i" || name == "m" || name == "s":
			if m.op != ast.OpRegexp {
				return m, p.errorf(pos, "modifier %s belongs behind re", name)
			}
			m.flags += name
		case !m.flag(name):
			return m, p.errorf(pos, "unknown modifier %q", name)
		}
	}
	return m, p.fits(pos, &m)
}

func (m *modifierSet) flag(name string) bool {
	switch name {
	case "all":
		m.all = true
	case "cased":
		m.cased = true
	case "neq":
		m.negate = true
	case "fieldref":
		m.fieldref = true
	case "expand":
		m.expand = true
	case "windash":
		m.windash = true
	case "base64", "base64offset", "utf16le", "utf16be", "utf16", "wide":
		m.encode = append(m.encode, name)
	default:
		return false
	}
	return true
}

// fits refuses modifiers that make no sense together.
func (p *parser) fits(pos ast.Pos, m *modifierSet) error {
	text := m.op == ast.OpEqual || m.op == ast.OpContains || m.op == ast.OpStartsWith || m.op == ast.OpEndsWith
	number := m.op >= ast.OpLess && m.op <= ast.OpGreaterEqual || m.op == ast.OpEqual
	switch {
	case !text && (len(m.encode) > 0 || m.windash || m.fieldref):
		return p.errorf(pos, "base64, utf16, windash and fieldref are for texts: they go with contains, startswith and endswith alone")
	case m.fieldref && (len(m.encode) > 0 || m.windash || m.expand):
		return p.errorf(pos, "fieldref names a field: there is nothing to encode or expand")
	case m.part != ast.TimeWhole && !number:
		return p.errorf(pos, "a part of a time is a number: lt, lte, gt and gte go with it")
	case m.expand && m.op != ast.OpRegexp && !text && m.op != ast.OpCIDR:
		return p.errorf(pos, "expand is for texts")
	case m.op == ast.OpExists && (m.all || m.negate || m.cased):
		return p.errorf(pos, "exists stands alone")
	}
	return nil
}

// test reads a field's values.
func (p *parser) test(pos ast.Pos, field string, modifiers []string, n *yaml.Node) (ast.Expr, error) {
	m, err := p.modifiers(pos, modifiers)
	if err != nil {
		return nil, err
	}
	t := &ast.Test{
		Pos: pos, Field: field, Modifiers: modifiers, Op: m.op, All: m.all, Cased: m.cased, Negate: m.negate, Part: m.part,
	}
	if m.fieldref {
		t.Op = ast.OpFieldRef
	}
	items := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		items = n.Content
	}
	if len(items) == 0 {
		return nil, p.errorf(pos, "there are no values to compare with")
	}
	for _, item := range items {
		if item.Kind != yaml.ScalarNode {
			return nil, p.errorf(at(item), "a value has to be a text, a number, true, false or null")
		}
		v, err := p.value(&m, item)
		if err != nil {
			return nil, err
		}
		t.Values = append(t.Values, v)
	}
	return t, nil
}
