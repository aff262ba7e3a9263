package matcher

import (
	"hash/crc32"
	"sync"
)

//go:generate go run -tags gencatalogue ../internal/gencatalogue signatures prepared_signatures.go

// A preparedFile is a file of signatures that was read when the program was
// built. It counts as long as the file is the one that was read then: who writes
// a signature need not generate anything to try it.
type preparedFile struct {
	name       string
	size       int
	sum        uint32
	signatures []*Signature
}

// Sum is what tells whether a file of signatures was changed since its
// signatures were prepared.
func Sum(src []byte) uint32 { return crc32.ChecksumIEEE(src) }

// Prepare asks the rules of signatures what takes long to find out. It is for
// the generator of the prepared signatures.
func Prepare(signatures []*Signature) {
	for _, s := range signatures {
		s.own = true
		s.required = &required{s.Rule.RequiredTexts()}
	}
}

// required is what sigma.Rule.RequiredTexts has said of a rule.
type required struct{ texts []string }

// prepared returns the signatures of a file as they were prepared, nil if it is another one by now.
func prepared(files map[string]*preparedFile, name string, src []byte) []*Signature {
	f := files[name]
	if f == nil || f.size != len(src) || f.sum != Sum(src) {
		return nil
	}
	signatures := make([]*Signature, len(f.signatures))
	for i, s := range f.signatures {
		signatures[i] = new(*s)
	}
	return signatures
}

// BuiltinPrepared returns what Builtin does, for matching: as it was prepared
// when the program was built, in a hundredth of the time. It lacks Source,
// and what only sigma.Rule.Custom shows.
func BuiltinPrepared() ([]*Signature, error) {
	files := make(map[string]*preparedFile, len(preparedFiles))
	for i := range preparedFiles {
		files[preparedFiles[i].name] = &preparedFiles[i]
	}
	return builtinFrom(func(name string, src []byte) ([]*Signature, error) {
		if signatures := prepared(files, name, src); signatures != nil {
			return signatures, nil
		}
		return Parse(name, src)
	})
}

// BuiltinCatalogue returns the catalogue of the built-in signatures. It is made
// once, when it is first asked for.
func BuiltinCatalogue() (*Catalogue, error) { return builtinCatalogue() }

var builtinCatalogue = sync.OnceValues(func() (*Catalogue, error) {
	signatures, err := BuiltinPrepared()
	if err != nil {
		return nil, err
	}
	return New(signatures)
})

// requiredTexts is what is known of the rule of a signature.
func (s *Signature) requiredTexts() ([]string, bool) {
	if s.required == nil {
		return nil, false
	}
	return s.required.texts, true
}
