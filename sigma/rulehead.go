package sigma

import (
	"regexp"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// rule reads a document.
func (p *parser) rule(doc *yaml.Node) (*Rule, error) {
	if doc.Kind != yaml.MappingNode {
		return nil, p.errorf(at(doc), "a rule is a map of fields, such as title and detection")
	}
	r := &Rule{File: p.file, Pos: at(doc)}
	sections := make(map[string]*yaml.Node)
	for i := 0; i < len(doc.Content); i += 2 {
		key, value := doc.Content[i], doc.Content[i+1]
		if err := p.field(r, sections, key, value); err != nil {
			return nil, err
		}
	}
	return r, p.body(r, doc, sections)
}

// field reads one field of a rule.
func (p *parser) field(r *Rule, sections map[string]*yaml.Node, key, value *yaml.Node) error {
	texts := map[string]*string{
		"title": &r.Title, "id": &r.ID, "name": &r.Name, "taxonomy": &r.Taxonomy, "status": &r.Status,
		"description": &r.Description, "license": &r.License, "author": &r.Author, "date": &r.Date, "modified": &r.Modified,
	}
	lists := map[string]*[]string{
		"references": &r.References, "tags": &r.Tags, "fields": &r.Fields, "falsepositives": &r.FalsePositives, "scope": &r.Scope,
	}
	switch name := key.Value; {
	case texts[name] != nil:
		text, err := p.text(name, value)
		*texts[name] = text
		if err != nil {
			return err
		}
		return p.form(name, text, value)
	case lists[name] != nil:
		list, err := p.texts(name, value)
		*lists[name] = list
		return err
	case name == "level":
		text, err := p.text(name, value)
		if err != nil {
			return err
		}
		var ok bool
		if r.Level, ok = ParseLevel(text); !ok {
			return p.errorf(at(value), "unknown level %q: informational, low, medium, high and critical are known", text)
		}
	case name == "related":
		return p.related(r, value)
	case name == "logsource", name == "detection", name == "correlation":
		sections[name] = value
	case name == "filter", name == "action":
		return p.errorf(at(key), "%s is not supported: rules and correlations are", name)
	default:
		if r.custom == nil {
			r.custom = make(custom)
		}
		r.custom[name] = value
	}
	return nil
}

// form checks texts that have one.
func (p *parser) form(name, text string, n *yaml.Node) error {
	switch name {
	case "title":
		if strings.TrimSpace(text) == "" {
			return p.errorf(at(n), "title is empty")
		}
	case "id":
		if !isUUID(text) {
			return p.errorf(at(n), "id %q is not a UUID", text)
		}
	case "status":
		switch text {
		case "stable", "test", "experimental", "deprecated", "unsupported":
		default:
			return p.errorf(at(n), "unknown status %q: stable, test, experimental, deprecated and unsupported are known", text)
		}
	case "date", "modified":
		for _, layout := range []string{"2006-01-02", "2006/01/02"} {
			if _, err := time.Parse(layout, text); err == nil {
				return nil
			}
		}
		return p.errorf(at(n), "%s %q is not of the form 2006-01-02", name, text)
	}
	return nil
}

func isUUID(s string) bool {
	return regexp.MustCompile(`^(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`).MatchString(s)
}

// text reads a scalar.
func (p *parser) text(name string, n *yaml.Node) (string, error) {
	if n.Kind != yaml.ScalarNode {
		return "", p.errorf(at(n), "%s has to be a text", name)
	}
	if n.Tag == "!!null" {
		return "", p.errorf(at(n), "%s is empty", name)
	}
	return n.Value, nil
}

// texts reads a list of scalars; one alone is a list too.
func (p *parser) texts(name string, n *yaml.Node) ([]string, error) {
	if n.Kind == yaml.ScalarNode {
		if n.Tag == "!!null" {
			return nil, nil
		}
		return []string{n.Value}, nil
	}
	if n.Kind != yaml.SequenceNode {
		return nil, p.errorf(at(n), "%s has to be a list", name)
	}
	var list []string
	for _, item := range n.Content {
		text, err := p.text(name, item)
		if err != nil {
			return nil, err
		}
		list = append(list, text)
	}
	return list, nil
}

func (p *parser) related(r *Rule, n *yaml.Node) error {
	if n.Kind != yaml.SequenceNode {
		return p.errorf(at(n), "related has to be a list of id and type")
	}
	for _, item := range n.Content {
		var rel Related
		err := p.known(item, "related", map[string]*string{"id": &rel.ID, "type": &rel.Type})
		if err != nil {
			return err
		}
		switch rel.Type {
		case "derived", "obsolete", "obsoletes", "merged", "renamed", "similar", "correlation":
		default:
			return p.errorf(at(item), "related: unknown type %q", rel.Type)
		}
		r.Related = append(r.Related, rel)
	}
	return nil
}

// known reads a map of texts; other keys are refused.
func (p *parser) known(n *yaml.Node, what string, fields map[string]*string) error {
	if n.Kind != yaml.MappingNode {
		return p.errorf(at(n), "%s has to be a map", what)
	}
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		into, ok := fields[key.Value]
		if !ok {
			return p.errorf(at(key), "%s: unknown key %q", what, key.Value)
		}
		text, err := p.text(key.Value, n.Content[i+1])
		if err != nil {
			return err
		}
		*into = text
	}
	return nil
}

// body reads what the rule looks for.
func (p *parser) body(r *Rule, doc *yaml.Node, sections map[string]*yaml.Node) error {
	if r.Title == "" {
		return p.errorf(at(doc), "title is missing")
	}
	if n := sections["logsource"]; n != nil {
		l := &r.Logsource
		err := p.known(n, "logsource", map[string]*string{
			"category": &l.Category, "product": &l.Product, "service": &l.Service, "definition": &l.Definition,
		})
		if err != nil {
			return err
		}
	}
	var err error
	switch detection, correlation := sections["detection"], sections["correlation"]; {
	case detection != nil && correlation != nil:
		return p.errorf(at(correlation), "a rule has either a detection or a correlation")
	case detection != nil:
		if sections["logsource"] == nil {
			return p.errorf(at(doc), "logsource is missing")
		}
		r.Detection, err = p.detection(detection)
	case correlation != nil:
		r.Correlation, err = p.correlation(r, correlation)
	default:
		return p.errorf(at(doc), "detection is missing")
	}
	return err
}
