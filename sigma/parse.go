package sigma

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/gwlogs/gwlogs/sigma/ast"
)

// Limits on what a file of rules may be. They are far beyond any real rule.
const (
	maxFile   = 1 << 20 // bytes
	maxDepth  = 32      // of YAML nodes in each other, and of conditions
	maxNodes  = 200000  // YAML nodes of a file, aliases followed
	maxRegexp = 16 << 10
)

// Parse reads the rules of a file: one YAML document each. What it does not
// know it refuses: the error is an *Error with the place. Fields of a rule
// that the specification does not know are kept, see Rule.Custom.
func Parse(file string, src []byte) ([]*Rule, error) {
	p := &parser{file: file, src: src}
	documents, err := p.documents()
	if err != nil {
		return nil, err
	}
	var rules []*Rule
	for _, doc := range documents {
		rule, err := p.rule(doc)
		if err != nil {
			return nil, err
		}
		rules = append(rules, rule)
	}
	if len(rules) == 0 {
		return nil, p.errorf(ast.Pos{Line: 1, Column: 1}, "there is no rule in this file")
	}
	return rules, nil
}

type parser struct {
	file  string
	src   []byte
	nodes int
}

func (p *parser) errorf(pos ast.Pos, format string, args ...any) error {
	return &Error{File: p.file, Pos: pos, Reason: fmt.Sprintf(format, args...), Line: p.line(pos.Line)}
}

// line returns a line of the file, shortened.
func (p *parser) line(n int) string {
	rest := p.src
	for ; n > 1; n-- {
		_, after, ok := bytes.Cut(rest, []byte("\n"))
		if !ok {
			return ""
		}
		rest = after
	}
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	if len(line) > 400 {
		line = line[:400]
	}
	return strings.ToValidUTF8(strings.TrimRight(string(line), "\r"), "\ufffd")
}

// documents reads the YAML, without what rules have no use for and strangers
// could do harm with.
func (p *parser) documents() (docs []*yaml.Node, err error) {
	if len(p.src) > maxFile {
		return nil, p.errorf(ast.Pos{Line: 1, Column: 1}, "file is larger than %d bytes", maxFile)
	}
	if !utf8.Valid(p.src) {
		return nil, p.errorf(ast.Pos{Line: 1, Column: 1}, "file is not UTF-8")
	}
	defer func() { // the YAML package has panicked on damaged input before
		if r := recover(); r != nil {
			docs, err = nil, p.errorf(ast.Pos{Line: 1, Column: 1}, "not valid YAML: %v", r)
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(p.src))
	for {
		doc := new(yaml.Node)
		if err := dec.Decode(doc); errors.Is(err, io.EOF) {
			return docs, nil
		} else if err != nil {
			return nil, p.yamlError(err)
		}
		if doc.Kind != yaml.DocumentNode || len(doc.Content) == 0 {
			continue
		}
		if doc = doc.Content[0]; doc.Tag == "!!null" {
			continue
		}
		if err := p.check(doc, 0); err != nil {
			return nil, err
		}
		docs = append(docs, doc)
	}
}

// yamlError takes the line out of the YAML package's words.
func (p *parser) yamlError(err error) error {
	m := regexp.MustCompile(`(?s)^yaml: (?:line (\d+): )?(.*)$`).FindStringSubmatch(err.Error())
	if m == nil {
		return p.errorf(ast.Pos{Line: 1, Column: 1}, "not valid YAML: %s", oneLine(err.Error()))
	}
	line, _ := strconv.Atoi(m[1])
	return p.errorf(ast.Pos{Line: max(1, line), Column: 1}, "not valid YAML: %s", oneLine(m[2]))
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// check refuses aliases, duplicate keys and excess.
func (p *parser) check(n *yaml.Node, depth int) error {
	if p.nodes++; p.nodes > maxNodes {
		return p.errorf(at(n), "file has more than %d values", maxNodes)
	}
	switch {
	case depth > maxDepth:
		return p.errorf(at(n), "nested more than %d deep", maxDepth)
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		return p.errorf(at(n), "YAML anchors and aliases are not supported")
	}
	if n.Kind == yaml.MappingNode {
		seen := make(map[string]bool, len(n.Content)/2)
		for i := 0; i < len(n.Content); i += 2 {
			key := n.Content[i]
			if key.Kind != yaml.ScalarNode {
				return p.errorf(at(key), "a key has to be a text")
			}
			if seen[key.Value] {
				return p.errorf(at(key), "key %q stands here twice", key.Value)
			}
			seen[key.Value] = true
		}
	}
	for _, c := range n.Content {
		if err := p.check(c, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func at(n *yaml.Node) ast.Pos { return ast.Pos{Line: max(1, n.Line), Column: max(1, n.Column)} }
