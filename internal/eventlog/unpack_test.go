package eventlog

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/gwlogs/gwlogs/evtx"
)

// zipOf makes an archive of NAME, CONTENT pairs.
func zipOf(t *testing.T, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		entry, err := w.Create(files[i])
		if err == nil {
			_, err = io.WriteString(entry, files[i+1])
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

func gzipOf(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstdOf(t *testing.T, data []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll(data, nil)
}

// A log is found wherever it lies, and can be read more than once, and in a merge.
func TestFoundEverywhere(t *testing.T) {
	t.Parallel()
	log := read(t, sample)
	inner := zipOf(t, "logs/a.evtx", string(log), "readme.txt", "x")
	middle := zipOf(t, "inner.zip", string(inner), "b.dat", string(log))
	for name, data := range map[string][]byte{
		"x.evtx": log, "x.dat": log,
		"x.evtx.gz": gzipOf(t, log), "x.zst": zstdOf(t, log),
		"one.zip": inner,
		"nested.zip": zipOf(t, "middle.zip", string(middle), "c.evtx.gz", string(gzipOf(t, log)), "d.zst", string(zstdOf(t, log)),
			"note.txt.gz", string(gzipOf(t, []byte("hello")))),
	} {
		want := map[string]int{"nested.zip": 4}[name]
		if want == 0 {
			want = 1
		}
		dir := t.TempDir()
		file := write(t, filepath.Join(dir, name), data)
		write(t, filepath.Join(dir, "other.txt"), []byte("hello"))
		write(t, filepath.Join(dir, "docs.zip"), zipOf(t, "a.docx", string(zipOf(t, "word/document.xml", "x"))))
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for _, s := range []*Set{find(t, Options{}, file), find(t, Options{}, dir), find(t, Options{Stdin: f}, "-")} {
			if len(s.Logs) != want || len(s.Failed) > 0 {
				t.Fatalf("%s: found %q, failed %v", name, names(s), s.Failed)
			}
			for _, byTime := range []bool{false, true, false} {
				all, totals := gathered(t, &Pass{Logs: s.Logs, ByTime: byTime, limits: &mergeLimits{desks: 2, streams: 1, damage: 10}})
				if len(all) != want*sampleEvents || totals.LogsFailed+totals.Damaged > 0 {
					t.Errorf("%s: %d events, %+v", name, len(all), totals)
				}
			}
		}
	}
	s := find(t, Options{Stdin: io.MultiReader(bytes.NewReader(gzipOf(t, log)))}, "-")
	if all, _ := gathered(t, &Pass{Logs: s.Logs}); len(all) != sampleEvents {
		t.Errorf("through a pipe: %d events", len(all))
	}
}

// A folder takes nothing that is none of ours, and says nothing about it.
func TestFolderOfOtherThings(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, data := range map[string][]byte{
		"a.txt": []byte("hello"), "empty": nil, "docs.zip": zipOf(t, "a.docx", string(zipOf(t, "word/document.xml", "x"))),
		"log.gz": gzipOf(t, []byte("hello")), "bad.gz": []byte(gzipMagic + "xxx"), "bad.zst": []byte(zstdMagic + "xxx"),
	} {
		write(t, filepath.Join(dir, name), data)
	}
	s := find(t, Options{}, dir)
	if len(s.Logs) != 0 || len(s.Failed) != 1 || s.Failed[0].Error() != dir+": no event log in this folder" || len(s.Archives) != 0 {
		t.Errorf("found %q, failed %v", names(s), s.Failed)
	}
}

// What is damaged, too deep or a bomb is said in a line.
func TestUnpackFaults(t *testing.T) {
	t.Parallel()
	log := read(t, sample)
	deep := zipOf(t, "a.evtx", string(log))
	for range maxNesting + 1 {
		deep = zipOf(t, "x.zip", string(deep))
	}
	zeros := make([]byte, 64<<20)
	copy(zeros, log[:4096])
	bomb := zstdOf(t, bytes.Repeat(zeros, 3))
	for name, tt := range map[string]struct {
		data []byte
		want string
	}{
		"cut.gz":   {gzipOf(t, log)[:20000], "damaged gzip file: ends too early"},
		"cut.zst":  {zstdOf(t, log)[:20000], "damaged zstd file: ends too early"},
		"head.gz":  {[]byte(gzipMagic + "xxx"), "damaged gzip file: ends too early"},
		"text.gz":  {gzipOf(t, []byte("hello")), "is a text file, not an event log (.evtx)"},
		"deep.zip": {deep, "lies too deep: archives inside of archives inside of archives"},
		"bomb.zst": {bomb, "unpacks to more than 1100 times its size: it was made to do harm"},
		"docs.zip": {zipOf(t, "a.txt", "x"), "no event log in this archive"},
	} {
		s := find(t, Options{}, write(t, filepath.Join(t.TempDir(), name), tt.data))
		said := fmt.Sprint(s.Failed)
		_, err := Run(context.Background(), &Pass{Logs: s.Logs, Failed: func(in *Reading) { said += in.Err.Error() }}, Consumer[int]{
			New: func() int { return 0 }, Visit: func(int, *evtx.Record) (bool, error) { return false, nil },
		})
		if err != nil || !strings.Contains(said, tt.want) {
			t.Errorf("%s: %q, %v; want %q", name, said, err, tt.want)
		}
	}
}

// Archives inside of archives are copied to be read, within a bound.
func TestNestedBound(t *testing.T) {
	t.Parallel()
	s := Find(nil, Options{})
	defer s.Close()
	s.nested = maxNested - 10
	data := zipOf(t, "x.zip", string(zipOf(t, "a.evtx", string(read(t, sample)))))
	s.AddReader("x", bytes.NewReader(data), int64(len(data)))
	if len(s.Failed) != 1 || !strings.Contains(s.Failed[0].Error(), "x/x.zip: is too large to be read inside of an archive") {
		t.Errorf("found %q, failed %v", names(s), s.Failed)
	}
	if slices.ContainsFunc(s.Failed, func(e *Error) bool { return e.Hint == "" }) {
		t.Error("no hint")
	}
}

// TestPeek: what an entry of an archive begins with is told by few of its packed
// bytes, however it was packed, or not told.
func TestPeek(t *testing.T) {
	t.Parallel()
	log := read(t, sample)
	noise := make([]byte, 100<<10)
	for i := range noise {
		noise[i] = byte(i * i >> 3)
	}
	for name, content := range map[string][]byte{
		"nothing": nil, "short": []byte("PK"), "eight": []byte("12345678"), "log": log, "noise": noise, "zeros": make([]byte, 200<<10),
	} {
		for level := flate.HuffmanOnly; level <= flate.BestCompression; level++ {
			for _, flushes := range []int{0, 1, 200} { // empty blocks in front
				at := deflated(t, content, level, flushes)
				start := peek(entryOf(t, at))
				if !bytes.HasPrefix(content, start) || len(start) > magicSize {
					t.Errorf("%s, level %d: begins with %q, and not %q", name, level, content[:min(8, len(content))], start)
				}
				if len(start) < min(magicSize, len(content)) && flushes < 200 {
					t.Errorf("%s, level %d: only %d bytes", name, level, len(start))
				}
				want := entryOther
				if name == "log" {
					want = entryLog
				}
				if kind := entryKind(entryOf(t, at)); kind != want {
					t.Errorf("%s, level %d, %d empty blocks: kind %d, want %d", name, level, flushes, kind, want)
				}
			}
		}
	}
}

// deflated is an archive with one entry.
func deflated(t *testing.T, content []byte, level, flushes int) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	w.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) {
		d, err := flate.NewWriter(out, level)
		return &flushing{d, flushes}, err
	})
	entry, err := w.Create("x")
	if err == nil {
		_, err = entry.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// flushing writes empty blocks first.
type flushing struct {
	*flate.Writer
	left int
}

func (f *flushing) Write(b []byte) (int, error) {
	for ; f.left > 0; f.left-- {
		f.Flush()
	}
	return f.Writer.Write(b)
}

func entryOf(t *testing.T, archive []byte) *zip.File {
	t.Helper()
	r, err := openZip(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	return r.File[0]
}
