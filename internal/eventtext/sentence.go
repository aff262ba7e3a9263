package eventtext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	leastWords    = 4  // of words that one searches for together
	leastUnspaced = 10 // runes of a script that puts no blanks between words
	mostWords     = 20 // search engines look at no more than some thirty
	mostSearched  = 64 << 10
)

// sentence returns the longest run of words in a text that somebody else may have met as well: without what is of one
// place and time alone, as values in quotes, numbers, names of files and addresses. It is empty if there is none.
func sentence(text string) string {
	if len(text) > mostSearched {
		text = text[:mostSearched]
	}
	best := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "at ") || strings.HasPrefix(line, "   at ") {
			continue // of a stack
		}
		var run []string
		end := func() {
			if all := strings.Join(run, " "); searchable(run) && len(all) > len(best) {
				best = all
			}
			run = run[:0]
		}
		for word := range strings.FieldsSeq(line) {
			plain := strings.TrimRight(word, ".,;:!?)")
			if !spoken(strings.TrimLeft(plain, "(")) {
				end()
				continue
			}
			if strings.HasPrefix(word, "(") {
				end()
			}
			run = append(run, strings.TrimLeft(plain, "("))
			if plain != word && word[len(word)-1] != ',' || len(run) == mostWords {
				end()
			}
		}
		end()
	}
	return best
}

// searchable reports whether words are enough to find the same sentence by.
func searchable(words []string) bool {
	if len(words) >= leastWords {
		return true
	}
	unspaced := 0
	for _, w := range words {
		for _, r := range w {
			if r >= 0x2E80 { // Chinese, Japanese, Korean
				unspaced++
			}
		}
	}
	return unspaced >= leastUnspaced
}

// spoken reports whether a word is one of a language: letters, with a hyphen or an apostrophe between them.
func spoken(word string) bool {
	for i, r := range word {
		switch {
		case unicode.IsLetter(r) || unicode.IsMark(r):
		case strings.ContainsRune("-'’、。，", r) && i > 0 && i+utf8.RuneLen(r) < len(word):
		default:
			return false
		}
	}
	return word != ""
}
