package archive

import (
	"bytes"
	"io"
	"testing"
	"unicode"

	"github.com/gwlogs/gwlogs/internal/safezip"
)

// FuzzOpen opens, reads and verifies what may be a bundle: nothing panics, no
// entry gives more than it declares, and no line could harm a terminal.
func FuzzOpen(f *testing.F) {
	for _, h := range hostiles() {
		if !h.heavy {
			f.Add(h.build(f))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if b, err := Open(bytes.NewReader(data), int64(len(data))); err == nil {
			readAll(t, b)
		}
		zip, err := safezip.Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		for _, file := range zip.Files {
			readFile(t, file)
		}
		v, err := Verify(t.Context(), bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		for _, line := range v.Problems {
			for _, r := range line {
				if !unicode.IsPrint(r) {
					t.Errorf("not fit for a terminal: %q", line)
				}
			}
		}
		if len(v.Problems) > maxProblems+1 {
			t.Errorf("%d problems", len(v.Problems))
		}
	})
}

func readAll(t *testing.T, b *Bundle) {
	for _, e := range b.Manifest.Entries {
		r, err := b.Entry(e.Path)
		if err != nil {
			continue
		}
		io.Copy(io.Discard, r)
		r.Close()
	}
}

// readFile reads an entry: all of it, or an error.
func readFile(t *testing.T, f *safezip.File) {
	r, err := f.Open()
	if err != nil {
		return
	}
	defer r.Close()
	n, err := io.Copy(io.Discard, r)
	if n > f.Size || err == nil && n != f.Size || n > f.Packed*safezip.MaxRatio+safezip.MaxRatio {
		t.Errorf("%q: %d bytes, of %d declared and %d packed, error %v", f.Name, n, f.Size, f.Packed, err)
	}
}
