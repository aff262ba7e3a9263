package matcher

import (
	"bytes"
	"slices"
	"strings"
)

// An unwrapper takes apart the texts in which the gateway wraps its messages
// (JSON in <LogProperties>, chains of ErrorCode=…,'Type=…, exceptions in
// lines), down to the innermost: that is the cause. None of it can be relied
// upon to be whole: events are cut at 31,839 characters. It belongs to one
// goroutine.
type unwrapper struct {
	buf    []byte
	count  int
	budget int
}

const (
	maxMessages = 256
	maxUnwrap   = 8       // forms in each other
	maxUnwrapIn = 4 << 20 // bytes looked at for one event
)

// each calls yield for every message inside text, from the outermost to the
// innermost. A plain text is none. What yield gets is valid until it returns.
func (u *unwrapper) each(text []byte, yield func(message []byte)) {
	u.count, u.budget = 0, maxUnwrapIn
	u.buf = u.buf[:0]
	u.unwrap(text, maxUnwrap, yield)
}

// unwrap yields the messages of all forms that text has, and what is in them.
func (u *unwrapper) unwrap(text []byte, depth int, yield func([]byte)) {
	if depth == 0 || len(text) > u.budget || u.count >= maxMessages {
		return
	}
	u.budget -= len(text)
	inside := func(message []byte) {
		if u.count++; u.count > maxMessages || len(bytes.TrimSpace(message)) == 0 {
			return
		}
		yield(message)
		u.unwrap(message, depth-1, yield)
	}
	switch {
	case hasEntities(text) && bytes.Contains(text, []byte("&lt;")):
		u.scratch(appendUnescapedXML, text, inside)
	case bytes.Contains(text, []byte(`"Message":"`)):
		u.jsonMessages(text, inside)
	case bytes.Contains(text, []byte("<LogProperties>")) || bytes.Contains(text, []byte("<Text>")):
		u.logText(text, inside)
	case looksEscaped(text):
		u.scratch(appendUnescapedJSON, text, inside)
	case isChain(text):
		chainMessages(text, inside)
	default:
		exceptionMessages(text, inside)
	}
}

// scratch makes text with f in memory of the unwrapper, which grows with the
// depth alone.
func (u *unwrapper) scratch(f func(dst, src []byte) []byte, text []byte, yield func([]byte)) {
	from := len(u.buf)
	u.buf = f(u.buf, text)
	made := u.buf[from:len(u.buf):len(u.buf)]
	yield(made)
	u.buf = u.buf[:from]
}

// innermost returns the innermost message of a text on one line, for people;
// the text itself if nothing is wrapped in it.
func (u *unwrapper) innermost(text string) string {
	best := normalLine([]byte(text))
	u.each([]byte(text), func(message []byte) {
		if line := normalLine(message); says(line) {
			best = line
		}
	})
	return best
}

// says reports whether a message tells anything.
func says(line string) bool {
	words := 0
	for word := range strings.FieldsSeq(line) {
		if strings.ContainsFunc(word, func(r rune) bool { return r > 0x40 }) {
			words++
		}
	}
	return words >= 2 && !strings.HasPrefix(line, "at ") && !strings.HasPrefix(line, "{")
}

// normalLine is a message without the ids that only support can use.
func normalLine(message []byte) string {
	line := string(appendNormal(make([]byte, 0, len(message)), message))
	if i := strings.Index(line, " Activity ID: "); i > 0 && len(line)-i < 60 {
		line = line[:i]
	}
	return line
}

// Headline is what a text says in one line: of one that wraps others the innermost message, behind the code of the error if it has
// one; of any other the text itself.
func Headline(text string) string {
	u := new(unwrapper)
	wrapped := false
	u.each([]byte(text), func([]byte) { wrapped = true })
	if !wrapped {
		return text
	}
	line := u.innermost(text)
	if code := firstOf(loadDetailForms().code, []byte(text)); code != "" && !strings.Contains(line, code) {
		return code + ": " + line
	}
	return line
}

// Unfolded is what a text has inside.
type Unfolded struct {
	Detail   Detail
	Messages []string // each once, the outermost first; none if nothing is wrapped in it
}

const (
	maxUnfolded     = 32
	maxUnfoldedText = 16 << 10
)

// Unfold takes the text of an event apart for people: the messages in a chain of errors, in the JSON of LogProperties, in an exception
// with its causes.
func Unfold(text string) Unfolded {
	u := new(unwrapper)
	var out Unfolded
	u.each([]byte(text), func(message []byte) {
		m := strings.TrimSpace(string(message[:min(len(message), maxUnfoldedText)]))
		if len(out.Messages) < maxUnfolded && says(normalLine([]byte(m))) && !slices.Contains(out.Messages, m) && m != text {
			out.Messages = append(out.Messages, strings.ToValidUTF8(m, "\ufffd"))
		}
	})
	e := Evidence{Message: text, Cause: u.innermost(text)}
	u.detail(&e)
	out.Detail = e.Detail
	return out
}
