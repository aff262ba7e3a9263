package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
)

// maxCarried is how many bytes of findings are read into memory: a hundred times what a bundle has of them.
const maxCarried = 8 << 20

// Findings reads what diagnose found when the bundle was made: its findings.json, which is not parsed. It is an error if it is not what
// the manifest lists, or larger than 8 MiB; that a bundle has none is fs.ErrNotExist. Who made the bundle says what is in it: nothing
// here tells that the logs show the same.
func (b *Bundle) Findings() ([]byte, error) {
	r, err := b.Entry(FindingsName)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, maxCarried+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", FindingsName, err)
	}
	if len(data) > maxCarried {
		return nil, fmt.Errorf("%s: is larger than %d MiB", FindingsName, maxCarried>>20)
	}
	sum := sha256.Sum256(data)
	for i := range b.Manifest.Entries {
		if e := &b.Manifest.Entries[i]; e.Path == FindingsName && e.SHA256 != hex.EncodeToString(sum[:]) {
			return nil, fmt.Errorf("%s: is not what the manifest lists", FindingsName)
		}
	}
	return data, nil
}
