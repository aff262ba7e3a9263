package sigma

import (
	"bytes"
	"unicode/utf8"

	"github.com/gwlogs/gwlogs/sigma/ast"
)

// A glob is a compiled pattern: segments of text and "?" between "*"s.
type glob struct {
	segments []segment
	start    bool // the first segment has to be at the start
	end      bool // the last one has to be at the end
	exact    []byte
	plain    bool // exact alone, without wildcards, under start and end
}

// A segment is texts with single characters between them.
type segment []step

// A step is a text, or any one character.
type step struct {
	text []byte // nil for one character
}

// newGlob compiles a pattern, folded unless cased.
func newGlob(p ast.Pattern, op ast.Op, cased bool) *glob {
	g := &glob{
		start: op == ast.OpEqual || op == ast.OpStartsWith,
		end:   op == ast.OpEqual || op == ast.OpEndsWith,
	}
	open := false // a segment has begun
	for i, piece := range p {
		if piece.Wildcard == '*' {
			g.start = g.start && i > 0
			g.end = g.end && i < len(p)-1
			open = false
			continue
		}
		var s step
		if piece.Wildcard == 0 {
			if s.text = []byte(piece.Literal); !cased {
				s.text = appendFold(nil, s.text)
			}
		}
		if !open {
			g.segments, open = append(g.segments, nil), true
		}
		last := len(g.segments) - 1
		g.segments[last] = append(g.segments[last], s)
	}
	switch {
	case len(p) == 0:
		g.plain = g.start && g.end // the empty text
	case len(g.segments) == 1 && len(g.segments[0]) == 1 && g.segments[0][0].text != nil:
		g.exact, g.plain = g.segments[0][0].text, true
	}
	return g
}

// match reports whether the text is what the pattern describes.
func (g *glob) match(text []byte) bool {
	if g.plain {
		return g.matchPlain(text)
	}
	segments := g.segments
	if g.start && len(segments) > 0 {
		if len(segments) == 1 && g.end {
			n, ok := segments[0].at(text)
			return ok && n == len(text)
		}
		n, ok := segments[0].at(text)
		if !ok {
			return false
		}
		text, segments = text[n:], segments[1:]
	}
	for i, s := range segments {
		if g.end && i == len(segments)-1 {
			return s.endOf(text)
		}
		n := s.find(text)
		if n < 0 {
			return false
		}
		text = text[n:]
	}
	return true
}

func (g *glob) matchPlain(text []byte) bool {
	switch {
	case g.start && g.end:
		return bytes.Equal(text, g.exact)
	case g.start:
		return bytes.HasPrefix(text, g.exact)
	case g.end:
		return bytes.HasSuffix(text, g.exact)
	}
	return bytes.Contains(text, g.exact)
}

// at reports whether the segment is at the start of text, and its length there.
func (s segment) at(text []byte) (n int, ok bool) {
	for _, step := range s {
		if step.text == nil {
			if n >= len(text) {
				return 0, false
			}
			_, size := utf8.DecodeRune(text[n:])
			n += size
			continue
		}
		if !bytes.HasPrefix(text[n:], step.text) {
			return 0, false
		}
		n += len(step.text)
	}
	return n, true
}

// find returns where the first occurrence of the segment ends, -1 if there is none.
func (s segment) find(text []byte) int {
	for from := 0; from <= len(text); {
		if s[0].text != nil {
			i := bytes.Index(text[from:], s[0].text)
			if i < 0 {
				return -1
			}
			from += i
		}
		if n, ok := s.at(text[from:]); ok {
			return from + n
		}
		_, size := utf8.DecodeRune(text[from:])
		from += max(1, size)
	}
	return -1
}

// endOf reports whether text ends with the segment.
func (s segment) endOf(text []byte) bool {
	end := len(text)
	for i := len(s) - 1; i >= 0; i-- {
		if s[i].text == nil {
			if end == 0 {
				return false
			}
			_, size := utf8.DecodeLastRune(text[:end])
			end -= size
			continue
		}
		if !bytes.HasSuffix(text[:end], s[i].text) {
			return false
		}
		end -= len(s[i].text)
	}
	return true
}
