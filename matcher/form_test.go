package matcher

import (
	"slices"
	"testing"
)

const (
	foreign = `title: two blanks
name: two-blanks
logsource: {product: windows, service: system}
detection: {s: {Data|startswith: '"wusa.exe"  /quiet'}, condition: s}
---
title: on one line
name: on-one-line
logsource: {product: windows, service: system}
detection: {s: {Data|re: 'echo.*clip'}, condition: s}
---
title: as a whole
name: as-a-whole
logsource: {product: windows, service: system}
detection: {s: {Data: 'one'}, condition: s}
---
title: any value
name: any-value
logsource: {product: windows, service: system}
detection: {s: ['l’accès*'], condition: s}
---
title: over two strings
name: over-two-strings
logsource: {product: windows, service: system}
detection: {s: {Data|re: 'first\s+second'}, condition: s}
`
	own = `title: over lines
name: over-lines
logsource: {product: windows, service: system}
detection: {s: {Data|re: 'echo.*clip'}, condition: s}
cause: the same pattern, written for gwlogs
---
title: plain
name: plain
logsource: {product: windows, service: system}
detection: {s: {Data|contains: "l'accès est refusé"}, condition: s}
`
	gatewayRule = `title: for the gateway
name: for-the-gateway
logsource: {product: windows, service: Integration-Runtime}
detection: {s: {Data|contains: "l'accès est refusé"}, condition: s}
`
)

// TestForeignRules: a rule of somebody else's is matched on the texts as they
// are, one written for gwlogs on the normalised ones, in the same event.
func TestForeignRules(t *testing.T) {
	t.Parallel()
	var all []*Signature
	for name, src := range map[string]string{"foreign.yml": foreign, "own.yml": own, "gateway.yml": gatewayRule} {
		signatures, err := Parse(name, []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, signatures...)
	}
	c, err := New(all)
	if err != nil {
		t.Fatal(err)
	}
	system := func(data ...string) Sample { return Sample{{Channel: "System", Data: data}} }
	for name, tt := range map[string]struct {
		sample Sample
		want   []string
	}{
		"two blanks":           {system(`"wusa.exe"  /quiet x`), []string{"two-blanks"}},
		"one blank":            {system(`"wusa.exe" /quiet x`), nil},
		"one line":             {system("echo x | clip"), []string{"on-one-line", "over-lines"}},
		"two lines":            {system("echo x\r\nclip"), []string{"over-lines"}},
		"one of two strings":   {system("one", "two"), []string{"as-a-whole"}},
		"not the whole":        {system("one "), nil},
		"typographic":          {system("l\u2019accès est refusé"), []string{"any-value", "plain"}},
		"straight":             {system("l'accès est refusé"), []string{"plain"}},
		"strings are not one":  {system("first", "second"), nil},
		"one string":           {system("first\nsecond"), []string{"over-two-strings"}},
		"in the gateway's log": {Sample{{Data: []string{"l\u2019accès  est refusé"}}}, []string{"for-the-gateway"}},
		"wrapped, for us alone": {system(`<LogProperties><ErrorInfo>[{"Message":"one"},{"Message":"l\u2019accès est refusé"}]`),
			[]string{"plain"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := c.Try(tt.sample)
			slices.Sort(got)
			if err != nil || !slices.Equal(got, tt.want) {
				t.Errorf("%q %v, want %q", got, err, tt.want)
			}
		})
	}
}

// TestForeignFields: named values and those of System are given as they are too.
func TestForeignFields(t *testing.T) {
	t.Parallel()
	signatures, err := Parse("fields.yml", []byte(`title: computer
name: computer
logsource: {}
detection: {s: {Computer: 'TWO  BLANKS', Level: 2, EventID: 7, Channel: System}, condition: s}
`))
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(append(builtin(t), signatures...))
	if err != nil {
		t.Fatal(err)
	}
	for computer, want := range map[string]int{"two  blanks": 1, "two blanks": 0} {
		got, err := c.Try(Sample{{Channel: "System", Computer: computer, ID: 7, Data: []string{"x"}}})
		if err != nil || len(got) != want {
			t.Errorf("%q: %q %v", computer, got, err)
		}
	}
}
