package uploadtest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/upload"
)

// Block is the size of the blocks that Options uses, for destinations that have any.
const Block = 64 << 10

// Options are options for tests: small blocks, short waits.
func Options(p Place) upload.Options {
	return upload.Options{
		Agent: "gwlogs/test", BlockSize: Block, Stall: 20 * time.Second, CA: p.CA,
		Retry: upload.Retry{Base: time.Millisecond, Max: 5 * time.Millisecond},
	}
}

// ReportID is that of the bundles that NewBundle makes.
const ReportID = "9e5f8226-388f-4851-a808-a8a2191566e2"

const otherID = "11111111-388f-4851-a808-a8a2191566e2"

// NewBundle is a bundle of so many bytes by chance, the same ones for the same seed.
func NewBundle(seed uint64, size int) *upload.Bundle {
	data := Random(seed, size)
	sum := sha256.Sum256(data)
	from, to := time.Date(2017, 4, 27, 18, 0, 0, 0, time.UTC), time.Date(2017, 5, 4, 18, 0, 0, 500, time.UTC)
	return &upload.Bundle{
		ReportID: ReportID, Name: "gwlogs-GW01.zip", Size: int64(size), SHA256: hex.EncodeToString(sum[:]), Data: bytes.NewReader(data),
		From: &from, To: &to, Tool: "gwlogs 1.2.3",
	}
}

// Random is bytes by chance, the same ones for the same seed.
func Random(seed uint64, size int) []byte {
	var key [32]byte
	key[0] = byte(seed)
	data := make([]byte, size)
	rand.NewChaCha8(key).Read(data)
	return data
}

// Open opens a place.
func Open(t testing.TB, p Place, o upload.Options) upload.Destination {
	t.Helper()
	target, err := upload.ParseTarget(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	return upload.Open(target, o)
}

// Content is what a bundle has in it.
func Content(t testing.TB, b *upload.Bundle) []byte {
	t.Helper()
	data, err := io.ReadAll(io.NewSectionReader(b.Data, 0, b.Size))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Fetched is the one bundle of a report ID that is there, and what is known of it.
func Fetched(t testing.TB, d upload.Destination, reportID string) ([]byte, upload.Stored) {
	t.Helper()
	all, err := d.List(t.Context(), reportID)
	if err != nil || len(all) != 1 {
		t.Fatalf("list: %d bundles, %v", len(all), err)
	}
	var w sink
	n, err := d.Fetch(t.Context(), &all[0], &w, nil)
	if err != nil || n != int64(len(w.data)) {
		t.Fatalf("fetched %d bytes, %d of them written: %v", n, len(w.data), err)
	}
	return w.data, all[0]
}

// sink is memory to write to, with room for so much, if room is not 0.
type sink struct {
	data []byte
	room int
}

var errFull = errors.New("the disk is full")

func (s *sink) WriteAt(p []byte, at int64) (int, error) {
	if s.room > 0 && int(at)+len(p) > s.room {
		return 0, errFull
	}
	if end := int(at) + len(p); end > len(s.data) {
		s.data = append(s.data, make([]byte, end-len(s.data))...)
	}
	return copy(s.data[at:], p), nil
}
