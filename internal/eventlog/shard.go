package eventlog

import (
	"crypto/sha256"
	"encoding/binary"
	"path/filepath"
)

// A Shard is one of Count parts of the sources: of files and bundles whole, so that the parts can be read on different machines. The
// zero Shard is all of them.
type Shard struct{ Index, Count int }

// Holds reports whether a file is in the part: by the first eight bytes of SHA-256 of its name, as a number with the most significant
// byte first, modulo Count. The name is the path below what was typed, with slashes: the same on every machine.
func (s Shard) Holds(name string) bool {
	if s.Count < 2 {
		return true
	}
	sum := sha256.Sum256([]byte(name))
	return binary.BigEndian.Uint64(sum[:])%uint64(s.Count) == uint64(s.Index)
}

// spare reports whether a file that a source brought is another part's, and counts it.
func (s *Set) spare(source, name string) bool {
	if s.options.Shard.Holds(filepath.ToSlash(name[typed(source, name):])) {
		return false
	}
	s.Spared++
	return true
}
