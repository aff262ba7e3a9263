package sigma

import (
	"net/netip"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/gwlogs/gwlogs/sigma/ast"
)

// value reads one value of a test and prepares it for the comparison.
func (p *parser) value(m *modifierSet, n *yaml.Node) (ast.Value, error) {
	v := ast.Value{Pos: at(n), Raw: n.Value}
	switch n.Tag {
	case "!!null":
		v.Kind = ast.Null
		if m.opGiven || m.fieldref || len(m.encode) > 0 || m.windash || m.expand {
			return v, p.errorf(v.Pos, "null has no text: write '' for an empty one")
		}
		return v, nil
	case "!!bool":
		v.Kind, v.Bool = ast.Bool, strings.EqualFold(n.Value, "true")
	case "!!int", "!!float":
		if number, ok := parseNumber(n.Value); ok {
			v.Kind, v.Number = ast.Number, number
		}
	}
	switch {
	case m.fieldref:
		v.Field, v.RefOp = v.Raw, m.op
		return v, nil
	case m.part != ast.TimeWhole || m.op >= ast.OpLess && m.op <= ast.OpGreaterEqual:
		return v, p.number(&v)
	case m.op == ast.OpExists:
		if v.Kind != ast.Bool {
			return v, p.errorf(v.Pos, "exists is true or false")
		}
		return v, nil
	case m.op == ast.OpCIDR:
		return v, p.cidr(m, &v)
	case m.op == ast.OpRegexp:
		return v, p.regexp(m, &v)
	}
	return v, p.patterns(m, &v)
}

// number settles the number of a comparison by size; quoted ones count.
func (p *parser) number(v *ast.Value) error {
	number, ok := parseNumber(v.Raw)
	if !ok {
		return p.errorf(v.Pos, "%q is not a number", v.Raw)
	}
	v.Kind, v.Number = ast.Number, number
	return nil
}

// parseNumber reads a decimal number, or a hexadecimal one with 0x as event
// logs show some.
func parseNumber(s string) (float64, bool) {
	if len(s) > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X') {
		n, err := strconv.ParseUint(s[2:], 16, 64)
		return float64(n), err == nil
	}
	if strings.ContainsAny(s, "xXpPnN_") { // what ParseFloat takes beyond decimals
		return 0, false
	}
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil
}

func (p *parser) cidr(m *modifierSet, v *ast.Value) error {
	if m.expand {
		v.Patterns = []ast.Pattern{placeholders(parsePattern(v.Raw))}
		return nil
	}
	prefix, err := netip.ParsePrefix(v.Raw)
	if err != nil {
		addr, err := netip.ParseAddr(v.Raw)
		if err != nil {
			return p.errorf(v.Pos, "%q is not a network such as 10.0.0.0/8 or fe80::/10", v.Raw)
		}
		prefix = netip.PrefixFrom(addr, addr.BitLen())
	}
	v.Prefix = prefix.Masked()
	return nil
}

func (p *parser) regexp(m *modifierSet, v *ast.Value) error {
	if m.expand {
		return p.errorf(v.Pos, "expand does not go with re")
	}
	if len(v.Raw) > maxRegexp {
		return p.errorf(v.Pos, "expression is longer than %d bytes", maxRegexp)
	}
	expr := v.Raw
	if m.flags != "" {
		expr = "(?" + m.flags + ")" + expr
	}
	re, err := ast.NewRegexp(expr)
	if err != nil {
		return p.errorf(v.Pos, "expression cannot be used: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	v.Regexp = re
	return nil
}

// patterns makes the texts to compare with.
func (p *parser) patterns(m *modifierSet, v *ast.Value) error {
	pattern := parsePattern(v.Raw)
	if m.expand {
		pattern = placeholders(pattern)
	}
	v.Patterns = []ast.Pattern{pattern}
	if m.windash {
		if v.Patterns = windash(pattern); v.Patterns == nil {
			return p.errorf(v.Pos, "windash: more than %d combinations of dashes", maxDashes)
		}
	}
	for _, name := range m.encode {
		var encoded []ast.Pattern
		for _, pattern := range v.Patterns {
			text, ok := pattern.Text()
			if !ok {
				return p.errorf(v.Pos, "%s: a text with wildcards or placeholders cannot be encoded", name)
			}
			for _, e := range encodings(name, text) {
				encoded = append(encoded, ast.Pattern{{Literal: e}})
			}
		}
		v.Patterns = encoded
	}
	return nil
}
