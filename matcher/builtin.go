package matcher

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed signatures/*.yml signatures/locale/*.yml
var files embed.FS

// Builtin returns the signatures that gwlogs comes with, in the order of
// their file names, with their translations.
func Builtin() ([]*Signature, error) {
	names, err := fs.Glob(files, "signatures/*.yml")
	if err != nil {
		return nil, err
	}
	var all []*Signature
	for _, name := range names {
		src, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		signatures, err := Parse(name, src)
		if err != nil {
			return nil, err
		}
		all = append(all, signatures...)
	}
	for _, s := range all {
		s.own = true
	}
	return all, translate(all)
}

// translate adds the texts of signatures/locale to the signatures.
func translate(signatures []*Signature) error {
	names, err := fs.Glob(files, "signatures/locale/*.yml")
	if err != nil {
		return err
	}
	byName := make(map[string]*Signature, len(signatures))
	for _, s := range signatures {
		byName[s.Name] = s
	}
	for _, name := range names {
		src, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		var texts map[string]Text
		if err := yaml.Unmarshal(src, &texts); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		lang := strings.TrimSuffix(path.Base(name), ".yml")
		for key, text := range texts {
			s, ok := byName[key]
			if !ok {
				return fmt.Errorf("%s: there is no signature %s", name, key)
			}
			if s.Translations == nil {
				s.Translations = make(map[string]Text)
			}
			s.Translations[lang] = text
		}
	}
	return nil
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
