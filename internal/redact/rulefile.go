package redact

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// A RuleFile adds rules to the built-in ones and switches some off:
//
//	off: [cookie]
//	rules:
//	  - name: employee
//	    pattern: '\bEMP(?P<secret>\d{6})\b'
//	    samples:
//	      positive: ['employee EMP‹123456›']
//	      negative: ['TEMP123456']
//	  - name: project
//	    pattern: '\bproject (?P<name>\w+)'
//
// A pattern is a regular expression of RE2. Its groups called secret, secret2
// and so on are removed, those called like a [Kind] become tokens in mode
// Identities; without such a group all that matches is removed. The built-in
// rules (rules/*.yml) are written in the same keys, of which CONTRIBUTING has
// the list.
type RuleFile struct {
	name  string
	off   []string
	specs []*ruleSpec
}

// ruleSpec is a rule as it is written.
type ruleSpec struct {
	Name      string   // in the manifest, and in the place of what was found
	Source    string   // where it is documented what the rule finds
	Find      string   // a mechanism that finds around the names of secrets, instead of a pattern
	Pattern   string   // RE2
	Triggers  []string // texts one of which is in every match; without them a rule is tried everywhere, which is slow
	Only      string   // what has to stand in the text, cheap to see; instead of triggers
	Near      string   // what has to stand around the trigger, cheap to see
	Before    int      // how far in front of a trigger a match begins, in bytes
	Behind    int      // how far behind a trigger is looked first
	Whole     bool     // the match may be of any length
	Start     string   // how the beginning of a match is found from the trigger
	Take      string   // what goes stands behind the match
	Option    string   // what goes is an option in the command behind the match: a pattern with a group
	Beside    string   // a pattern that has to match near the match
	Unless    string   // a pattern that must not match in the match
	Accept    []string // tests of what was found
	Joins     bool     // what was found may go on in the next value of the event
	First     bool     // of identities: looked for before others
	Endpoints bool     `yaml:"stays-in-401"` // of identities: not in the event that lists addresses for the firewall
	Samples   Samples
}

// Samples are texts that a rule is tried on. In the positive ones, ‹…› stands
// around what has to go; nothing else may. A ¦ is dropped: it keeps other programs
// that look for secrets from taking a sample for one.
type Samples struct {
	Positive, Negative []string
}

const (
	maxRuleFile = 1 << 20 // bytes
	maxPattern  = 4096
)

// LoadRules reads a file of rules.
func LoadRules(name string) (*RuleFile, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxRuleFile+1))
	if err != nil {
		return nil, err
	}
	rules, err := ParseRules(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	rules.name = name
	return rules, nil
}

// ParseRules reads rules in YAML. The error names the rule and what is wrong with it.
func ParseRules(data []byte) (*RuleFile, error) {
	h, err := loadHouse()
	if err != nil {
		return nil, err
	}
	file, err := parseRules(data)
	if err != nil {
		return nil, err
	}
	_, err = file.rules(h.mechanisms)
	return file, err
}

func parseRules(data []byte) (*RuleFile, error) {
	if len(data) > maxRuleFile {
		return nil, fmt.Errorf("is larger than %d KiB", maxRuleFile>>10)
	}
	var in struct {
		Off   []string    `yaml:"off"`
		Rules []*ruleSpec `yaml:"rules"`
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&in); err != nil && !errors.Is(err, io.EOF) {
		return nil, errors.New(strings.Join(strings.Fields(err.Error()), " "))
	}
	return &RuleFile{off: in.Off, specs: in.Rules}, nil
}

// rules makes the rules of a file.
func (f *RuleFile) rules(m *mechanisms) ([]*Rule, error) {
	var all []*Rule
	for i, s := range f.specs {
		if s == nil {
			return nil, fmt.Errorf("rule %d is empty", i+1)
		}
		rule, err := m.rule(s)
		if err != nil {
			return nil, fmt.Errorf("rule %d %q: %w", i+1, s.Name, err)
		}
		all = append(all, rule)
	}
	return all, nil
}

func (m *mechanisms) rule(s *ruleSpec) (*Rule, error) {
	switch {
	case s.Name == "" || strings.Trim(s.Name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "":
		return nil, errors.New("a name has small letters, digits and hyphens: name: employee-number")
	case s.Find == "" && s.Pattern == "":
		return nil, errors.New("has no pattern")
	}
	rule, err := m.make(s)
	if err != nil {
		return nil, err
	}
	if rule.Secret() && slices.ContainsFunc(s.Triggers, isShort) {
		return nil, errors.New("a trigger has at least three characters")
	}
	return rule, nil
}

// isShort reports whether a trigger is too short to be searched for.
func isShort(trigger string) bool {
	return utf8.RuneCountInString(trigger) < 3 && trigger != base64Word && trigger != atWord && !(len(trigger) == 1 && trigger[0] < utf8.RuneSelf)
}

func kindNames() string {
	var names []string
	for _, k := range Kinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

//go:embed rules/*.yml
var builtinFiles embed.FS

// builtinRules are the rules of rules/*.yml, in the order of the names of the
// files: of two that find the same, the earlier one names it.
func builtinRules(m *mechanisms) ([]*Rule, error) {
	files, err := builtinFiles.ReadDir("rules")
	if err != nil {
		return nil, err
	}
	var all []*Rule
	for _, f := range files {
		data, err := builtinFiles.ReadFile("rules/" + f.Name())
		if err != nil {
			return nil, err
		}
		file, err := parseRules(data)
		if err != nil {
			return nil, fmt.Errorf("rules/%s: %w", f.Name(), err)
		}
		rules, err := file.rules(m)
		if err != nil {
			return nil, fmt.Errorf("rules/%s: %w", f.Name(), err)
		}
		all = append(all, rules...)
	}
	return all, nil
}

// apply returns the built-in rules without those switched off, behind the file's own.
func (f *RuleFile) apply(m *mechanisms, builtin []*Rule) ([]*Rule, error) {
	if f == nil {
		return builtin, nil
	}
	own, err := f.rules(m)
	if err != nil {
		return nil, err
	}
	for _, off := range f.off {
		if !slices.ContainsFunc(builtin, func(r *Rule) bool { return r.Name == off }) {
			return nil, fmt.Errorf("off: there is no rule %q; the rules are %s", off, strings.Join(namesOf(builtin), ", "))
		}
	}
	kept := slices.DeleteFunc(slices.Clone(builtin), func(r *Rule) bool { return slices.Contains(f.off, r.Name) })
	return append(own, kept...), nil
}

// namesOf lists the names of rules, each once.
func namesOf(rules []*Rule) []string {
	var names []string
	for _, r := range rules {
		if !slices.Contains(names, r.Name) {
			names = append(names, r.Name)
		}
	}
	return names
}
