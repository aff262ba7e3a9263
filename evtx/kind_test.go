package evtx

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"
)

// TestKinds: each damaged log of testdata has the damage that its name says, and
// none is of a kind that has no name.
func TestKinds(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]Damage{
		"chunk-data-crc": {DamageChecksum}, "chunk-header-crc": {DamageChecksum}, "chunk-zero": {DamageNoChunk},
		"file-header-crc": {DamageFileHeader}, "file-header-zero": {DamageFileHeader},
		"record-size-copy": {DamageTorn}, "trailing-garbage": {DamageNoChunk},
		"truncated-between-chunks": {DamageTruncated}, "truncated-in-header": {DamageTruncated},
		"dirty": nil, "stale-records": nil, "cleared": nil,
	} {
		r, err := Open(filepath.Join("..", "testdata", "damaged", name+".evtx"))
		if err != nil {
			if !errors.Is(err, ErrNotEventLog) {
				t.Error(err)
			}
			continue
		}
		defer r.Close()
		var got []Damage
		for _, err := range r.Records() {
			var damage *FormatError
			if errors.As(err, &damage) && !slices.Contains(got, damage.Kind) {
				got = append(got, damage.Kind)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) || slices.Contains(got, DamageOther) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}
