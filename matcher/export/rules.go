package export

import (
	"bytes"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/gwlogs/gwlogs/matcher"
	"github.com/gwlogs/gwlogs/sigma"
	"github.com/gwlogs/gwlogs/sigma/ast"
)

// ruleYAML writes a detection as a Sigma rule of its own, with its conditions
// spelled out. With channels, the rule names its channels in the detection.
func ruleYAML(s *matcher.Signature, channels bool) (*yaml.Node, error) {
	r := s.Rule
	doc := mapping()
	put(doc, "title", text(s.Text.Title))
	put(doc, "id", text(r.ID))
	if r.Name != "" {
		put(doc, "name", text(r.Name))
	}
	put(doc, "status", text(r.Status))
	put(doc, "description", text(oneLine(s.Text.Cause)))
	put(doc, "author", text(r.Author))
	put(doc, "date", text(r.Date))
	if len(r.References) > 0 {
		put(doc, "references", list(r.References))
	}
	if len(r.Tags) > 0 {
		put(doc, "tags", list(r.Tags))
	}
	source := mapping()
	put(source, "product", text("windows"))
	if r.Logsource.Service != "" {
		put(source, "service", text(r.Logsource.Service))
	}
	put(doc, "logsource", source)
	put(doc, "detection", detection(r, channels))
	put(doc, "level", text(r.Level.String()))
	return doc, nil
}

func detection(r *sigma.Rule, channels bool) *yaml.Node {
	d := mapping()
	var conditions []string
	for _, c := range r.Detection.Conditions {
		conditions = append(conditions, condition(c.Expr))
	}
	whole := parenthesized(conditions, " or ")
	if names := channelsOf(r); channels && len(names) > 0 {
		in := mapping()
		put(in, "Channel", list(names))
		put(d, "channel_of_the_gateway", in)
		whole = "channel_of_the_gateway and " + whole
	}
	for _, s := range r.Detection.Searches {
		put(d, s.Name, search(s.Expr))
	}
	put(d, "condition", text(whole))
	return d
}

// condition spells an expression out: not every engine knows "1 of".
func condition(e ast.Expr) string {
	several := func(terms []ast.Expr, word string) string {
		texts := make([]string, len(terms))
		for i, term := range terms {
			texts[i] = condition(term)
		}
		return parenthesized(texts, word)
	}
	switch e := e.(type) {
	case *ast.And:
		return several(e.Terms, " and ")
	case *ast.Or:
		return several(e.Terms, " or ")
	case *ast.Not:
		return "not " + condition(e.Term)
	case *ast.Ref:
		return e.Search.Name
	}
	return ""
}

// search writes what stands under a search.
func search(e ast.Expr) *yaml.Node {
	n := mapping()
	switch e := e.(type) {
	case *ast.And:
		for _, term := range e.Terms {
			if t, ok := term.(*ast.Test); ok {
				putTest(n, t)
			}
		}
	case *ast.Or:
		n = &yaml.Node{Kind: yaml.SequenceNode}
		for _, term := range e.Terms {
			n.Content = append(n.Content, search(term))
		}
	case *ast.Test:
		putTest(n, e)
	}
	return n
}

func putTest(n *yaml.Node, t *ast.Test) {
	values := &yaml.Node{Kind: yaml.SequenceNode}
	for _, v := range t.Values {
		forms := []string{v.Raw}
		if t.Op != ast.OpRegexp && !t.All && v.Kind == ast.String {
			forms = variants(v.Raw)
		}
		for _, form := range forms {
			node := text(form)
			if v.Kind == ast.Number {
				node = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: form}
			}
			values.Content = append(values.Content, node)
		}
	}
	key := strings.Join(append([]string{t.Field}, t.Modifiers...), "|")
	if len(values.Content) == 1 {
		put(n, key, values.Content[0])
		return
	}
	put(n, key, values)
}

// correlationYAML writes a sequence.
func correlationYAML(s *matcher.Signature) *yaml.Node {
	r, c := s.Rule, s.Rule.Correlation
	types := map[ast.CorrelationType]string{
		ast.EventCount: "event_count", ast.ValueCount: "value_count", ast.Temporal: "temporal", ast.TemporalOrdered: "temporal_ordered",
	}
	doc := mapping()
	put(doc, "title", text(s.Text.Title))
	put(doc, "id", text(r.ID))
	put(doc, "name", text(r.Name))
	put(doc, "status", text(r.Status))
	put(doc, "description", text(oneLine(s.Text.Cause)))
	put(doc, "author", text(r.Author))
	put(doc, "date", text(r.Date))
	body := mapping()
	put(body, "type", text(types[c.Type]))
	var names []string
	for _, ref := range c.Rules {
		names = append(names, ref.Name)
	}
	put(body, "rules", list(names))
	put(body, "group-by", list(c.GroupBy))
	put(body, "timespan", text(strconv.Itoa(int(c.Timespan.Hours()/24))+"d"))
	put(doc, "correlation", body)
	put(doc, "level", text(r.Level.String()))
	return doc
}

func mapping() *yaml.Node { return &yaml.Node{Kind: yaml.MappingNode} }

func text(s string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(s)
	return n
}

func list(items []string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode}
	for _, item := range items {
		n.Content = append(n.Content, text(item))
	}
	return n
}

func put(n *yaml.Node, key string, value *yaml.Node) {
	n.Content = append(n.Content, text(key), value)
}

// encode writes documents, four spaces deep as Sigma has it.
func encode(docs ...*yaml.Node) ([]byte, error) {
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(4)
	for _, doc := range docs {
		if err := enc.Encode(doc); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), enc.Close()
}
