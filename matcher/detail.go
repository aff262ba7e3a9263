package matcher

import (
	"regexp"
	"strings"
	"sync"
)

// A Detail is what of an event's text a person needs beside the innermost
// message: in a chain the outermost names the step that failed, and its code
// is what people search for.
type Detail struct {
	Code    string // of the error, ErrorCode=…
	Outer   string // the outermost message, on one line; empty if there is only one
	Account string // that the text names
	Path    string // of a file, a folder, a share or a container
}

// detailForms are the expressions of Detail; the first group of the first that matches is taken.
type detailForms struct{ code, account, path []*regexp.Regexp }

var loadDetailForms = sync.OnceValue(func() *detailForms {
	compile := func(exprs ...string) []*regexp.Regexp {
		var all []*regexp.Regexp
		for _, e := range exprs {
			all = append(all, regexp.MustCompile(e))
		}
		return all
	}
	return &detailForms{
		code: compile(`\bErrorCode=(\w{1,100})`, `(?i)"errorCode\\?"\s*:\s*\\?"?(\w{1,100})`),
		account: compile(
			`(?i)\b(?:user ?name|user ?id|user|account|login|utilisateur|compte|benutzers?|konto|usuario|cuenta|utente)\b[^'"\n]{0,24}?['"]([^'"\n]{1,128})['"]`,
			`(?i)\b(?:user ?name|user ?id|uid|account) ?[:=] ?([^\s,;'"]{1,128})`,
			`\b(NT (?:SERVICE|AUTHORITY)\\{1,2}\w{1,40})`,
		),
		path: compile(
			`(?i)\b(?:folder path|file path|file ?name|path|directory|container ?name|chemin|dossier|fichier)\b[^'"\n:=,]{0,10}[:=]? ?['"]([^'"\n]{1,260})['"]`,
			`(?i)\b(?:folder path|file path|file ?name|path|container ?name) ?[:=] ?([^\s,;'"]{1,260})`,
			`(\\\\[\w.$-]{1,80}\\[^'"<>|\n,;]{1,200})`,
			`\b([A-Za-z]:\\[^'"<>|\n,;:]{1,200})`,
		),
	}
})

func firstOf(forms []*regexp.Regexp, text string) string {
	for _, form := range forms {
		if m := form.FindStringSubmatch(text); m != nil {
			return strings.TrimRight(strings.TrimSpace(m[1]), ".")
		}
	}
	return ""
}

// detail fills in the Detail of evidence. Its texts are those of the whole
// chain: the innermost message rarely says which file it could not open.
func (u *unwrapper) detail(e *Evidence) {
	f := loadDetailForms()
	text := e.Message
	d := Detail{Code: firstOf(f.code, text)}
	chain := ""
	look := func(message []byte) {
		if chain == "" && isChain(message) {
			chain = string(message)
		}
	}
	look([]byte(text))
	u.each([]byte(text), look)
	if chain != "" {
		chainMessages([]byte(chain), func(message []byte) {
			if line := normalLine(message); d.Outer == "" && says(line) {
				d.Outer = line
			}
		})
		text = chain
	}
	if d.Outer == e.Cause {
		d.Outer = ""
	}
	d.Account, d.Path = firstOf(f.account, text), firstOf(f.path, text)
	e.Detail = d
}
