package evtx

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"slices"
	"strings"
	"testing"
	"time"
)

// checkLog returns what Check finds in a log.
func checkLog(t testing.TB, log []byte) (found []string) {
	t.Helper()
	err := Check(t.Context(), bytes.NewReader(log), func(e *FormatError) { found = append(found, e.Error()) })
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestCheck: each thing that a log should not have, in one that is right otherwise.
func TestCheck(t *testing.T) {
	var m memory
	w := NewWriter(&m)
	for i := range 700 { // five chunks
		e := Event{Provider: "P", Channel: "C", Computer: "X", TimeCreated: time.Unix(1e9, 0), Strings: []string{strings.Repeat("x", i%200)}}
		if err := w.WriteEvent(&e); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if found := checkLog(t, m.b); len(found) > 0 || len(m.b) < 3*chunkSize {
		t.Fatalf("a Writer's log of %d bytes: %q", len(m.b), found)
	}
	le := binary.LittleEndian
	const first, second, third = fileHeaderSize, fileHeaderSize + chunkSize, fileHeaderSize + 2*chunkSize
	resum := func(b []byte) {
		le.PutUint32(b[124:], crc32.ChecksumIEEE(b[:120]))
		for c := b[fileHeaderSize:]; len(c) >= chunkSize; c = c[chunkSize:] {
			if free := le.Uint32(c[48:]); free >= chunkHeaderSize && free <= chunkSize {
				le.PutUint32(c[52:], crc32.ChecksumIEEE(c[chunkHeaderSize:free]))
			}
			le.PutUint32(c[124:], crc32.Update(crc32.ChecksumIEEE(c[:120]), crc32.IEEETable, c[128:chunkHeaderSize]))
		}
	}
	lastID := le.Uint64(m.b[first+32:])
	for name, tt := range map[string]struct {
		change func(b []byte) []byte
		want   string // is part of the only thing found
	}{
		"reserve of the file header": {func(b []byte) []byte { b[60] = 1; return b }, "file header at 0x3c: holds data in its reserve"},
		"rest of the header block":   {func(b []byte) []byte { b[4000] = 1; return b }, "file header at 0xfa0: holds data"},
		"version":                    {func(b []byte) []byte { b[38] = 4; return b }, "version 4.1"},
		"dirty":                      {func(b []byte) []byte { b[120] = flagDirty; return b }, "flags are 0x1"},
		"full":                       {func(b []byte) []byte { b[120] = flagFull; return b }, ""},
		"next record": {func(b []byte) []byte { b[24]++; return b },
			"file header at 0x18: next record is 702, and the last one is 700"},
		"last chunk": {func(b []byte) []byte { b[16]++; return b },
			"chunks 0 to 4 are the oldest and newest, and it says 0 to 5"},
		"more room than chunks": {func(b []byte) []byte { return append(b, 0) }, "counts 5 chunks, and there is room for 6"},
		"reserve of a chunk": {func(b []byte) []byte { b[second+60] = 1; return b },
			"chunk 1 at 0x1103c: holds data in its header's reserve"},
		"no checksums": {func(b []byte) []byte { b[second+120] |= flagNoCRC; return b }, "has no checksums"},
		"unused space": {func(b []byte) []byte { b[second+chunkSize-1] = 1; return b },
			"chunk 1 at 0x20fff: holds data in its unused space"},
		"counts fewer": {func(b []byte) []byte {
			le.PutUint64(b[first+16:], lastID-1)
			le.PutUint64(b[first+32:], lastID-1)
			le.PutUint64(b[second+8:], lastID)
			le.PutUint64(b[second+24:], lastID)
			return b
		}, "chunk 0 at 0x1008: counts"},
		"other ids":   {func(b []byte) []byte { b[first+24] += 9; b[first+32] += 9; return b }, "chunk 0 at 0x1018: says records 10 to"},
		"last offset": {func(b []byte) []byte { b[first+44] += 8; return b }, "says that its last record is at"},
		"chunks in another order": {func(b []byte) []byte {
			c := bytes.Clone(b[first:second])
			copy(b[first:second], b[second:third])
			copy(b[second:third], c)
			return b
		}, "begins with record number"},
		"a log that has wrapped": {func(b []byte) []byte {
			c := bytes.Clone(b[len(b)-chunkSize:])
			copy(b[second:], b[first:])
			copy(b[first:], c)
			le.PutUint64(b[8:], 1)
			le.PutUint64(b[16:], 0)
			return b
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			log := tt.change(bytes.Clone(m.b))
			resum(log)
			found := checkLog(t, log)
			if tt.want == "" {
				if len(found) > 0 {
					t.Errorf("found %q", found)
				}
				return
			}
			if !slices.ContainsFunc(found, func(s string) bool { return strings.Contains(s, tt.want) }) {
				t.Errorf("found %q, want %q", found, tt.want)
			}
		})
	}
}

// TestCheckEnds: damage is among what is found; a source that is none, or that fails, is an error.
func TestCheckEnds(t *testing.T) {
	log := readFile(t, gateway(t, "en"))
	log[fileHeaderSize+1000] ^= 1
	if found := checkLog(t, log); !slices.ContainsFunc(found, func(s string) bool { return strings.Contains(s, "checksum") }) {
		t.Errorf("found %q", found)
	}
	none := func(*FormatError) {}
	if err := Check(t.Context(), strings.NewReader("text"), none); !errors.Is(err, ErrNotEventLog) {
		t.Errorf("text: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Check(ctx, bytes.NewReader(log), none); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
