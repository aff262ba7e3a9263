package words

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// A template is a sentence with something to be filled in: the few constructs of text/template that sentences need. That package would
// do, but it keeps every method of every type in a program, a fifth of the page that has this as WebAssembly.
type template []node

// A node is a text, a value, or a choice.
type node struct {
	text      string
	value     string // name of what is filled in
	thousands bool

	cases []branch // of {{if}}, {{else if}}, {{else}}: the first that holds
}

type branch struct {
	test test
	then template
}

// A test compares a name with a number or another name, or asks whether there is something.
type test struct {
	op    string // eq, ne, gt; "" for whether there is something; not for the contrary; else for always
	name  string
	other string // name, if it is one
	n     int64
}

// compile reads a sentence.
func compile(text string) (template, error) {
	p := &templateParser{rest: text}
	t, end, err := p.nodes()
	if err == nil && end != "" {
		err = fmt.Errorf("{{%s}} without {{if}}", end)
	}
	return t, err
}

type templateParser struct{ rest string }

// nodes reads to the end of the text, or to the {{else}} or {{end}} that it returns.
func (p *templateParser) nodes() (t template, end string, err error) {
	for {
		text, rest, found := strings.Cut(p.rest, "{{")
		if text != "" {
			t = append(t, node{text: text})
		}
		if !found {
			p.rest = ""
			return t, "", nil
		}
		action, rest, closed := strings.Cut(rest, "}}")
		if !closed {
			return nil, "", fmt.Errorf("{{%s is not closed", action)
		}
		p.rest = rest
		words := strings.Fields(action)
		switch {
		case len(words) == 0:
			return nil, "", fmt.Errorf("{{}} is empty")
		case words[0] == "end" || words[0] == "else":
			return t, strings.Join(words, " "), nil
		case words[0] == "if":
			n, err := p.choice(words[1:])
			if err != nil {
				return nil, "", err
			}
			t = append(t, n)
		case words[0] == "thousands" && len(words) == 2 && isName(words[1]):
			t = append(t, node{value: words[1][1:], thousands: true})
		case len(words) == 1 && isName(words[0]):
			t = append(t, node{value: words[0][1:]})
		default:
			return nil, "", fmt.Errorf("{{%s}}: say it in a simpler way", action)
		}
	}
}

func isName(word string) bool { return len(word) > 1 && word[0] == '.' }

// choice reads what stands behind {{if …}}, to its {{end}}.
func (p *templateParser) choice(words []string) (n node, err error) {
	for {
		c, err := readTest(words)
		if err != nil {
			return n, err
		}
		then, end, err := p.nodes()
		if err != nil {
			return n, err
		}
		n.cases = append(n.cases, branch{c, then})
		more, isElse := strings.CutPrefix(end, "else")
		switch {
		case end == "end":
			return n, nil
		case !isElse || c.op == "else":
			return n, fmt.Errorf("{{if}} without {{end}}")
		}
		if words = strings.Fields(more); len(words) == 0 {
			words = []string{"else"}
		} else if words = words[1:]; !strings.HasPrefix(strings.TrimSpace(more), "if ") {
			return n, fmt.Errorf("{{else%s}}: say it in a simpler way", more)
		}
	}
}

func readTest(words []string) (test, error) {
	switch {
	case len(words) == 1 && words[0] == "else":
		return test{op: "else"}, nil
	case len(words) == 1 && isName(words[0]):
		return test{name: words[0][1:]}, nil
	case len(words) == 2 && words[0] == "not" && isName(words[1]):
		return test{op: "not", name: words[1][1:]}, nil
	case len(words) == 3 && isName(words[1]) && (words[0] == "eq" || words[0] == "ne" || words[0] == "gt"):
		t := test{op: words[0], name: words[1][1:]}
		if isName(words[2]) {
			t.other = words[2][1:]
			return t, nil
		}
		var err error
		t.n, err = strconv.ParseInt(words[2], 10, 64)
		return t, err
	}
	return test{}, fmt.Errorf("{{if %s}}: say it in a simpler way", strings.Join(words, " "))
}

// write appends the sentence with the values in it; ok is false if one is missing.
func (t template) write(b *strings.Builder, values map[string]any) (ok bool) {
	for i := range t {
		n := &t[i]
		switch {
		case n.cases != nil:
			for j := range n.cases {
				holds, ok := n.cases[j].test.holds(values)
				if !ok {
					return false
				}
				if !holds {
					continue
				}
				if !n.cases[j].then.write(b, values) {
					return false
				}
				break
			}
		case n.value != "":
			v, ok := values[n.value]
			if !ok {
				return false
			}
			text := fmt.Sprint(v)
			if n.thousands {
				text = apart(text)
			}
			b.WriteString(text)
		default:
			b.WriteString(n.text)
		}
	}
	return true
}

// holds reports whether the test holds; ok is false if a value is missing.
func (t *test) holds(values map[string]any) (holds, ok bool) {
	if t.op == "else" {
		return true, true
	}
	v, ok := values[t.name]
	if !ok {
		return false, false
	}
	switch t.op {
	case "":
		return !isZero(v), true
	case "not":
		return isZero(v), true
	}
	text, other := fmt.Sprint(v), strconv.FormatInt(t.n, 10)
	if t.other != "" {
		o, ok := values[t.other]
		if !ok {
			return false, false
		}
		other = fmt.Sprint(o)
	}
	switch t.op {
	case "eq":
		return text == other, true
	case "ne":
		return text != other, true
	}
	a, err1 := strconv.ParseFloat(text, 64)
	b, err2 := strconv.ParseFloat(other, 64)
	return err1 == nil && err2 == nil && a > b, true
}

// isZero reports whether there is nothing: no text, 0, false, an empty list.
func isZero(v any) bool {
	r := reflect.ValueOf(v)
	switch {
	case !r.IsValid():
		return true
	case r.Kind() == reflect.Slice || r.Kind() == reflect.Map:
		return r.Len() == 0
	}
	return r.IsZero()
}

// names are those of what is filled in or asked for.
func (t template) names() []string {
	var all []string
	for _, n := range t {
		if n.value != "" {
			all = append(all, n.value)
		}
		for _, c := range n.cases {
			for _, name := range []string{c.test.name, c.test.other} {
				if name != "" {
					all = append(all, name)
				}
			}
			all = append(all, c.then.names()...)
		}
	}
	return all
}
