package archive

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io/fs"
	"slices"
	"strings"
	"testing"
)

// A hostile case is the sample with one thing wrong.
type hostile struct {
	name    string
	content func(t testing.TB, s *sample)       // before the manifest gets its checksums
	after   func(t testing.TB, s *sample)       // after that
	packed  func(t testing.TB, b []byte) []byte // the zip itself
	open    string                              // error of Open; empty for none
	fails   string                              // error of Verify
	want    []string                            // problems
	heavy   bool                                // too slow a seed for fuzzing
}

var le = binary.LittleEndian

// inDirectory changes the central directory's entry of a file.
func inDirectory(name string, change func(header []byte)) func(testing.TB, []byte) []byte {
	return func(t testing.TB, b []byte) []byte {
		change(b[directoryOf(t, b, name):])
		return b
	}
}

// setBoth sets a field in the directory and in the entry's own header, where
// it lies two bytes further to the front.
func setBoth(t testing.TB, b []byte, name string, at int, value uint16) {
	le.PutUint16(b[directoryOf(t, b, name)+at:], value)
	le.PutUint16(b[localOf(t, b, name)+at-2:], value)
}

// withZip64 puts zip64 end records in front of the end record.
func withZip64(b []byte, change func(record, locator []byte)) []byte {
	end := bytes.LastIndex(b, []byte("PK\x05\x06"))
	record := le.AppendUint32(nil, 0x06064b50)
	record = le.AppendUint64(record, 44)
	record = append(record, 45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	record = le.AppendUint64(record, uint64(le.Uint16(b[end+8:])))
	record = le.AppendUint64(record, uint64(le.Uint16(b[end+10:])))
	record = le.AppendUint64(record, uint64(le.Uint32(b[end+12:])))
	record = le.AppendUint64(record, uint64(le.Uint32(b[end+16:])))
	locator := le.AppendUint32(nil, 0x07064b50)
	locator = le.AppendUint32(locator, 0)
	locator = le.AppendUint64(locator, uint64(end))
	locator = le.AppendUint32(locator, 1)
	change(record, locator)
	return slices.Concat(b[:end], record, locator, b[end:])
}

// hostiles are the archives that a stranger might send.
func hostiles() []hostile {
	return slices.Concat(hostileNames(), hostileEntries(), hostileZips(), hostileManifests(), hostileLogs(), hostilePages())
}

func hostileEntries() []hostile {
	danger := func(what, problem string, packed func(testing.TB, []byte) []byte) hostile {
		return hostile{name: what, packed: packed, open: "dangerous archive: " + problem, want: []string{problem}}
	}
	return []hostile{
		{
			name: "symbolic link",
			after: func(_ testing.TB, s *sample) {
				s.entry("README.txt").SetMode(fs.ModeSymlink | 0o777)
			},
			open: "dangerous archive: README.txt: is a symbolic link",
			want: []string{"README.txt: is a symbolic link"},
		},
		{
			name:  "extra entry",
			after: extra("nested.zip"),
			want:  []string{"nested.zip: is not in the manifest"},
		},
		{
			name:  "folder",
			after: func(_ testing.TB, s *sample) { s.zipOnly("empty/", nil); s.entry("empty/").Method = zip.Store },
			want:  []string{"empty/: is not in the manifest"},
		},
		{
			name:  "missing entry",
			after: func(_ testing.TB, s *sample) { s.drop("files/config.json") },
			want:  []string{"files/config.json: is in the manifest, and not in the archive"},
		},
		{
			name:  "changed entry",
			after: func(_ testing.TB, s *sample) { s.entry("files/config.json").data = []byte(`{"a": 2}`) },
			want:  []string{"files/config.json: sha256 differs from the manifest's: the entry was changed or damaged"},
		},
		{
			name:  "longer entry",
			after: func(_ testing.TB, s *sample) { s.entry("files/config.json").data = []byte(`{"a": 12}`) },
			want:  []string{"files/config.json: has 9 bytes, and the manifest says 8"},
		},
		{
			name:  "comment",
			after: func(_ testing.TB, s *sample) { s.entry("README.txt").Comment = "secret" },
			want:  []string{"README.txt: has a comment of 6 bytes"},
		},
		{
			name: "second name in an extra field",
			after: func(_ testing.TB, s *sample) {
				s.entry("README.txt").Extra = []byte("\x75\x70\x06\x00\x01....x")
			},
			want: []string{"README.txt: has an extra field 0x7075 of 6 bytes"},
		},
		danger("encrypted", "README.txt: is encrypted", func(t testing.TB, b []byte) []byte {
			setBoth(t, b, "README.txt", 8, 1)
			return b
		}),
		danger("unknown method", "README.txt: is packed with zip method 99, which is not known here", func(t testing.TB, b []byte) []byte {
			setBoth(t, b, "README.txt", 10, 99)
			return b
		}),
		danger("bomb by its ratio", "files/config.json: claims to be 4000000000 bytes, unpacked from 14: that is not possible",
			func(t testing.TB, b []byte) []byte {
				resize(t, b, "files/config.json", 4e9)
				return b
			}),
		danger("stored with two sizes", "README.txt: is stored, and claims to be 16 bytes from 17", func(t testing.TB, b []byte) []byte {
			le.PutUint32(b[directoryOf(t, b, "README.txt")+24:], 16)
			le.PutUint32(b[localOf(t, b, "README.txt")+22:], 16)
			return b
		}),
		{
			name:   "sizes that contradict each other",
			packed: inDirectory("files/config.json", func(h []byte) { le.PutUint32(h[24:], 9) }),
			open:   "dangerous archive: files/config.json: has other sizes behind its data",
			want: []string{
				"files/config.json: has other sizes behind its data",
				"findings.json: has 16 bytes in front of it that belong to no entry",
			},
		},
		danger("other sizes in front", "README.txt: has other sizes in its own header", func(t testing.TB, b []byte) []byte {
			le.PutUint32(b[localOf(t, b, "README.txt")+14:], 1)
			return b
		}),
		danger("other name in front", "README.txt: has another name in its own header: README.exe", func(t testing.TB, b []byte) []byte {
			copy(b[localOf(t, b, "README.txt")+30:], "README.exe")
			return b
		}),
		danger("other method in front", "README.txt: has another kind of data in its own header", func(t testing.TB, b []byte) []byte {
			b[localOf(t, b, "README.txt")+8] = 8
			return b
		}),
		danger("outside", "README.txt: lies outside of the archive",
			inDirectory("README.txt", func(h []byte) { le.PutUint32(h[42:], 1<<30) })),
		danger("no header", "README.txt: has no header where it should begin",
			inDirectory("README.txt", func(h []byte) { le.PutUint32(h[42:], 5) })),
		{
			name: "over the directory",
			packed: func(t testing.TB, b []byte) []byte {
				size := le.Uint32(b[len(b)-22+16:])
				for _, at := range []int{directoryOf(t, b, "README.txt") + 20, localOf(t, b, "README.txt") + 18} {
					le.PutUint32(b[at:], size)
					le.PutUint32(b[at+4:], size)
				}
				return b
			},
			open: "dangerous archive: README.txt: overlaps the archive's directory",
			want: []string{
				"README.txt: overlaps the archive's directory", "README.txt: is overlapped by another entry",
				"logs/Test.evtx: overlaps README.txt", "files/config.json: overlaps README.txt", "findings.json: overlaps README.txt",
				"report.html: overlaps README.txt", "manifest.json: overlaps README.txt",
			},
		},
		{
			name:   "overlap",
			packed: overlap,
			open:   "dangerous archive: README.txt: is overlapped by another entry",
			want: []string{"README.txt: is overlapped by another entry", "inner.txt: overlaps README.txt", "inner.txt: is not in the manifest",
				"manifest.json: has 39 bytes in front of it that belong to no entry"},
			after: func(_ testing.TB, s *sample) {
				s.entry("README.txt").data = append(innerHeader(), "0123456789abcdef"...)
				s.zipOnly("inner.txt", nil)
				s.entry("inner.txt").raw = true
			},
		},
		{
			name: "holds more than it says",
			packed: func(t testing.TB, b []byte) []byte {
				resize(t, b, "files/config.json", 7)
				return b
			},
			after: func(_ testing.TB, s *sample) { s.listed("files/config.json").Bytes = 7 },
			want:  []string{"files/config.json: holds more than it says"},
		},
		{
			name: "holds less than it says",
			packed: func(t testing.TB, b []byte) []byte {
				resize(t, b, "files/config.json", 10)
				return b
			},
			after: func(_ testing.TB, s *sample) { s.listed("files/config.json").Bytes = 10 },
			want:  []string{"files/config.json: holds 2 bytes less than it says"},
		},
		{
			name: "wrong checksum",
			packed: func(t testing.TB, b []byte) []byte {
				at := localOf(t, b, "README.txt")
				b[at+30+10] ^= 1
				return b
			},
			want: []string{"README.txt: checksum is wrong: the entry is damaged"},
		},
		{
			name: "damaged data",
			packed: func(t testing.TB, b []byte) []byte {
				b[localOf(t, b, "files/config.json")+30+17] = 0xff
				return b
			},
			want: []string{"files/config.json: compressed data are damaged"},
		},
		{
			name: "bytes behind compressed data",
			after: func(_ testing.TB, s *sample) {
				e := s.entry("files/config.json")
				e.raw, e.data = true, append(deflated(e.data), "hidden"...)
			},
			packed: func(t testing.TB, b []byte) []byte {
				setBoth(t, b, "files/config.json", 10, zip.Deflate)
				for _, at := range []int{directoryOf(t, b, "files/config.json") + 16, localOf(t, b, "files/config.json") + 14} {
					le.PutUint32(b[at:], crc32.ChecksumIEEE([]byte(`{"a": 1}`)))
					le.PutUint32(b[at+8:], 8)
				}
				return b
			},
			want: []string{"files/config.json: has bytes behind its compressed data"},
		},
	}
}

// resize sets the size of a packed entry in the directory and behind the data.
func resize(t testing.TB, b []byte, name string, size uint32) {
	d := directoryOf(t, b, name)
	descriptor := localOf(t, b, name) + 30 + len(name) + int(le.Uint32(b[d+20:]))
	le.PutUint32(b[d+24:], size)
	le.PutUint32(b[descriptor+12:], size)
}

func deflated(data []byte) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	out, _ := w.Create("a")
	out.Write(data)
	w.Close()
	at := 30 + 1
	return b.Bytes()[at:bytes.Index(b.Bytes(), []byte("PK\x07\x08"))]
}

// innerHeader is the header of an entry inside the data of another.
func innerHeader() []byte {
	h := make([]byte, 30)
	copy(h, "PK\x03\x04\x14\x00")
	le.PutUint32(h[14:], crc32.ChecksumIEEE([]byte("0123456789")))
	le.PutUint32(h[18:], 10)
	le.PutUint32(h[22:], 10)
	le.PutUint16(h[26:], uint16(len("inner.txt")))
	return append(h, "inner.txt0123456789"...)
}

// overlap has inner.txt begin inside of README.txt.
func overlap(t testing.TB, b []byte) []byte {
	d := directoryOf(t, b, "inner.txt")
	copy(b[d+8:d+28], innerHeader()[6:26])
	le.PutUint32(b[d+42:], uint32(localOf(t, b, "README.txt")+30+len("README.txt")))
	return b
}

func hostileZips() []hostile {
	return []hostile{
		{
			name:   "cut off",
			packed: func(_ testing.TB, b []byte) []byte { return b[:len(b)-100] },
			open:   "damaged zip archive: it has no end: it was cut off",
			fails:  "damaged zip archive: it has no end: it was cut off",
		},
		{
			name:   "bytes in front",
			packed: func(_ testing.TB, b []byte) []byte { return append([]byte("#!/bin/sh\n"), b...) },
			open:   "dangerous archive: 10 bytes in front of the archive",
			want:   []string{"10 bytes in front of the archive"},
		},
		{
			name:   "bytes behind",
			packed: func(_ testing.TB, b []byte) []byte { return append(b, "hidden"...) },
			want:   []string{"6 bytes behind the end of the archive"},
		},
		{
			name: "comment of the archive",
			packed: func(_ testing.TB, b []byte) []byte {
				le.PutUint16(b[len(b)-2:], 6)
				return append(b, "hidden"...)
			},
			want: []string{"the archive has a comment of 6 bytes"},
		},
		{
			name: "bytes before the directory",
			packed: func(t testing.TB, b []byte) []byte {
				at := len(b) - 22
				dir := int(le.Uint32(b[at+16:]))
				le.PutUint32(b[at+16:], uint32(dir+6))
				return slices.Insert(b, dir, []byte("hidden")...)
			},
			want: []string{"6 bytes in front of the directory belong to no entry"},
		},
		{
			name: "entry not in the directory",
			packed: func(t testing.TB, b []byte) []byte {
				at := directoryOf(t, b, "files/config.json")
				n := directoryOf(t, b, FindingsName) - at
				b = slices.Delete(b, at, at+n)
				end := len(b) - 22
				le.PutUint16(b[end+8:], le.Uint16(b[end+8:])-1)
				le.PutUint16(b[end+10:], le.Uint16(b[end+10:])-1)
				le.PutUint32(b[end+12:], le.Uint32(b[end+12:])-uint32(n))
				return b
			},
			want: []string{
				"findings.json: has 77 bytes in front of it that belong to no entry",
				"files/config.json: is in the manifest, and not in the archive",
			},
		},
		{
			name: "hidden entry at the end of the directory",
			packed: func(_ testing.TB, b []byte) []byte {
				le.PutUint16(b[len(b)-22+8:], 5)
				le.PutUint16(b[len(b)-22+10:], 5)
				return b
			},
			fails: "not a support bundle: it has no manifest.json",
			open:  "not a support bundle: it has no manifest.json",
		},
		{
			name: "many entries",
			packed: func(_ testing.TB, b []byte) []byte {
				le.PutUint16(b[len(b)-22+8:], 60000)
				le.PutUint16(b[len(b)-22+10:], 60000)
				return b
			},
			fails: "zip archive with 60000 entries: no more than 10000 are read",
			open:  "zip archive with 60000 entries: no more than 10000 are read",
		},
		{
			name: "more entries than there are",
			packed: func(_ testing.TB, b []byte) []byte {
				le.PutUint16(b[len(b)-22+8:], 7)
				le.PutUint16(b[len(b)-22+10:], 7)
				return b
			},
			fails: "damaged zip archive: entry 7 of its directory cannot be read",
			open:  "damaged zip archive: entry 7 of its directory cannot be read",
		},
		{
			name:   "zip64",
			packed: func(_ testing.TB, b []byte) []byte { return withZip64(b, func(_, _ []byte) {}) },
		},
		{
			name: "zip64 with many entries",
			packed: func(_ testing.TB, b []byte) []byte {
				b = withZip64(b, func(record, _ []byte) {
					le.PutUint64(record[24:], 1<<40)
					le.PutUint64(record[32:], 1<<40)
				})
				le.PutUint32(b[len(b)-22+8:], 0xffffffff)
				return b
			},
			fails: "zip archive with 1099511627776 entries: no more than 10000 are read",
			open:  "zip archive with 1099511627776 entries: no more than 10000 are read",
		},
		{
			name: "zip64 with a large directory",
			packed: func(_ testing.TB, b []byte) []byte {
				b = withZip64(b, func(record, _ []byte) { le.PutUint64(record[40:], 1<<62) })
				le.PutUint32(b[len(b)-22+12:], 0xffffffff)
				return b
			},
			fails: "zip archive with a directory of 4611686018427387904 bytes: no more than 16777216 are read",
			open:  "zip archive with a directory of 4611686018427387904 bytes: no more than 16777216 are read",
		},
		{
			name: "zip64 lies",
			packed: func(_ testing.TB, b []byte) []byte {
				return withZip64(b, func(record, _ []byte) { record[24], record[32] = 5, 5 })
			},
			fails: "damaged zip archive: its two end records contradict each other",
			open:  "damaged zip archive: its two end records contradict each other",
		},
		{
			name: "zip64 elsewhere",
			packed: func(_ testing.TB, b []byte) []byte {
				return withZip64(b, func(_, locator []byte) { locator[8]++ })
			},
			fails: "damaged zip archive: its zip64 end record is not where it should be",
			open:  "damaged zip archive: its zip64 end record is not where it should be",
		},
		{
			name: "offset beyond the file",
			packed: func(_ testing.TB, b []byte) []byte {
				le.PutUint32(b[len(b)-22+16:], 1<<31)
				return b
			},
			fails: "damaged zip archive: its directory is not where it should be",
			open:  "damaged zip archive: its directory is not where it should be",
		},
	}
}

// build makes the archive of the case.
func (h hostile) build(t testing.TB) []byte {
	t.Helper()
	s := newSample(t)
	if h.content != nil {
		h.content(t, s)
	}
	s.seal()
	if h.after != nil {
		h.after(t, s)
	}
	b := s.bytes(t)
	if h.packed != nil {
		b = h.packed(t, b)
	}
	return b
}

func TestHostile(t *testing.T) {
	for _, tt := range hostiles() {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := tt.build(t)
			_, err := Open(bytes.NewReader(b), int64(len(b)))
			if text := errorText(err); text != tt.open {
				t.Errorf("Open: %s\nwant  %s", text, tt.open)
			}
			v, err := Verify(t.Context(), bytes.NewReader(b), int64(len(b)))
			if text := errorText(err); text != tt.fails {
				t.Fatalf("Verify: %s\nwant    %s", text, tt.fails)
			}
			if err == nil && !slices.Equal(v.Problems, tt.want) {
				t.Errorf("problems:\n%s\nwant:\n%s", strings.Join(v.Problems, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
