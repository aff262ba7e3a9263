package matcher

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/gwlogs/gwlogs/sigma"
	"github.com/gwlogs/gwlogs/sigma/ast"
)

// Lint returns what keeps a signature from being a good entry of the
// catalogue: what is missing for people, and what is outside the portable
// profile, which other engines can take as well. It looks at one signature
// alone; see LintAll.
func Lint(s *Signature) []*sigma.Error {
	l := &linter{s: s}
	if !s.Tells.Sign { // one says nothing to people
		l.head()
	}
	l.tells()
	if s.Rule.Correlation == nil {
		l.detection()
	}
	return l.found
}

// LintAll lints signatures one by one and beside each other. Names that known
// reports may be referred to as well.
func LintAll(signatures []*Signature, known func(name string) bool) []*sigma.Error {
	var found []*sigma.Error
	names := make(map[string]bool, len(signatures))
	bases := make(map[string]bool)
	for _, s := range signatures {
		names[s.Name] = true
		if c := s.Rule.Correlation; c != nil && !c.Generate {
			for _, ref := range c.Rules {
				bases[ref.Name] = true
			}
		}
	}
	for _, s := range signatures {
		if bases[s.Name] {
			l := &linter{s: s}
			l.detection() // it says nothing to people
			l.tells()
			found = append(found, l.found...)
		} else {
			found = append(found, Lint(s)...)
		}
		for _, name := range slices.Concat(s.Supersedes, s.Explained, s.OverBy) {
			if !names[name] && !known(name) {
				l := &linter{s: s}
				l.wrong(s.Rule.Pos, "refers to %s, which is not there", name)
				found = append(found, l.found...)
			}
		}
	}
	return found
}

type linter struct {
	s     *Signature
	found []*sigma.Error
}

func (l *linter) wrong(pos ast.Pos, format string, args ...any) {
	e := &sigma.Error{File: l.s.Rule.File, Pos: pos, Reason: fmt.Sprintf(format, args...)}
	if lines := strings.Split(string(l.s.Source), "\n"); pos.Line <= len(lines) {
		e.Line = strings.TrimRight(lines[pos.Line-1], "\r")
	}
	l.found = append(l.found, e)
}

// maxTitle is the longest title that still fits a line of the overview, in bytes.
const maxTitle = 100

// head checks what people need.
func (l *linter) head() {
	s, rule, pos := l.s, l.s.Rule, l.s.Rule.Pos
	for _, field := range []struct {
		name  string
		empty bool
	}{
		{"id", rule.ID == ""},
		{"name", rule.Name == ""},
		{"status", rule.Status == ""},
		{"description", rule.Description == ""},
		{"references", len(rule.References) == 0},
		{"date", rule.Date == ""},
		{"rank", s.Rank == 0},
		{"author", rule.Author == ""},
		{"level", rule.Level == sigma.LevelNone},
		{"cause", s.Text.Cause == "" || s.Text.Cause == rule.Description},
		{"resolution", len(s.Text.Resolution) == 0},
		{"samples: positive", len(s.Positive) == 0},
		{"samples: negative", len(s.Negative) == 0},
	} {
		if field.empty {
			l.wrong(pos, "%s is missing", field.name)
		}
	}
	if len(rule.Title) > maxTitle {
		l.wrong(pos, "title is longer than %d bytes", maxTitle)
	}
	if rule.Name != "" && !regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`).MatchString(rule.Name) {
		l.wrong(pos, "name %q is not of the form some-words-and-dashes", rule.Name)
	}
	if len(s.Text.Resolution) > maxSteps {
		l.wrong(pos, "resolution has %d steps: nobody follows more than %d", len(s.Text.Resolution), maxSteps)
	}
	if s.Rank < 0 || s.Rank > maxRank {
		l.wrong(pos, "rank %d is not between 1 and %d", s.Rank, maxRank)
	}
	if slices.ContainsFunc(s.Text.Resolution, func(step string) bool { return strings.TrimSpace(step) == "" }) {
		l.wrong(pos, "resolution has an empty step")
	}
	if slices.Contains(s.Supersedes, s.Name) {
		l.wrong(pos, "supersedes itself")
	}
	for _, field := range rule.CustomFields() {
		if !slices.Contains(ownFields(), field) {
			l.wrong(pos, "unknown field %q", field)
		}
	}
}

// tells checks what events say of the gateway, and what ends a problem.
func (l *linter) tells() {
	s, pos := l.s, l.s.Rule.Pos
	if s.Tells.State != "" && !slices.Contains(states(), s.Tells.State) {
		l.wrong(pos, "state %q is none of %v", s.Tells.State, states())
	}
	if s.Version != "" && !slices.ContainsFunc(s.Captures, func(c Capture) bool { return c.Name == s.Version }) {
		l.wrong(pos, "version %q is the name of no capture", s.Version)
	}
	if s.Tells.Sign && s.Tells.State == "" && len(s.Tells.Ends) == 0 && s.Version == "" {
		l.wrong(pos, "a sign that tells no state, and ends nothing")
	}
	if s.Tells.Sign && (len(s.OverBy) > 0 || len(s.Text.Resolution) > 0) {
		l.wrong(pos, "a sign is no problem: it has no resolution, and nothing ends it")
	}
	for _, tag := range s.Tells.Ends {
		if !strings.HasPrefix(tag, tagPrefix) {
			l.wrong(pos, "ends %q, which is no tag that begins with %s", tag, tagPrefix)
		}
	}
	if re := s.Tells.Same; re != nil && re.Compiled().NumSubexp() != 1 {
		l.wrong(pos, "same has %d groups: one is what has to be the same", re.Compiled().NumSubexp())
	}
	if slices.Contains(s.OverBy, s.Name) {
		l.wrong(pos, "is over by itself")
	}
}

const (
	maxSteps = 7 // of a resolution
	maxRank  = 99
)

// Outdated returns the signatures that nobody has compared with their
// references for two years before now: pages, ports and buttons change.
func Outdated(signatures []*Signature, now time.Time) []*sigma.Error {
	var found []*sigma.Error
	for _, s := range signatures {
		if !s.Checked.IsZero() && s.Checked.AddDate(2, 0, 0).Before(now) {
			l := &linter{s: s}
			l.wrong(s.Rule.Pos, "was last compared with a page of %s: look whether it still says so, and set checked",
				s.Checked.Format("2006-01"))
			found = append(found, l.found...)
		}
	}
	return found
}

// Unchecked returns the names of the signatures that nobody has compared with
// their references. What they say may be right; nobody vouches for it.
func Unchecked(signatures []*Signature) []string {
	var names []string
	for _, s := range signatures {
		if s.Checked.IsZero() && s.own && len(s.Text.Resolution) > 0 {
			names = append(names, s.Name)
		}
	}
	return names
}

// The portable profile.
func portableFields() []string {
	return []string{"Channel", "Provider_Name", "EventID", "Level", "Computer", dataField}
}

func portableModifiers() []string {
	return []string{"contains", "startswith", "endswith", "all", "re"}
}

// minLiteral is how many characters a text must have to be told from noise
// and to be found fast.
const minLiteral = 5

// detection checks the portable profile.
func (l *linter) detection() {
	rule := l.s.Rule
	if rule.Logsource.Product != "windows" {
		l.wrong(rule.Pos, "logsource: product is not windows")
	}
	if rule.Detection == nil {
		return
	}
	for _, search := range rule.Detection.Searches {
		for e := range ast.All(search.Expr) {
			if t, ok := e.(*ast.Test); ok {
				l.test(t)
			}
		}
	}
	for _, condition := range rule.Detection.Conditions {
		if !needsText(condition.Expr) {
			l.wrong(condition.Pos, "condition can hold without any text: test %s in every alternative", dataField)
		}
	}
}

func (l *linter) test(t *ast.Test) {
	switch {
	case t.Field == "":
		l.wrong(t.Pos, "keywords are not portable: name a field, as in %s|contains", dataField)
	case !slices.Contains(portableFields(), t.Field):
		l.wrong(t.Pos, "field %s is not portable: %s are", t.Field, strings.Join(portableFields(), ", "))
	}
	for _, m := range t.Modifiers {
		if !slices.Contains(portableModifiers(), m) {
			l.wrong(t.Pos, "modifier %s is not portable: %s are", m, strings.Join(portableModifiers(), ", "))
		}
	}
	for _, v := range t.Values {
		if v.Kind == ast.Null {
			l.wrong(v.Pos, "null is not portable")
		}
		for _, p := range v.Patterns {
			l.pattern(t, v, p)
		}
	}
}

func (l *linter) pattern(t *ast.Test, v ast.Value, p ast.Pattern) {
	longest := 0
	for i, piece := range p {
		if piece.Wildcard != 0 && 0 < i && i < len(p)-1 {
			l.wrong(v.Pos, "a wildcard within a text is not portable: use two texts with |all, or |re")
		}
		longest = max(longest, len([]rune(piece.Literal)))
	}
	if t.Field == dataField && longest < minLiteral {
		l.wrong(v.Pos, "text %q is too short to say anything: at least %d characters", v.Raw, minLiteral)
	}
	if strings.ContainsAny(v.Raw, "\u2019\u2018\u00a0\u202f\u201c\u201d") {
		l.wrong(v.Pos, "typographic apostrophes, quotes and spaces never match: texts are normalised to plain ones")
	}
}

// needsText reports whether an expression cannot hold without a test on the
// event's text that holds.
func needsText(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.And:
		return slices.ContainsFunc(e.Terms, needsText)
	case *ast.Or:
		return len(e.Terms) > 0 && !slices.ContainsFunc(e.Terms, func(t ast.Expr) bool { return !needsText(t) })
	case *ast.Ref:
		return needsText(e.Search.Expr)
	case *ast.Test:
		return e.Field == dataField && !e.Negate
	}
	return false
}
