package matcher

import (
	"embed"
	"io/fs"
	"path"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed signatures/*.yml signatures/locale/*.yml
var files embed.FS

// Builtin returns the signatures that gwlogs comes with, in the order of
// their file names, with their translations.
func Builtin() ([]*Signature, error) { return builtinFrom(parseBuiltin) }

func parseBuiltin(name string) ([]*Signature, error) {
	src, err := files.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return Parse(name, src)
}

// builtinFrom returns the built-in signatures, those of a file as read gives them.
func builtinFrom(read func(name string) ([]*Signature, error)) ([]*Signature, error) {
	names, err := fs.Glob(files, "signatures/*.yml")
	if err != nil {
		return nil, err
	}
	var all []*Signature
	for _, name := range names {
		signatures, err := read(name)
		if err != nil {
			return nil, err
		}
		all = append(all, signatures...)
	}
	locales := newLocales()
	for _, s := range all {
		s.own, s.locales = true, locales
	}
	return all, nil
}

// locales are the texts of signatures/locale, by language and name of the
// signature. A file is read when its language is asked for: most people read one.
type locales struct {
	texts map[string]func() (map[string]Text, error)
}

func newLocales() *locales {
	l := &locales{make(map[string]func() (map[string]Text, error))}
	for _, lang := range Languages()[1:] {
		l.texts[lang] = sync.OnceValues(func() (texts map[string]Text, err error) {
			src, err := files.ReadFile("signatures/locale/" + lang + ".yml")
			if err == nil {
				err = yaml.Unmarshal(src, &texts)
			}
			return texts, err
		})
	}
	return l
}

// text returns the text of a signature in a language, empty where there is none.
func (l *locales) text(lang, name string) Text {
	if l == nil || l.texts[lang] == nil {
		return Text{}
	}
	texts, _ := l.texts[lang]() // a test reads all of them
	return texts[name]
}

// Languages are those that the built-in signatures have a text in: English,
// then the others by name.
func Languages() []string {
	all := []string{"en"}
	names, _ := fs.Glob(files, "signatures/locale/*.yml")
	for _, name := range names {
		all = append(all, strings.TrimSuffix(path.Base(name), ".yml"))
	}
	return all
}
