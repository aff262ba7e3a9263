package sigma

import (
	"encoding/base64"
	"regexp"
	"strings"
	"unicode/utf16"

	"github.com/gwlogs/gwlogs/sigma/ast"
)

// parsePattern takes wildcards and escapes out of a text (section "Escape
// Character"): a backslash counts as one only before *, ? and another.
func parsePattern(raw string) ast.Pattern {
	var p ast.Pattern
	var literal strings.Builder
	end := func() {
		if literal.Len() > 0 {
			p = append(p, ast.Piece{Literal: literal.String()})
			literal.Reset()
		}
	}
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c == '\\' && i+1 < len(raw) && strings.IndexByte(`*?\`, raw[i+1]) >= 0:
			i++
			literal.WriteByte(raw[i])
		case c == '*' || c == '?':
			end()
			p = append(p, ast.Piece{Wildcard: c})
		default:
			literal.WriteByte(c)
		}
	}
	end()
	return p
}

// placeholders splits the literals of a pattern at %name%; \% is a percent
// sign (section "Placeholders").
func placeholders(p ast.Pattern) ast.Pattern {
	re := regexp.MustCompile(`\\%|%[^%\\ ]+%`)
	var out ast.Pattern
	for _, piece := range p {
		rest, literal := piece.Literal, ""
		for _, m := range re.FindAllStringIndex(piece.Literal, -1) {
			from := m[0] - (len(piece.Literal) - len(rest))
			to := m[1] - (len(piece.Literal) - len(rest))
			found := rest[from:to]
			literal += rest[:from]
			rest = rest[to:]
			if found == `\%` {
				literal += "%"
				continue
			}
			if literal != "" {
				out = append(out, ast.Piece{Literal: literal})
			}
			literal = ""
			out = append(out, ast.Piece{Placeholder: strings.Trim(found, "%")})
		}
		if literal += rest; literal != "" || piece.Wildcard != 0 {
			out = append(out, ast.Piece{Literal: literal, Wildcard: piece.Wildcard})
		}
	}
	return out
}

// maxDashes is how many variants of a text windash may make: five dashes in
// four places.
const maxDashes = 625

// windash returns all variants of a text with other dashes where an option
// begins, nil if they are too many.
func windash(p ast.Pattern) []ast.Pattern {
	re := regexp.MustCompile(`\B[-/]\b`)
	variants := []ast.Pattern{nil}
	for _, piece := range p {
		marks := re.FindAllStringIndex(piece.Literal, -1)
		texts := []string{""}
		from := 0
		for _, m := range marks {
			var next []string
			for _, t := range texts {
				for _, dash := range []string{"-", "/", "\u2013", "\u2014", "\u2015"} {
					next = append(next, t+piece.Literal[from:m[0]]+dash)
				}
			}
			if texts, from = next, m[1]; len(texts)*len(variants) > maxDashes {
				return nil
			}
		}
		var next []ast.Pattern
		for _, v := range variants {
			for _, t := range texts {
				piece := piece
				piece.Literal = t + piece.Literal[from:]
				next = append(next, append(v[:len(v):len(v)], piece))
			}
		}
		variants = next
	}
	return variants
}

// encodings returns the forms of a text under an encoding modifier.
func encodings(name, text string) []string {
	switch name {
	case "base64":
		return []string{base64.StdEncoding.EncodeToString([]byte(text))}
	case "base64offset":
		return base64Offsets(text)
	case "utf16":
		return []string{"\xff\xfe" + encodeUTF16(text, false)}
	case "utf16be":
		return []string{encodeUTF16(text, true)}
	}
	return []string{encodeUTF16(text, false)}
}

func encodeUTF16(text string, big bool) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(text)) {
		if big {
			b.WriteByte(byte(u >> 8))
			b.WriteByte(byte(u))
		} else {
			b.WriteByte(byte(u))
			b.WriteByte(byte(u >> 8))
		}
	}
	return b.String()
}

// base64Offsets returns what of a text stays the same in Base64 whatever
// stands around it, for the three places it can have in a group of three bytes.
func base64Offsets(text string) []string {
	var all []string
	for offset := range 3 {
		encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat(" ", offset) + text))
		start := []int{0, 2, 3}[offset]
		end := len(encoded) - []int{0, 3, 2}[(len(text)+offset)%3]
		if start < end {
			all = append(all, encoded[start:end])
		}
	}
	return all
}
