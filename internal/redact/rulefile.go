package redact

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A RuleFile adds rules to the built-in ones and switches some off:
//
//	off: [cookie]
//	rules:
//	  - name: employee
//	    pattern: '\bEMP(?P<secret>\d{6})\b'
//	  - name: project
//	    pattern: '\bproject (?P<name>\w+)'
//
// A pattern is a regular expression of RE2. Its groups called secret, secret2
// and so on are removed, those called like a [Kind] become tokens in mode
// Identities; without such a group all that matches is removed.
type RuleFile struct {
	off   []string
	rules []*Rule
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
	return rules, nil
}

// ParseRules reads rules in YAML. The error names the rule and what is wrong with it.
func ParseRules(data []byte) (*RuleFile, error) {
	if len(data) > maxRuleFile {
		return nil, fmt.Errorf("is larger than %d KiB", maxRuleFile>>10)
	}
	var in struct {
		Off   []string `yaml:"off"`
		Rules []struct {
			Name    string `yaml:"name"`
			Pattern string `yaml:"pattern"`
		} `yaml:"rules"`
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&in); err != nil && !errors.Is(err, io.EOF) {
		return nil, errors.New(strings.Join(strings.Fields(err.Error()), " "))
	}
	out := &RuleFile{off: in.Off}
	for i, r := range in.Rules {
		rule, err := ownRule(r.Name, r.Pattern)
		if err != nil {
			return nil, fmt.Errorf("rule %d %q: %w", i+1, r.Name, err)
		}
		out.rules = append(out.rules, rule)
	}
	return out, nil
}

func ownRule(name, pattern string) (*Rule, error) {
	switch {
	case name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "":
		return nil, errors.New("a name has small letters, digits and hyphens: name: employee-number")
	case pattern == "":
		return nil, errors.New("has no pattern")
	case len(pattern) > maxPattern:
		return nil, fmt.Errorf("the pattern is longer than %d bytes", maxPattern)
	}
	compiled, err := regexp.Compile(pattern)
	if err != nil {
		return nil, err
	}
	if compiled.MatchString("") {
		return nil, errors.New("the pattern matches nothing at all, and so everywhere")
	}
	r := &Rule{Name: name, pattern: compiled}
	r.findParts()
	for _, p := range r.parts {
		if p.kind != "" && !slices.Contains(Kinds(), p.kind) {
			return nil, fmt.Errorf("group %q is no kind of identity: use secret, or one of %s", p.kind, kindNames())
		}
		if (p.kind == "") != r.Secret() {
			return nil, errors.New("secrets and identities need a rule each")
		}
	}
	return r, nil
}

func kindNames() string {
	var names []string
	for _, k := range Kinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

// apply returns the built-in rules without those switched off, behind the file's own.
func (f *RuleFile) apply(builtin []*Rule) ([]*Rule, error) {
	if f == nil {
		return builtin, nil
	}
	for _, off := range f.off {
		if !slices.ContainsFunc(builtin, func(r *Rule) bool { return r.Name == off }) {
			return nil, fmt.Errorf("off: there is no rule %q; the rules are %s", off, strings.Join(RuleNames(), ", "))
		}
	}
	kept := slices.DeleteFunc(builtin, func(r *Rule) bool { return slices.Contains(f.off, r.Name) })
	return append(slices.Clone(f.rules), kept...), nil
}

// RuleNames lists the built-in rules, secrets first.
func RuleNames() []string {
	var names []string
	for _, r := range append(secretRules(), identityRules()...) {
		if !slices.Contains(names, r.Name) {
			names = append(names, r.Name)
		}
	}
	return names
}
