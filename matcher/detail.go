package matcher

import (
	"bytes"
	"strings"
	"sync"

	"github.com/gwlogs/gwlogs/sigma/ast"
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

// A detailForm finds a part of a Detail: its first group. It is tried where
// the text has what every match has in it, and compiled when it is first tried.
type detailForm struct {
	has   string // this, or
	oneOf string // one of these characters
	re    *ast.Regexp
}

func (f *detailForm) find(text []byte) (string, bool) {
	if !bytes.Contains(text, []byte(f.has)) || f.oneOf != "" && !bytes.ContainsAny(text, f.oneOf) {
		return "", false
	}
	start := f.re.Start(text)
	if start < 0 {
		return "", false
	}
	m := f.re.Compiled().FindSubmatch(text[ast.Context(text, start):])
	if m == nil {
		return "", false
	}
	return strings.TrimRight(strings.TrimSpace(string(m[1])), "."), true
}

// detailForms are the expressions of Detail, the surest first.
type detailForms struct{ code, account, path []detailForm }

var loadDetailForms = sync.OnceValue(func() *detailForms {
	return &detailForms{
		code: []detailForm{
			{has: "ErrorCode=", re: lazily(`\bErrorCode=(\w{1,100})`)},
			{has: `"`, re: lazily(`(?i)"errorcode\\?"\s*:\s*\\?"?(\w{1,100})`)},
		},
		account: []detailForm{
			{oneOf: `'"`, re: lazily(`(?i)\b(?:user ?name|user ?id|user|account|login|` +
				`utilisateur|compte|benutzers?|konto|usuario|cuenta|utente)\b[^'"\n]{0,24}?['"]([^'"\n]{1,128})['"]`)},
			{oneOf: ":=", re: lazily(`(?i)\b(?:user ?name|user ?id|uid|account) ?[:=] ?([^\s,;'"]{1,128})`)},
			{has: "NT ", re: lazily(`\b(NT (?:SERVICE|AUTHORITY)\\{1,2}\w{1,40})`)},
		},
		path: []detailForm{
			{oneOf: `'"`, re: lazily(`(?i)\b(?:folder path|file path|file ?name|path|directory|container ?name|` +
				`chemin|dossier|fichier)\b[^'"\n:=,]{0,10}[:=]? ?['"]([^'"\n]{1,260})['"]`)},
			{oneOf: ":=", re: lazily(`(?i)\b(?:folder path|file path|file ?name|path|container ?name) ?[:=] ?([^\s,;'"]{1,260})`)},
			{has: `\\`, re: lazily(`(\\\\[\w.$-]{1,80}\\[^'"<>|\n,;]{1,200})`)},
			{has: `:\`, re: lazily(`\b([A-Za-z]:\\[^'"<>|\n,;:]{1,200})`)},
		},
	}
})

func firstOf(forms []detailForm, text []byte) string {
	for i := range forms {
		if found, ok := forms[i].find(text); ok {
			return found
		}
	}
	return ""
}

// detail fills in the Detail of evidence. Its texts are those of the whole
// chain: the innermost message rarely says which file it could not open.
func (u *unwrapper) detail(e *Evidence) {
	f := loadDetailForms()
	text := []byte(e.Message)
	d := Detail{Code: firstOf(f.code, text)}
	var chain []byte
	look := func(message []byte) {
		if len(chain) == 0 && isChain(message) {
			chain = bytes.Clone(message)
		}
	}
	look(text)
	u.each(text, look)
	if len(chain) > 0 {
		chainMessages(chain, func(message []byte) {
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
