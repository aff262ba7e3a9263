package where

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// An Error is a place in an expression that cannot be understood.
type Error struct {
	Text   string // the expression
	Column int    // from 1 on, in characters
	Reason string
}

func (e *Error) Error() string {
	return fmt.Sprintf("character %d: %s", e.Column, e.Reason)
}

type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenWord
	tokenText   // in quotes
	tokenNumber // decimal or 0x…
	tokenSign   // an operator, a parenthesis, a comma
)

type token struct {
	kind tokenKind
	text string // without quotes
	at   int    // byte in the expression
}

// is reports whether it is one of the words or signs, in any case.
func (t *token) is(words ...string) bool {
	if t.kind != tokenWord && t.kind != tokenSign {
		return false
	}
	for _, w := range words {
		if strings.EqualFold(t.text, w) {
			return true
		}
	}
	return false
}

// scan cuts an expression into tokens.
func scan(text string) ([]token, error) {
	var all []token
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		switch {
		case unicode.IsSpace(r):
			at += size
			continue
		case r == '\'' || r == '"' || r == '’' || r == '‘' || r == '“' || r == '”':
			t, next, err := scanText(text, at, size)
			if err != nil {
				return nil, err
			}
			all, at = append(all, t), next
			continue
		}
		sign := scanSign(text[at:])
		if sign != "" {
			all = append(all, token{tokenSign, sign, at})
			at += len(sign)
			continue
		}
		end := at
		for end < len(text) {
			r, size := utf8.DecodeRuneInString(text[end:])
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_.-:@#/", r) {
				break
			}
			end += size
		}
		if end == at {
			switch { // as other languages have it
			case strings.HasPrefix(text[at:], "&&"):
				return nil, errorAt(text, at, "write and in place of &&")
			case strings.HasPrefix(text[at:], "||"):
				return nil, errorAt(text, at, "write or in place of ||")
			case r == '!':
				return nil, errorAt(text, at, "write not in place of !")
			case r == '*' || r == '%':
				return nil, errorAt(text, at, "%q stands for nothing here: use startswith, endswith, contains or re", r)
			case r == '~':
				return nil, errorAt(text, at, "write re in place of ~")
			}
			return nil, errorAt(text, at, "%q is not expected", r)
		}
		word := token{tokenWord, text[at:end], at}
		if '0' <= word.text[0] && word.text[0] <= '9' {
			word.kind = tokenNumber
		}
		all, at = append(all, word), end
	}
	return append(all, token{tokenEnd, "", len(text)}), nil
}

// scanText reads a text in quotes; the quote twice is one within.
func scanText(text string, at, size int) (token, int, error) {
	quote := text[at : at+size]
	switch quote { // as word processors make them
	case "’", "‘":
		quote = "’"
	case "“", "”":
		quote = "”"
	}
	var b strings.Builder
	rest := text[at+size:]
	for {
		inside, after, ok := strings.Cut(rest, quote)
		if !ok {
			return token{}, 0, errorAt(text, at, "the text that begins here has no end")
		}
		b.WriteString(inside)
		if !strings.HasPrefix(after, quote) {
			return token{tokenText, b.String(), at}, len(text) - len(after), nil
		}
		b.WriteString(quote)
		rest = after[len(quote):]
	}
}

// scanSign is the sign that text begins with, empty if it is none.
func scanSign(text string) string {
	for _, sign := range []string{"!=", "<>", "==", "<=", ">=", "=", "<", ">", "(", ")", ","} {
		if strings.HasPrefix(text, sign) {
			return sign
		}
	}
	return ""
}

func errorAt(text string, at int, format string, args ...any) error {
	return &Error{Text: text, Column: utf8.RuneCountInString(text[:at]) + 1, Reason: fmt.Sprintf(format, args...)}
}
