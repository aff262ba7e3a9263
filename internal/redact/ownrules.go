package redact

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// AddRules adds to a file of rules one for each suspect, that takes it and what
// stands in the same surroundings another time. The suspects themselves are not
// in it. What else the file has stays; a rule that it has already is not added.
func AddRules(file []byte, suspects []Finding) ([]byte, error) {
	have, err := parseRules(file)
	if err != nil {
		return nil, err
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(file, &doc); err != nil {
		return nil, errors.New(strings.Join(strings.Fields(err.Error()), " "))
	}
	if len(doc.Content) == 0 {
		doc = yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{{Kind: yaml.MappingNode}}}
	}
	rules := rulesOf(doc.Content[0])
	names, patterns := make(map[string]bool), make(map[string]bool)
	for _, s := range have.specs {
		if s != nil {
			names[s.Name], patterns[s.Pattern] = true, true
		}
	}
	n := 1
	for _, f := range suspects {
		pattern := patternFor(f)
		if patterns[pattern] {
			continue
		}
		patterns[pattern] = true
		for names[fmt.Sprintf("own-%d", n)] {
			n++
		}
		name := fmt.Sprintf("own-%d", n)
		names[name] = true
		rules.Content = append(rules.Content, &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{
			scalar("name"), scalar(name), scalar("pattern"), {Kind: yaml.ScalarNode, Value: pattern, Style: yaml.SingleQuotedStyle},
		}})
	}
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(&doc); err != nil {
		return nil, err
	}
	_, err = ParseRules(out.Bytes())
	return out.Bytes(), err
}

func scalar(text string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: text} }

// rulesOf returns the list of rules of a file, which is made if there is none.
func rulesOf(file *yaml.Node) *yaml.Node {
	for i := 0; i+1 < len(file.Content); i += 2 {
		if list := file.Content[i+1]; file.Content[i].Value == "rules" {
			if list.Kind != yaml.SequenceNode {
				*list = yaml.Node{Kind: yaml.SequenceNode}
			}
			return list
		}
	}
	list := &yaml.Node{Kind: yaml.SequenceNode}
	file.Content = append(file.Content, scalar("rules"), list)
	return list
}

// patternFor is a pattern that finds a suspect by the last words in front of it.
func patternFor(f Finding) string {
	value := `[A-Za-z0-9+_~=]{16,}`
	if f.Suspect == NameAndValue {
		value = `[^\s"'<>;,(){}\[\]|/\\&]{8,}`
	}
	lead := f.Before
	if words := strings.Fields(lead); len(words) > 3 {
		lead = lead[strings.LastIndex(lead, words[len(words)-3]):]
	}
	lead = regexp.MustCompile(`\[redacted:[a-z0-9-]*\]|\d+`).ReplaceAllString(strings.TrimLeft(lead, " \t"), "\x00")
	lead = regexp.QuoteMeta(strings.TrimLeft(lead, "\x00"))
	lead = regexp.MustCompile(`\x00+`).ReplaceAllString(lead, `\S+?`)
	lead = regexp.MustCompile(`[ \t]+`).ReplaceAllString(lead, `\s+`)
	if strings.Trim(lead, `\s+S?`) == "" { // nothing tells it: what is of the same form
		lead, value = `(?:^|[^A-Za-z0-9+_~=])`, fmt.Sprintf(`[A-Za-z0-9+_~=]{%d}`, len(f.Text))
	}
	return lead + `(?P<secret>` + value + `)`
}
