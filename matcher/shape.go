package matcher

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gwlogs/gwlogs/evtx"
)

// A Group is errors that say the same but for names and numbers.
type Group struct {
	Channel     string
	Provider    string
	EventID     uint16
	Level       uint8
	Count       int
	First, Last time.Time
	Example     string // the innermost message of the first of them, on one line
	RecordID    uint64 // of it
	Source      string // of it
}

// groups counts errors by shape. Beyond maxGroups different ones the rest is
// counted together.
type groups struct {
	byShape map[groupKey]*Group
	shaper  Shaper
	rest    Group
}

type groupKey struct {
	channel, provider string
	id                uint16
	shape             string
}

const (
	maxGroups = 1000
	maxShape  = 200 // bytes of a message that tell it from others
)

func newGroups() *groups {
	return &groups{byShape: make(map[groupKey]*Group)}
}

// add counts an error whose text is message.
func (g *groups) add(rec *evtx.Record, message []byte) {
	line, shape := g.shaper.Shape(message)
	key := groupKey{rec.Channel(), rec.Provider(), rec.EventID(), shape}
	g.count(key, Group{
		Channel: key.channel, Provider: key.provider, EventID: key.id, Level: rec.Level(), Count: 1,
		First: rec.TimeCreated(), Last: rec.TimeCreated(), Example: line, RecordID: rec.EventRecordID(),
	})
}

func (g *groups) count(key groupKey, add Group) {
	have := g.byShape[key]
	switch {
	case have == nil && len(g.byShape) < maxGroups:
		g.byShape[key] = &add
	case have == nil:
		g.rest.join(add)
	default:
		have.join(add)
	}
}

func (g *Group) join(add Group) {
	if g.Count == 0 || add.First.Before(g.First) {
		g.First = add.First
	}
	if add.Last.After(g.Last) {
		g.Last = add.Last
	}
	g.Count += add.Count
}

// merge takes the groups of a worker and empties it.
func (g *groups) merge(from *groups, source string) {
	for key, add := range from.byShape {
		add.Source = source
		g.count(key, *add)
	}
	if from.rest.Count > 0 {
		g.rest.join(from.rest)
	}
	clear(from.byShape)
	from.rest = Group{}
}

// sorted returns the groups, the most frequent first.
func (g *groups) sorted() []Group {
	var all []Group
	for _, group := range g.byShape {
		all = append(all, *group)
	}
	slices.SortFunc(all, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), a.First.Compare(b.First),
			cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.EventID, b.EventID), cmp.Compare(a.Example, b.Example))
	})
	if g.rest.Count > 0 {
		all = append(all, g.rest)
	}
	return all
}

// appendShape appends what a message has in common with others of its kind:
// names in quotes, addresses, paths and whatever has a digit in it are left
// out, and capitals.
func appendShape(dst []byte, line string) []byte {
	start := len(dst)
	line = line[:min(len(line), 4*maxShape)]
	for len(line) > 0 && len(dst)-start < maxShape {
		if r, n := utf8.DecodeRuneInString(line); r == '"' || r == '\'' || r == '«' {
			if end := closing(line[n:], r); end > 0 {
				dst = append(dst, "…"...)
				line = line[n+end:]
				continue
			}
		}
		n := wordEnd(line)
		if n == 0 {
			_, n = utf8.DecodeRuneInString(line)
			dst = append(dst, line[:n]...)
			line = line[n:]
			continue
		}
		dst = appendShapeWord(dst, line[:n])
		line = line[n:]
	}
	return dst[:min(len(dst), start+maxShape)] // a key, not a text: it may end within a character
}

// A Shaper tells what events have in common that say the same but for names
// and numbers. It belongs to one goroutine.
type Shaper struct{ inner unwrapper }

// Shape returns the innermost message of an event's text, on one line, and
// what it has in common with others of its kind: a key, not a text.
func (s *Shaper) Shape(message []byte) (line, shape string) {
	line = s.inner.innermost(clip(message, maxMessage))
	return clip([]byte(line), 4*maxShape), string(appendShape(nil, line))
}

// closing returns where a quotation ends, behind its last mark; 0 if it does
// not, or is an apostrophe.
func closing(text string, open rune) int {
	mark := string(open)
	if open == '«' {
		mark = "»"
	}
	i := strings.Index(text, mark)
	if i < 0 || open == '\'' && (i == 0 || strings.HasPrefix(text, " ")) {
		return 0
	}
	return i + len(mark)
}

// wordEnd returns how long the word at the start of the text is.
func wordEnd(text string) int {
	i := strings.IndexAny(text, " \t,;()<>\"'«»=|")
	if i < 0 {
		return len(text)
	}
	return i
}

// appendShapeWord appends a word, or what kind of word it is.
func appendShapeWord(dst []byte, word string) []byte {
	switch {
	case strings.Contains(word, "://"):
		return append(dst, "<url>"...)
	case strings.Contains(word, `\`) || strings.HasPrefix(word, "/") && len(word) > 1:
		return append(dst, "<path>"...)
	case strings.ContainsAny(word, "0123456789"):
		return append(dst, "<n>"...)
	case len(word) > 40 && isASCII(word):
		return append(dst, "<data>"...)
	}
	return append(dst, strings.ToLower(word)...)
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}
