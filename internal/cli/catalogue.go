package cli

import (
	"slices"

	"github.com/gwlogs/gwlogs/matcher"
)

// openCatalogue compiles the built-in signatures, unless only others are
// wanted, and those of the files.
func openCatalogue(files []string, only bool) (*matcher.Catalogue, error) {
	if len(files) == 0 && !only {
		return matcher.BuiltinCatalogue()
	}
	all, err := matcher.BuiltinPrepared()
	if err != nil {
		return nil, err
	}
	if only { // signs are no findings: they tell how the gateway is in any case
		all = slices.DeleteFunc(all, func(s *matcher.Signature) bool { return !s.Tells.Sign })
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
