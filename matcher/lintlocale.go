package matcher

import (
	"fmt"
	"io/fs"
	"path"

	"go.yaml.in/yaml/v3"

	"github.com/gwlogs/gwlogs/sigma"
)

// LocaleFolder is the folder, beside the files of signatures, of their texts in
// other languages: a file each, fr.yml.
const LocaleFolder = "locale"

// Locales is the folder of the built-in signatures' texts in other languages.
func Locales() (fs.FS, error) { return fs.Sub(files, path.Join("signatures", LocaleFolder)) }

// LintLocales returns which of the signatures have no text in one of the
// languages of a folder, or one with another number of steps. An error is of
// reading the folder.
func LintLocales(signatures []*Signature, folder fs.FS) (found []*sigma.Error, err error) {
	names, err := fs.Glob(folder, "*.yml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		src, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, err
		}
		var texts map[string]Text
		if err := yaml.Unmarshal(src, &texts); err != nil {
			return nil, fmt.Errorf("%s/%s: %w", LocaleFolder, name, err)
		}
		for _, s := range signatures {
			if s.Tells.Sign || len(s.Text.Resolution) == 0 { // people never read it
				continue
			}
			text, ok := texts[s.Name]
			switch {
			case !ok:
				found = append(found, wrongLocale(s, "%s/%s has no entry %s: title, cause, and as many steps", LocaleFolder, name, s.Name))
			case text.Title == "" || text.Cause == "":
				found = append(found, wrongLocale(s, "%s/%s: %s has no title or no cause", LocaleFolder, name, s.Name))
			case len(text.Resolution) != len(s.Text.Resolution):
				found = append(found, wrongLocale(s, "%s/%s: %s has %d steps, here are %d", LocaleFolder, name, s.Name,
					len(text.Resolution), len(s.Text.Resolution)))
			}
		}
	}
	return found, nil
}

func wrongLocale(s *Signature, format string, args ...any) *sigma.Error {
	return &sigma.Error{File: s.Rule.File, Pos: s.Rule.Pos, Reason: fmt.Sprintf(format, args...)}
}
