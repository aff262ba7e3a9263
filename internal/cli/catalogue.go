package cli

import (
	"slices"
	"strings"

	"github.com/gwlogs/gwlogs/matcher"
)

// openCatalogue compiles the built-in signatures, unless only others are
// wanted, and those of the files.
func openCatalogue(files []string, only bool) (*matcher.Catalogue, error) {
	var all []*matcher.Signature
	if !only {
		builtin, err := matcher.Builtin()
		if err != nil {
			return nil, err
		}
		all = builtin
	}
	for _, name := range files {
		own, err := matcher.Load(name)
		if err != nil {
			return nil, signatureError(err)
		}
		all = append(all, own...)
	}
	c, err := matcher.New(all)
	return c, signatureError(err)
}

// checkLang finds a language that no signature has.
func checkLang(lang string) error {
	if slices.Contains(matcher.Languages(), lang) {
		return nil
	}
	return usage("languages are "+strings.Join(matcher.Languages(), " and ")+": --lang fr", "--lang: %q is not there yet", lang)
}
