package eventtext

import (
	"regexp"
	"slices"
	"strings"
)

// A Clue is a part of a text by which one can search: a code, the type of an exception, a sentence, a host, a port.
type Clue struct {
	Kind ClueKind
	Text string
}

// A ClueKind says what a Clue is.
type ClueKind string

// The kinds of clues, the most telling first.
const (
	ClueCode     ClueKind = "code"
	ClueType     ClueKind = "type"
	ClueSentence ClueKind = "sentence"
	ClueHost     ClueKind = "host"
	CluePort     ClueKind = "port"
)

// maxClues bounds the clues of one kind.
const maxClues = 8

// clueForms are expressions whose first group is a clue.
var clueForms = []struct {
	kind ClueKind
	form func() *regexp.Regexp
}{
	{ClueCode, lazily(`(?i)\berror\s?code"?\s*[=:]\s*"?'?([A-Za-z0-9_.\-]{3,80})`)},
	{ClueCode, lazily(`\b(UserError[A-Za-z0-9]{3,80})\b`)},
	{ClueCode, lazily(`\b((?:AADSTS|ORA-|TNS-|SQLSTATE[ =:]*|SQL|CPF|RFC_|MSB|AZSD|AKV)[A-Z0-9]{3,12})\b`)},
	{ClueCode, lazily(`\b(0x8[0-9A-Fa-f]{7})\b`)},
	{ClueCode, lazily(`(?i)\bSqlErrorNumber\s*=\s*(\d{1,6})`)},
	{ClueCode, lazily(`\b(100[0-9]{2}|1100[1-4])\b`)}, // Winsock
	{ClueCode, lazily(`(?i)\b(?:error|erro|fehler|erreur|errore|fout|ошибка|błąd|returning|returned|exit code|código|codice|code)\s*[:#(]?\s*(\d{3,5})\b`)},
	{ClueCode, lazily(`\b((?:[A-Z][a-z0-9]+){3,12})\b`)}, // InputIsMalformedDetailed
	{ClueCode, lazily(`(?i)\b(?:status ?code|http|error)\b[^\d\n]{0,20}\(?\b([45]\d\d)\b`)},
	{ClueType, lazily(`\b((?:[A-Za-z_][\w]*\.){1,8}[A-Za-z_]\w*(?:Exception|Error))\b`)},
	{ClueType, lazily(`\b([A-Z]\w{3,60}Exception)\b`)},
	{ClueHost, lazily(`(?i)\b((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,6}(?:com|net|cn|us|org|io|local|corp|de|fr|eu|uk|azure|internal))\b`)},
	{ClueHost, lazily(`\b((?:\d{1,3}\.){3}\d{1,3})\b`)},
	{CluePort, lazily(`(?i)(?:\b(?:[\w-]+\.)+[a-z]{2,}|\b(?:\d{1,3}\.){3}\d{1,3}|\]|\bport\b)[:, =]{1,2}(\d{2,5})\b`)},
}

// Clues returns what of a text one can search for, each once, the most telling first.
func Clues(text string) []Clue {
	text = clean(text)
	var all []Clue
	count := map[ClueKind]int{}
	for _, f := range clueForms {
		for _, m := range f.form().FindAllStringSubmatch(text, 4*maxClues) {
			c := Clue{f.kind, strings.TrimRight(m[1], ".-_")}
			if slices.Contains(all, c) || count[c.Kind] >= maxClues || covered(all, c) {
				continue
			}
			count[c.Kind]++
			all = append(all, c)
		}
	}
	if s := sentence(text); s != "" {
		all = append(all, Clue{ClueSentence, s})
	}
	slices.SortStableFunc(all, func(a, b Clue) int { return a.Kind.order() - b.Kind.order() })
	return all
}

// order is the place of a kind among the kinds.
func (k ClueKind) order() int {
	return slices.Index([]ClueKind{ClueCode, ClueType, ClueSentence, ClueHost, CluePort}, k)
}

// covered reports whether a clue is but the end of one that is there, as SqlException is of System.Data.SqlClient.SqlException;
// a type is no host either.
func covered(all []Clue, c Clue) bool {
	if c.Kind == ClueHost && (strings.HasPrefix(c.Text, "System.") || strings.HasPrefix(c.Text, "Microsoft.")) {
		return true
	}
	return slices.ContainsFunc(all, func(have Clue) bool { return have.Kind == c.Kind && strings.HasSuffix(have.Text, "."+c.Text) })
}
