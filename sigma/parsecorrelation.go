package sigma

import (
	"regexp"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/gwlogs/gwlogs/sigma/ast"
)

// correlation reads a correlation (section "Correlation section").
func (p *parser) correlation(r *Rule, n *yaml.Node) (*ast.Correlation, error) {
	if n.Kind != yaml.MappingNode {
		return nil, p.errorf(at(n), "correlation has to be a map")
	}
	c := &ast.Correlation{Pos: at(n)}
	seen := make(map[string]bool)
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		seen[key.Value] = true
		if err := p.correlationField(c, key, value); err != nil {
			return nil, err
		}
	}
	if value := r.custom["generate"]; value != nil { // it stands beside the correlation too
		delete(r.custom, "generate")
		generate, err := p.truth("generate", value)
		if err != nil {
			return nil, err
		}
		c.Generate = c.Generate || generate
	}
	for _, name := range []string{"type", "rules", "timespan"} {
		if !seen[name] {
			return nil, p.errorf(at(n), "correlation: %s is missing", name)
		}
	}
	temporal := c.Type == ast.Temporal || c.Type == ast.TemporalOrdered
	switch {
	case !temporal && len(c.Condition) == 0:
		return nil, p.errorf(at(n), "correlation: condition is missing")
	case c.Type == ast.ValueCount && c.Field == "":
		return nil, p.errorf(at(n), "correlation: value_count needs a field in its condition")
	case c.Type != ast.ValueCount && c.Field != "":
		return nil, p.errorf(at(n), "correlation: only value_count has a field")
	}
	return c, nil
}

func (p *parser) correlationField(c *ast.Correlation, key, value *yaml.Node) (err error) {
	switch key.Value {
	case "type":
		return p.correlationType(c, value)
	case "rules":
		var names []string
		if names, err = p.texts("rules", value); err != nil {
			return err
		}
		if len(names) == 0 {
			return p.errorf(at(value), "correlation: rules is empty")
		}
		for i, name := range names {
			pos := at(value)
			if value.Kind == yaml.SequenceNode {
				pos = at(value.Content[i])
			}
			c.Rules = append(c.Rules, ast.RuleRef{Pos: pos, Name: name})
		}
	case "group-by":
		c.GroupBy, err = p.texts("group-by", value)
	case "timespan":
		return p.timespan(c, value)
	case "generate":
		c.Generate, err = p.truth("generate", value)
	case "aliases":
		return p.aliases(c, value)
	case "condition":
		return p.bounds(c, value)
	default:
		return p.errorf(at(key), "correlation: unknown key %q", key.Value)
	}
	return err
}

func (p *parser) correlationType(c *ast.Correlation, n *yaml.Node) error {
	types := map[string]ast.CorrelationType{
		"event_count": ast.EventCount, "value_count": ast.ValueCount, "temporal": ast.Temporal, "temporal_ordered": ast.TemporalOrdered,
	}
	var ok bool
	if c.Type, ok = types[n.Value]; !ok {
		return p.errorf(at(n), "correlation: type %q is not supported: event_count, value_count, temporal and temporal_ordered are", n.Value)
	}
	return nil
}

func (p *parser) truth(name string, n *yaml.Node) (bool, error) {
	if n.Tag != "!!bool" {
		return false, p.errorf(at(n), "%s has to be true or false", name)
	}
	return n.Value == "true" || n.Value == "True" || n.Value == "TRUE", nil
}

func (p *parser) timespan(c *ast.Correlation, n *yaml.Node) error {
	m := regexp.MustCompile(`^([1-9]\d{0,6})([smhdwMy])$`).FindStringSubmatch(n.Value)
	if m == nil {
		return p.errorf(at(n), "timespan %q is not of the form 30s, 15m, 8h or 7d", n.Value)
	}
	const day = 24 * time.Hour
	units := map[string]time.Duration{
		"s": time.Second, "m": time.Minute, "h": time.Hour, "d": day, "w": 7 * day, "M": 30 * day, "y": 365 * day,
	}
	count, _ := strconv.ParseInt(m[1], 10, 64)
	const longest = 100 * 365 * day
	if count > int64(longest/units[m[2]]) {
		return p.errorf(at(n), "timespan %q is longer than a century", n.Value)
	}
	c.Timespan = time.Duration(count) * units[m[2]]
	return nil
}

func (p *parser) aliases(c *ast.Correlation, n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return p.errorf(at(n), "aliases has to be a map")
	}
	for i := 0; i < len(n.Content); i += 2 {
		key, fields := n.Content[i], n.Content[i+1]
		if fields.Kind != yaml.MappingNode {
			return p.errorf(at(fields), "aliases: %s has to be a map of rules and their fields", key.Value)
		}
		alias := ast.Alias{Pos: at(key), Name: key.Value}
		for j := 0; j < len(fields.Content); j += 2 {
			field, err := p.text("alias", fields.Content[j+1])
			if err != nil {
				return err
			}
			alias.Fields = append(alias.Fields, ast.AliasField{Rule: fields.Content[j].Value, Field: field})
		}
		c.Aliases = append(c.Aliases, alias)
	}
	return nil
}

func (p *parser) bounds(c *ast.Correlation, n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return p.errorf(at(n), "correlation: condition has to be a map such as gte: 10")
	}
	ops := map[string]ast.BoundOp{
		"gt": ast.Greater, "gte": ast.GreaterEqual, "lt": ast.Less, "lte": ast.LessEqual, "eq": ast.Equal, "neq": ast.NotEqual,
	}
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Value == "field" {
			text, err := p.text("field", value)
			if err != nil {
				return err
			}
			c.Field = text
			continue
		}
		op, ok := ops[key.Value]
		if !ok {
			return p.errorf(at(key), "correlation: unknown condition %q: gt, gte, lt, lte, eq and neq are known", key.Value)
		}
		count, err := strconv.ParseInt(value.Value, 10, 64)
		if value.Kind != yaml.ScalarNode || err != nil || count < 0 {
			return p.errorf(at(value), "correlation: %q is not a count", value.Value)
		}
		c.Condition = append(c.Condition, ast.Bound{Pos: at(key), Op: op, N: count})
	}
	return nil
}
