package matcher

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/gwlogs/gwlogs/sigma"
	"github.com/gwlogs/gwlogs/sigma/ast"
)

// maxFile is how large a file of signatures may be, in bytes.
const maxFile = 1 << 20

// Load reads the signatures of a file, or of all .yml and .yaml files below a
// folder, but for those of a folder called [LocaleFolder], which has their texts in other languages. Any Sigma rule will do; without a cause or resolution its description
// has to serve. What is wrong with a rule is a *sigma.Error.
func Load(name string) ([]*Signature, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return loadFile(name)
	}
	var all []*Signature
	err = filepath.WalkDir(name, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err == nil && d.IsDir() && d.Name() == LocaleFolder && file != name:
			return fs.SkipDir
		case err != nil || d.IsDir() || !isRuleFile(file):
			return err
		}
		signatures, err := loadFile(file)
		all = append(all, signatures...)
		return err
	})
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("%s: no .yml file in this folder", name)
	}
	return all, err
}

func isRuleFile(name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	return ext == ".yml" || ext == ".yaml"
}

func loadFile(name string) ([]*Signature, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(src) > maxFile {
		return nil, fmt.Errorf("%s: larger than %d bytes: this is no file of signatures", name, maxFile)
	}
	return Parse(name, src)
}

// Parse reads the signatures of a file's text.
func Parse(name string, src []byte) ([]*Signature, error) {
	rules, err := sigma.Parse(name, src)
	if err != nil {
		return nil, err
	}
	own := slices.ContainsFunc(rules, writtenForUs)
	signatures := make([]*Signature, len(rules))
	for i, rule := range rules {
		if signatures[i], err = newSignature(rule); err != nil {
			return nil, err
		}
		signatures[i].Source, signatures[i].own = src, own
	}
	return signatures, nil
}

// ownFields are the fields of a rule that are gwlogs's own.
func ownFields() []string {
	return []string{"cause", "resolution", "rank", "checked", "captures", "version", "wraps", "supersedes", "explained-by", "samples", "sign",
		"state", "ends", "same", "over-by"}
}

// writtenForUs reports whether a rule was written for gwlogs: for the gateway's
// logs, or with fields of our own. It is matched on the event's texts as
// appendNormal makes them. A rule of somebody else's means what it says: it is
// matched on the texts as they are. The rules of a file, of which some may only
// serve the others, are all of one kind.
func writtenForUs(rule *sigma.Rule) bool {
	return isGatewaySource(rule.Logsource) ||
		slices.ContainsFunc(rule.CustomFields(), func(field string) bool { return slices.Contains(ownFields(), field) })
}

// newSignature reads our own fields of a rule.
func newSignature(rule *sigma.Rule) (*Signature, error) {
	s := &Signature{Rule: rule, Name: rule.Name, Text: Text{Title: rule.Title}}
	if s.Name == "" {
		s.Name = rule.ID
	}
	if s.Name == "" {
		return nil, wrong(rule, "a signature needs a name or an id")
	}
	var captures map[string]string
	var same string
	var samples struct {
		Positive []Sample `yaml:"positive"`
		Negative []Sample `yaml:"negative"`
	}
	for _, field := range []struct {
		name string
		into any
	}{
		{"cause", &s.Text.Cause},
		{"resolution", &s.Text.Resolution},
		{"rank", &s.Rank},
		{"checked", &s.Checked},
		{"version", &s.Version},
		{"wraps", &s.Wraps},
		{"supersedes", &s.Supersedes},
		{"explained-by", &s.Explained},
		{"sign", &s.Tells.Sign},
		{"state", &s.Tells.State},
		{"ends", &s.Tells.Ends},
		{"same", &same},
		{"over-by", &s.OverBy},
		{"captures", &captures},
		{"samples", &samples},
	} {
		if _, err := rule.Custom(field.name, field.into); err != nil {
			return nil, err
		}
	}
	if same != "" {
		var err error
		if s.Tells.Same, err = ast.NewRegexp(same); err != nil {
			return nil, wrong(rule, "same: "+err.Error())
		}
	}
	if s.Text.Cause == "" {
		s.Text.Cause = rule.Description
	}
	s.Positive, s.Negative = samples.Positive, samples.Negative
	for name, expr := range captures {
		c, err := newCapture(name, expr)
		if err != nil {
			return nil, wrong(rule, err.Error())
		}
		s.Captures = append(s.Captures, c)
	}
	slices.SortFunc(s.Captures, func(a, b Capture) int { return strings.Compare(a.Name, b.Name) })
	return s, nil
}

// wrong is an error of a rule as a whole.
func wrong(rule *sigma.Rule, reason string) error {
	return &sigma.Error{File: rule.File, Pos: rule.Pos, Reason: reason}
}

// UnmarshalYAML reads a sample: a text, one event, or a list of events.
func (s *Sample) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.SequenceNode {
		var events []SampleEvent
		if err := node.Decode(&events); err != nil {
			return err
		}
		*s = events
		return nil
	}
	var event SampleEvent
	if err := node.Decode(&event); err != nil {
		return err
	}
	*s = Sample{event}
	return nil
}

// UnmarshalYAML reads an event: its text alone, or its fields.
func (e *SampleEvent) UnmarshalYAML(node *yaml.Node) error {
	switch node.Kind {
	case yaml.ScalarNode:
		e.Data = []string{node.Value}
		return nil
	case yaml.MappingNode:
		for i := 0; i < len(node.Content); i += 2 {
			if key := node.Content[i]; !slices.Contains([]string{"channel", "provider", "computer", "id", "level", "time", "data"}, key.Value) {
				return fmt.Errorf("line %d: unknown key %q in a sample: channel, provider, computer, id, level, time and data are known",
					key.Line, key.Value)
			}
		}
		type fields SampleEvent
		return node.Decode((*fields)(e))
	}
	return errors.New("a sample is a text, an event, or a list of events")
}
