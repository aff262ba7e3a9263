package export

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/gwlogs/gwlogs/matcher"
	"github.com/gwlogs/gwlogs/sigma"
	"github.com/gwlogs/gwlogs/sigma/ast"
)

// kqlFiles writes one file: a query for each known problem, on the table
// Event, each with what it means in comments.
func kqlFiles(signatures []*matcher.Signature) []File {
	var b bytes.Buffer
	b.WriteString("// Known problems of Data Management Gateway and the self-hosted Integration Runtime, for Log Analytics.\n" +
		"// Each query stands alone; run one at a time. The logs have to be collected into the table Event.\n")
	bases := baseNames(signatures)
	byName := make(map[string]*matcher.Signature)
	for _, s := range signatures {
		byName[s.Name] = s
	}
	for _, s := range signatures {
		if bases[s.Name] {
			continue
		}
		kqlHead(&b, s)
		if s.Rule.Correlation != nil {
			kqlSequence(&b, s, byName)
			continue
		}
		fmt.Fprintf(&b, "Event\n| where %s\n| project TimeGenerated, Computer, EventLog, EventID, EventLevelName, "+
			"RenderedDescription\n", kqlRule(s.Rule))
	}
	return []File{{"gwlogs.kql", b.Bytes()}}
}

func kqlHead(b *bytes.Buffer, s *matcher.Signature) {
	fmt.Fprintf(b, "\n// %s (%s, %s)\n", s.Text.Title, s.Name, s.Rule.Level)
	if s.Text.Cause != "" {
		fmt.Fprintf(b, "// %s\n", oneLine(s.Text.Cause))
	}
	for i, step := range s.Text.Resolution {
		fmt.Fprintf(b, "//   %d. %s\n", i+1, oneLine(step))
	}
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// kqlRule is the condition of a rule with its channels.
func kqlRule(r *sigma.Rule) string {
	var terms []ast.Expr
	for _, c := range r.Detection.Conditions {
		terms = append(terms, c.Expr)
	}
	condition := kqlExpr(&ast.Or{Terms: terms})
	if channels := channelsOf(r); len(channels) > 0 {
		condition = "EventLog in~ (" + kqlList(channels) + ")\n| where " + condition
	}
	return condition
}

func kqlList(texts []string) string {
	quoted := make([]string, len(texts))
	for i, t := range texts {
		quoted[i] = strconv.Quote(t)
	}
	return strings.Join(quoted, ", ")
}

func kqlExpr(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.And:
		return kqlJoin(e.Terms, " and ")
	case *ast.Or:
		return kqlJoin(e.Terms, " or ")
	case *ast.Not:
		return "not(" + kqlExpr(e.Term) + ")"
	case *ast.Ref:
		return kqlExpr(e.Search.Expr)
	case *ast.Test:
		return kqlTest(e)
	}
	return "false"
}

func kqlJoin(terms []ast.Expr, word string) string {
	texts := make([]string, len(terms))
	for i, term := range terms {
		texts[i] = kqlExpr(term)
	}
	return parenthesized(texts, word)
}

func parenthesized(texts []string, word string) string {
	if len(texts) == 1 {
		return texts[0]
	}
	return "(" + strings.Join(texts, word) + ")"
}

// kqlTest writes a test of the portable profile.
func kqlTest(t *ast.Test) string {
	column := map[string]string{
		"Data": "RenderedDescription", "Channel": "EventLog", "Provider_Name": "Source",
		"Computer": "Computer", "EventID": "EventID", "Level": "EventLevelName",
	}[t.Field]
	if column == "" {
		return "false /* " + t.Field + " is no column of the table Event */"
	}
	word := " or "
	if t.All {
		word = " and "
	}
	var all []string
	for _, v := range t.Values {
		all = append(all, kqlValue(column, t, v))
	}
	return parenthesized(all, word)
}

func kqlValue(column string, t *ast.Test, v ast.Value) string {
	switch {
	case t.Op == ast.OpRegexp:
		return column + " matches regex " + kqlQuote(v.Regexp.String())
	case column == "EventLevelName":
		return column + " =~ " + kqlQuote(kqlLevel(v.Raw))
	case v.Kind == ast.Number:
		return column + " == " + v.Raw
	}
	operator := map[ast.Op]string{
		ast.OpEqual: "=~", ast.OpContains: "contains", ast.OpStartsWith: "startswith", ast.OpEndsWith: "endswith",
	}[t.Op]
	var all []string
	for _, text := range variants(literal(v)) {
		all = append(all, column+" "+operator+" "+kqlQuote(text))
	}
	return parenthesized(all, " or ")
}

// literal is the text of a value without wildcards, as the profile has it.
func literal(v ast.Value) string {
	text := ""
	for _, p := range v.Patterns {
		for _, piece := range p {
			text += piece.Literal
		}
	}
	return text
}

func kqlLevel(number string) string {
	switch number {
	case "1":
		return "Critical"
	case "2":
		return "Error"
	case "3":
		return "Warning"
	}
	return "Information"
}

// kqlQuote writes a string literal.
func kqlQuote(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(text) + `"`
}

// kqlSequence writes a sequence of two as a join: the last sign of the first
// before each of the second.
func kqlSequence(b *bytes.Buffer, s *matcher.Signature, byName map[string]*matcher.Signature) {
	c := s.Rule.Correlation
	if c.Type != ast.TemporalOrdered || len(c.Rules) != 2 || len(c.GroupBy) != 1 || c.GroupBy[0] != "Computer" ||
		byName[c.Rules[0].Name] == nil || byName[c.Rules[1].Name] == nil {
		b.WriteString("// This is a correlation that has no query here.\n")
		return
	}
	days := int(c.Timespan.Hours() / 24)
	fmt.Fprintf(b, "let before = Event\n| where %s\n| project Computer, Before = TimeGenerated;\n", kqlRule(byName[c.Rules[0].Name].Rule))
	fmt.Fprintf(b, "Event\n| where %s\n| join kind=inner (before) on Computer\n| where TimeGenerated between (Before .. (Before + %dd))\n"+
		"| summarize LastSeenBefore = max(Before) by TimeGenerated, Computer, EventLog, EventID, RenderedDescription\n",
		kqlRule(byName[c.Rules[1].Name].Rule), days)
}
