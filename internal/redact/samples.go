package redact

import (
	"fmt"
	"strings"
)

// A SampleFailure is a sample of a rule that did not come out as it should.
type SampleFailure struct {
	Rule   string
	Sample string // as it is written
	Got    string
	Reason string
}

// SampleReport is what trying samples gave.
type SampleReport struct {
	Rules, Samples int
	Without        []string // rules that have no samples
	Failures       []SampleFailure
}

// TryBuiltin tries the samples of the built-in rules.
func TryBuiltin() (SampleReport, error) {
	return trySamples(nil, func(set *ruleSet) []*Rule { return append(append([]*Rule(nil), set.secrets...), set.identities...) })
}

// Try tries the samples of the rules of a file, together with the built-in
// rules, as they are used.
func (f *RuleFile) Try() (SampleReport, error) {
	return trySamples(f, func(set *ruleSet) []*Rule {
		var own []*Rule
		for _, rule := range append(append([]*Rule(nil), set.secrets...), set.identities...) {
			for _, s := range f.specs {
				if rule.spec == s {
					own = append(own, rule)
				}
			}
		}
		return own
	})
}

func trySamples(f *RuleFile, which func(set *ruleSet) []*Rule) (SampleReport, error) {
	var report SampleReport
	tokens, err := NewTokens(make([]byte, KeySize))
	if err != nil {
		return report, err
	}
	full, err := New(Options{Mode: Identities, Extra: f, Tokens: tokens})
	if err != nil {
		return report, err
	}
	secrets := full.Fork()
	secrets.mode = Secrets
	for _, rule := range which(full.ruleSet) {
		report.Rules++
		if len(rule.samples.Positive)+len(rule.samples.Negative) == 0 {
			report.Without = append(report.Without, rule.Name)
		}
		r := full
		if rule.Secret() {
			r = secrets
		}
		fail := func(sample, got, reason string) {
			report.Failures = append(report.Failures, SampleFailure{rule.Name, sample, got, reason})
		}
		for _, sample := range rule.samples.Positive {
			report.Samples++
			s := parseSample(sample)
			got := r.Text(s.text)
			switch reason := s.check(got); {
			case reason != "":
				fail(sample, got, reason)
			case rule.Secret() && !strings.Contains(full.alone(rule).Text(s.text), rule.mark()):
				fail(sample, got, "it is another rule that finds it")
			}
		}
		for _, sample := range rule.samples.Negative {
			report.Samples++
			s := parseSample(sample)
			if got := r.Text(s.text); got != s.text {
				fail(sample, got, "has to stay as it is")
			}
		}
	}
	return report, nil
}

// alone returns a Redactor with a single rule for secrets.
func (r *Redactor) alone(rule *Rule) *Redactor {
	one := r.Fork()
	one.mode = Secrets
	one.ruleSet = &ruleSet{words: r.words, folds: r.folds, expr: r.expr, secrets: []*Rule{rule}}
	one.index()
	return one
}

// sample is a sample taken apart.
type sample struct {
	text   string
	stays  []string // what has to stay, in this order
	marked []string // what has to go, one less
}

// parseSample takes a sample apart at its marks ‹ and ›, and drops every ¦.
func parseSample(text string) sample {
	var s sample
	text = strings.ReplaceAll(text, "¦", "")
	for {
		before, rest, ok := strings.Cut(text, "‹")
		inside, behind, closed := strings.Cut(rest, "›")
		if !ok || !closed {
			break
		}
		s.stays, s.marked = append(s.stays, before), append(s.marked, inside)
		s.text += before + inside
		text = behind
	}
	s.stays = append(s.stays, text)
	s.text += text
	return s
}

// check returns what is wrong with what became of a sample, "" for nothing.
func (s *sample) check(got string) string {
	if len(s.marked) == 0 {
		return "nothing is marked with ‹ and ›"
	}
	for _, secret := range s.marked {
		if strings.Contains(got, secret) {
			return fmt.Sprintf("%q is left", secret)
		}
	}
	rest := got
	for i, part := range s.stays {
		at := strings.Index(rest, part)
		if i == len(s.stays)-1 && part == "" {
			break
		}
		if at < 0 || i == 0 && at > 0 {
			return fmt.Sprintf("%q went too", part)
		}
		rest = rest[at+len(part):]
	}
	return ""
}
