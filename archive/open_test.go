package archive

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/safezip"
)

// A sample is a small bundle in the making.
type sample struct {
	entries  []sampleEntry // without the manifest, which becomes the last
	manifest *Manifest
	raw      []byte // the manifest, if it is to be something else
}

type sampleEntry struct {
	zip.FileHeader
	data []byte
	raw  bool // stored, with its sizes in front of the data
}

const samplePage = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-abc='; base-uri 'none'">
<title>a &lt; b</title>
</head>
<body><p>1 < 2</p></body>
</html>
`

const sampleLog = "logs/Test.evtx"

var (
	windowStart = time.Date(2017, 5, 1, 0, 0, 0, 0, time.UTC)
	windowEnd   = time.Date(2017, 5, 8, 0, 0, 0, 0, time.UTC)
)

// newSample is a bundle that nothing is wrong with.
func newSample(t testing.TB) *sample {
	t.Helper()
	first, last := windowStart.Add(time.Hour), windowStart.Add(3*time.Hour)
	s := &sample{manifest: &Manifest{
		Schema:   Schema,
		ReportID: "4c9e0b58-6e0f-4f0e-9a44-1b1f5ce0c1d2",
		Created:  windowEnd,
		Tool:     Tool{Name: "gwlogs", Version: "test"},
		Window:   Window{Requested: Span{&windowStart, &windowEnd}},
	}}
	s.add("README.txt", []byte("a support bundle\n"), Entry{})
	s.entries[0].raw = true
	s.add(sampleLog, newLog(t, first, first.Add(time.Hour), last), Entry{
		Channel: "Test", Records: 3, First: &first, Last: &last,
	})
	s.add("files/config.json", []byte(`{"a": 1}`), Entry{})
	s.add(FindingsName, []byte(`{"findings": [{"schema": 1}], "schema": "gwlogs.findings/1", "x": "schema"}`), Entry{})
	s.add(PageName, []byte(samplePage), Entry{})
	return s
}

// newLog is a log with a record for each of the times.
func newLog(t testing.TB, times ...time.Time) []byte {
	t.Helper()
	var b bytes.Buffer
	w := evtx.NewWriter(&b)
	for i, at := range times {
		err := w.WriteEvent(&evtx.Event{
			Provider: "Test", EventID: 1, Level: 4, TimeCreated: at, EventRecordID: uint64(100 + i),
			Channel: "Test", Computer: "GW01", Strings: []string{"text"},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (s *sample) add(name string, data []byte, e Entry) {
	s.zipOnly(name, data)
	e.Path = name
	s.manifest.Entries = append(s.manifest.Entries, e)
}

// zipOnly adds an entry that the manifest does not know.
func (s *sample) zipOnly(name string, data []byte) {
	s.entries = append(s.entries, sampleEntry{FileHeader: zip.FileHeader{Name: name, Method: zip.Deflate}, data: data})
}

func (s *sample) entry(name string) *sampleEntry {
	return &s.entries[slices.IndexFunc(s.entries, func(e sampleEntry) bool { return e.Name == name })]
}

func (s *sample) listed(name string) *Entry {
	e := s.manifest.Entries
	return &e[slices.IndexFunc(e, func(e Entry) bool { return e.Path == name })]
}

func (s *sample) drop(name string) {
	s.entries = slices.DeleteFunc(s.entries, func(e sampleEntry) bool { return e.Name == name })
}

// seal has the manifest say of the entries what they are.
func (s *sample) seal() {
	for i := range s.manifest.Entries {
		m := &s.manifest.Entries[i]
		data := s.entry(m.Path).data
		sum := sha256.Sum256(data)
		m.Bytes, m.SHA256 = int64(len(data)), hex.EncodeToString(sum[:])
	}
}

// bytes packs the bundle.
func (s *sample) bytes(t testing.TB) []byte {
	t.Helper()
	data := s.raw
	if data == nil {
		var err error
		if data, err = s.manifest.marshal(); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	manifest := sampleEntry{FileHeader: zip.FileHeader{Name: ManifestName, Method: zip.Deflate}, data: data}
	for _, e := range append(slices.Clone(s.entries), manifest) {
		h := e.FileHeader
		create := w.CreateHeader
		if e.raw {
			h.Method, h.CRC32 = zip.Store, crc32.ChecksumIEEE(e.data)
			h.CompressedSize64, h.UncompressedSize64 = uint64(len(e.data)), uint64(len(e.data))
			create = w.CreateRaw
		}
		out, err := create(&h)
		if err == nil {
			_, err = out.Write(e.data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// directoryOf returns the offset of the entry in the central directory.
func directoryOf(t testing.TB, b []byte, name string) int {
	t.Helper()
	end := bytes.LastIndex(b, []byte("PK\x05\x06"))
	for at := int(binary.LittleEndian.Uint32(b[end+16:])); at < end; {
		n := int(binary.LittleEndian.Uint16(b[at+28:]))
		if string(b[at+46:at+46+n]) == name {
			return at
		}
		at += 46 + n + int(binary.LittleEndian.Uint16(b[at+30:])) + int(binary.LittleEndian.Uint16(b[at+32:]))
	}
	t.Fatalf("no entry %q", name)
	return 0
}

// localOf returns the offset of the entry's own header.
func localOf(t testing.TB, b []byte, name string) int {
	t.Helper()
	return int(binary.LittleEndian.Uint32(b[directoryOf(t, b, name)+42:]))
}

func TestOpen(t *testing.T) {
	s := newSample(t)
	s.seal()
	s.zipOnly("folder/", nil)
	data := s.bytes(t)
	b, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if b.Manifest.ReportID != s.manifest.ReportID || len(b.Manifest.Entries) != len(s.entries)-1 {
		t.Errorf("another manifest: %+v", b.Manifest)
	}
	for _, e := range s.entries[:len(s.entries)-1] {
		r, err := b.Entry(e.Name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(got, e.data) {
			t.Errorf("%s: other content: %d bytes, error %v", e.Name, len(got), err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := b.Entry("folder/"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder: error %v", err)
	}
	if _, err := b.Entry("logs/Other\x1b.evtx"); !errors.Is(err, fs.ErrNotExist) || strings.Contains(err.Error(), "\x1b") {
		t.Errorf("an entry that is not there: error %v", err)
	}
}

func TestOpenNoBundle(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	if _, err := w.Create("logs/manifest.json"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		data []byte
		want error
	}{
		{"zip without a manifest", b.Bytes(), ErrNotBundle},
		{"log", newLog(t), safezip.ErrNotZip},
		{"empty", nil, safezip.ErrNotZip},
	} {
		if _, err := Open(bytes.NewReader(tt.data), int64(len(tt.data))); !errors.Is(err, tt.want) {
			t.Errorf("%s: Open: %v, want %v", tt.name, err, tt.want)
		}
		if _, err := Verify(t.Context(), bytes.NewReader(tt.data), int64(len(tt.data))); !errors.Is(err, tt.want) {
			t.Errorf("%s: Verify: %v, want %v", tt.name, err, tt.want)
		}
	}
}

// TestOpenEncrypted: with the right key, a bundle opens and verifies as it would by itself.
func TestOpenEncrypted(t *testing.T) {
	t.Parallel()
	s := newSample(t)
	s.seal()
	own, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, own.Recipient())
	if err == nil {
		_, err = w.Write(s.bytes(t))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "b.zip.age")
	if err := os.WriteFile(name, sealed.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := OpenFile(name, other, own)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if b.Manifest.ReportID != s.manifest.ReportID {
		t.Errorf("report ID %s", b.Manifest.ReportID)
	}
	r, size := bytes.NewReader(sealed.Bytes()), int64(sealed.Len())
	if v, err := Verify(t.Context(), r, size, own); err != nil || len(v.Problems) > 0 {
		t.Errorf("%v, %v", v, err)
	}
	for text, keys := range map[string][]age.Identity{"is encrypted": nil, "is encrypted to another key": {other}} {
		_, err := Open(r, size, keys...)
		_, err2 := Verify(t.Context(), r, size, keys...)
		if !errors.Is(err, ErrEncrypted) || !errors.Is(err2, ErrEncrypted) || err.Error() != text || err2.Error() != text {
			t.Errorf("%v, %v: want %q", err, err2, text)
		}
	}
	if _, err := Open(r, size-1, own); err == nil || errors.Is(err, ErrEncrypted) {
		t.Errorf("cut off: %v", err)
	}
	if _, err := Open(bytes.NewReader(newLog(t)), 100); !errors.Is(err, ErrNotBundle) {
		t.Errorf("a log: %v", err)
	}
}
