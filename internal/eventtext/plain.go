package eventtext

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// parsePlain reads a text of any shape. Several errors, each in a paragraph of its own, are an event each; so are the rows of a
// table. In doubt the text stays whole: an error that is torn apart is not recognised any more.
func parsePlain(text []byte, out *events) {
	if fragment := fragmentOf(text); fragment != nil {
		text = fragment
	}
	all := clean(string(text))
	if all == "" { // nothing but marks
		all = strings.TrimSpace(string(text))
	}
	for _, part := range paragraphs(all) {
		if !out.text(part, 2) {
			return
		}
	}
}

// cut is where a text of at most n bytes ends, at the end of a line where there is one.
func cut(text string, n int) int {
	if len(text) <= n {
		return len(text)
	}
	if i := strings.LastIndexByte(text[:n], '\n'); i > n/2 {
		return i + 1
	}
	for n > 1 && text[n]&0xc0 == 0x80 {
		n--
	}
	return n
}

// blank is what stands between paragraphs.
var blank = lazily(`\n[ \t\x{a0}]*\n\s*`)

// begins is how the next error of several begins: with a code, a number in a list, a heading, or a time. A paragraph that begins
// in another way goes on from the one above.
var begins = lazily(`^(?:\s*(?:\d{1,3}[.)]|[-*•])\s+)?(?:ErrorCode\s*[=:]|Error\s*(?:code|\d|:)|"?errorCode"?\s*:|Operation on target|Failure happened|Failed\b|Cannot\b|Could not\b|Unable to\b|\[?\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}[/.]\d{4}|System\.[\w.]+Exception)`)

// goesOn is how a paragraph begins that belongs to the one above.
var goesOn = lazily(`^\s*(?:at |--->|---|Exception [Dd]etail|Details?:|Inner|Caused by|Stack|Activity ID|Message|Source)`)

// paragraphs cuts a text where another error begins.
func paragraphs(text string) []string {
	if rows := tableRows(text); rows != nil {
		return rows
	}
	var parts []string
	at, above, failed := 0, 0, false // above: the paragraph in front of the gap; failed: there is an error since at
	for _, gap := range blank().FindAllStringIndex(text, -1) {
		failed = failed || looksFailed(text[above:gap[0]])
		above = gap[1]
		head := text[above:min(len(text), above+200)]
		if failed && begins().MatchString(head) && !goesOn().MatchString(head) {
			parts = append(parts, text[at:gap[0]])
			at, failed = above, false
		}
	}
	return append(parts, text[at:])
}

// tableRows are the rows of a table copied from a page: every line has the same number of tabs or bars, two at least.
func tableRows(text string) []string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) < 2 {
		return nil
	}
	for _, mark := range []string{"\t", "|"} {
		n := strings.Count(lines[0], mark)
		if n < 2 {
			continue
		}
		same := true
		for _, line := range lines {
			same = same && strings.Count(line, mark) == n
		}
		if !same {
			continue
		}
		rows := slices.DeleteFunc(lines, func(line string) bool { return strings.Trim(line, "-|+=: \t") == "" })
		for i, row := range rows {
			rows[i] = strings.TrimSpace(strings.ReplaceAll(row, mark, " "+mark+" "))
		}
		return rows
	}
	return nil
}

// fragmentOf is what a piece of JSON says: a value with its key, copied without the braces around it; nil for anything else.
func fragmentOf(text []byte) []byte {
	text = bytes.TrimSpace(text)
	if !fragment().Match(text) {
		return nil
	}
	whole := append(append([]byte("{"), bytes.TrimRight(text, ", \n\t}")...), '}')
	var v map[string]any
	if json.Unmarshal(whole, &v) != nil {
		return nil
	}
	if m := message(v); m != "" {
		return []byte(strings.TrimSpace(first(v, "errorCode", "code", "ErrorCode", "Code") + "\n" + m))
	}
	return nil
}

var fragment = lazily(`^"[\w.]{1,40}"\s*:`)

func sortedKeys(o map[string]any) []string { return slices.Sorted(maps.Keys(o)) }
