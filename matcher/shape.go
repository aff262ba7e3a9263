package matcher

import (
	"strings"
	"unicode/utf8"
)

// maxShape is how many bytes of a message tell it from others.
const maxShape = 200

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
