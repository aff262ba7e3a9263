//go:build !js

package report

import (
	"html/template"
	"net/url"
	"strings"

	"github.com/gwlogs/gwlogs/internal/words"
)

// What a page shows at most. A browser opens a page of some megabytes at
// once; the logs may have gigabytes.
const (
	maxPageGroups   = 500
	maxPageFindings = 500
	maxPageRows     = 500      // of a table
	maxPageValues   = 50       // of a capture
	maxPageLine     = 2 << 10  // bytes of a sentence
	maxPageName     = 300      // bytes of a name, and of the line of a group
	maxPageText     = 16 << 10 // bytes of a message
	maxPageEvent    = 40 << 10 // bytes of an event in full, indented
	leastPageText   = 256      // bytes of one when the page has its fill
	maxPageEvidence = 2 << 20  // bytes of all evidence, escaped
	maxPageExamples = 3 << 20  // bytes of all groups, escaped
)

// A pageBudget is how many bytes of HTML the texts of one section may take.
type pageBudget struct {
	left int
	cut  string // what is written where a text was cut
}

// take returns the text as the page shows it, cut to what it may take.
func (b *pageBudget) take(text string) string {
	limit := maxPageText
	if b.left <= 0 {
		limit = leastPageText
	}
	text = shown(text, limit, b.cut)
	b.left -= len(template.HTMLEscapeString(text))
	return text
}

// all returns the text if there is room for all of it, else false.
func (b *pageBudget) all(text string) (string, bool) {
	text = shown(text, maxPageEvent, b.cut)
	n := len(template.HTMLEscapeString(text))
	if n > b.left {
		return "", false
	}
	b.left -= n
	return text, true
}

// shown is a text with its lines, everything in it visible, cut to limit bytes.
func shown(text string, limit int, cut string) string {
	// Cut before as well: a text of any length is not worth escaping.
	whole := len(text) <= limit
	text = words.Clip(text, limit)
	text = string(visiblePage([]byte(strings.ReplaceAll(text, "\r\n", "\n"))))
	if whole && len(text) <= limit {
		return text
	}
	return words.Clip(text, limit) + cut
}

// shownLine is a text on one line.
func shownLine(text string) string { return oneLine(shown(text, maxPageLine, "…")) }

// shownName is a name on one line, which may be no longer than a line.
func shownName(text string) string { return oneLine(shown(text, maxPageName, "…")) }

// webAddress returns the address if a page may link to it: on the web, and
// nothing that a browser would run.
func webAddress(reference string) string {
	u, err := url.Parse(reference)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return u.String()
}

// indentXML puts each element of an event on a line of its own. It does no
// more than that: what is no XML comes out as it was, but for line ends.
func indentXML(event string) string {
	if strings.Contains(event, "\n") {
		return event
	}
	var b strings.Builder
	depth, closed := 0, true // closed: the tag before ended an element
	for len(event) > 0 {
		end := strings.Index(event, "><") + 1
		if end == 0 {
			end = len(event)
		}
		tag := event[:end]
		event = event[end:]
		ends := strings.HasPrefix(tag, "</")
		if ends {
			depth--
		}
		if b.Len() > 0 && (closed || !ends) {
			b.WriteString("\n" + strings.Repeat("  ", min(max(depth, 0), 20)))
		}
		b.WriteString(tag)
		closed = ends || strings.HasSuffix(tag, "/>") || strings.Contains(tag[min(1, len(tag)):], "</")
		if !closed {
			depth++
		}
	}
	return b.String()
}
