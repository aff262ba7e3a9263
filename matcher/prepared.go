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
		s.required, s.claim = &required{s.Rule.RequiredTexts()}, claimOf(s)
	}
}

// required is what sigma.Rule.RequiredTexts has said of a rule.
type required struct{ texts []string }

// read returns the signatures as they were prepared, nil if the file is another one by now.
func (f *preparedFile) read(buffer []byte) []*Signature {
	src, err := files.Open(f.name)
	if err != nil {
		return nil
	}
	defer src.Close()
	size, sum := 0, uint32(0)
	for err == nil {
		var n int
		n, err = src.Read(buffer)
		size, sum = size+n, crc32.Update(sum, crc32.IEEETable, buffer[:n])
	}
	if size != f.size || sum != f.sum {
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
	known := make(map[string]*preparedFile, len(preparedFiles))
	for i := range preparedFiles {
		known[preparedFiles[i].name] = &preparedFiles[i]
	}
	buffer := make([]byte, 4<<10)
	return builtinFrom(func(name string) ([]*Signature, error) {
		if f := known[name]; f != nil {
			if signatures := f.read(buffer); signatures != nil {
				return signatures, nil
			}
		}
		return parseBuiltin(name)
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

// RuleFile returns the text of the file that the signature stands in.
func (s *Signature) RuleFile() []byte {
	if s.Source == nil {
		src, _ := files.ReadFile(s.Rule.File)
		return src
	}
	return s.Source
}

// requiredTexts is what is known of the rule of a signature.
func (s *Signature) requiredTexts() ([]string, bool) {
	if s.required == nil {
		return nil, false
	}
	return s.required.texts, true
}
