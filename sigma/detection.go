package sigma

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/gwlogs/gwlogs/sigma/ast"
)

// detection reads the searches, then the conditions over them.
func (p *parser) detection(n *yaml.Node) (*ast.Detection, error) {
	if n.Kind != yaml.MappingNode {
		return nil, p.errorf(at(n), "detection has to be a map of searches and a condition")
	}
	d := new(ast.Detection)
	var condition *yaml.Node
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch key.Value {
		case "condition":
			condition = value
		case "timeframe":
			return nil, p.errorf(at(key), "timeframe is not supported: use a correlation with a timespan")
		default:
			expr, err := p.search(value)
			if err != nil {
				return nil, err
			}
			d.Searches = append(d.Searches, &ast.Search{Name: key.Value, Pos: at(key), Expr: expr})
		}
	}
	if condition == nil {
		return nil, p.errorf(at(n), "condition is missing")
	}
	if len(d.Searches) == 0 {
		return nil, p.errorf(at(n), "there is nothing to search for beside the condition")
	}
	return d, p.conditions(d, condition)
}

// conditions reads one condition or a list.
func (p *parser) conditions(d *ast.Detection, n *yaml.Node) error {
	texts := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		texts = n.Content
	}
	if len(texts) == 0 {
		return p.errorf(at(n), "condition is empty")
	}
	for _, text := range texts {
		if text.Kind != yaml.ScalarNode {
			return p.errorf(at(text), "condition has to be a text or a list of texts")
		}
		c, err := p.condition(d, text)
		if err != nil {
			return err
		}
		d.Conditions = append(d.Conditions, c)
	}
	return nil
}

// search reads what stands under a search identifier, or under an item of a
// list there: a map is And, a list is Or, a text is a keyword.
func (p *parser) search(n *yaml.Node) (ast.Expr, error) {
	switch n.Kind {
	case yaml.MappingNode:
		return p.tests(n)
	case yaml.SequenceNode:
		return p.alternatives(n)
	case yaml.ScalarNode:
		return p.test(at(n), "", nil, n)
	}
	return nil, p.errorf(at(n), "a search has to be a map, a list or a text")
}

func (p *parser) tests(n *yaml.Node) (ast.Expr, error) {
	if len(n.Content) == 0 {
		return nil, p.errorf(at(n), "search is empty")
	}
	and := &ast.And{Pos: at(n)}
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		field, modifiers, _ := strings.Cut(key.Value, "|")
		var names []string
		if modifiers != "" || strings.HasSuffix(key.Value, "|") {
			names = strings.Split(modifiers, "|")
		}
		test, err := p.test(at(key), field, names, n.Content[i+1])
		if err != nil {
			return nil, err
		}
		and.Terms = append(and.Terms, test)
	}
	if len(and.Terms) == 1 {
		return and.Terms[0], nil
	}
	return and, nil
}

// alternatives reads a list: texts together are one test for keywords.
func (p *parser) alternatives(n *yaml.Node) (ast.Expr, error) {
	if len(n.Content) == 0 {
		return nil, p.errorf(at(n), "search is empty")
	}
	keywords := 0
	for _, item := range n.Content {
		if item.Kind == yaml.ScalarNode {
			keywords++
		}
	}
	if keywords == len(n.Content) {
		return p.test(at(n), "", nil, n)
	}
	or := &ast.Or{Pos: at(n)}
	for _, item := range n.Content {
		term, err := p.search(item)
		if err != nil {
			return nil, err
		}
		or.Terms = append(or.Terms, term)
	}
	if len(or.Terms) == 1 {
		return or.Terms[0], nil
	}
	return or, nil
}
