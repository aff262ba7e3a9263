package eventlog

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

const sample = "../../testdata/gateway-fr.evtx"

const sampleEvents = 1958

func read(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func write(t *testing.T, name string, data []byte) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

// find closes the set when the test ends.
func find(t *testing.T, o Options, sources ...string) *Set {
	t.Helper()
	s := Find(sources, o)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// events counts the events of a log.
func events(t *testing.T, l *Log) int {
	t.Helper()
	r, closeLog, err := l.start(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, err := range r.Records() {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if err := closeLog(); err != nil {
		t.Fatal(err)
	}
	return n
}

func names(s *Set) []string {
	var names []string
	for _, l := range s.Logs {
		names = append(names, filepath.ToSlash(l.Name))
	}
	return names
}

func TestFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	log := read(t, sample)
	for _, name := range []string{"b.evtx", "A.EVTX", "sub/c.Evtx", "sub/deep/d.evtx"} {
		write(t, filepath.Join(dir, name), log)
	}
	for _, name := range []string{"no.evt", "no.txt", "evtx", "empty", "no.zip", "no.gz"} {
		write(t, filepath.Join(dir, name), []byte(name[:min(len(name), 2)]))
	}
	s := find(t, Options{}, dir)
	base := filepath.ToSlash(dir)
	want := []string{base + "/A.EVTX", base + "/b.evtx", base + "/sub/c.Evtx", base + "/sub/deep/d.evtx"}
	if !slices.Equal(names(s), want) || len(s.Failed) != 0 {
		t.Errorf("found %q, failed %v; want %q", names(s), s.Failed, want)
	}
	if s.Size() != int64(4*len(log)) {
		t.Errorf("size %d, want %d", s.Size(), 4*len(log))
	}
}

// A link to a file counts, one to a folder does not: it may lead in a circle.
func TestFolderWithLinks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "real/a.evtx"), read(t, sample))
	if err := os.Symlink(filepath.Join(dir, "real", "a.evtx"), filepath.Join(dir, "link.evtx")); err != nil {
		if errors.Is(err, syscall.EPERM) || strings.Contains(err.Error(), "privilege") {
			return // Windows without developer mode
		}
		t.Fatal(err)
	}
	if err := os.Symlink(dir, filepath.Join(dir, "real", "circle")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "gone"), filepath.Join(dir, "real", "dangling.evtx")); err != nil {
		t.Fatal(err)
	}
	s := find(t, Options{}, dir)
	if len(s.Logs) != 2 || len(s.Failed) != 1 {
		t.Errorf("found %q, failed %v", names(s), s.Failed)
	}
}

// Patterns that the shell left as they are.
func TestPattern(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.evtx"), read(t, sample))
	write(t, filepath.Join(dir, "b.evtx"), read(t, sample))
	if s := find(t, Options{}, filepath.Join(dir, "*.evtx")); len(s.Logs) != 2 {
		t.Errorf("found %q, failed %v", names(s), s.Failed)
	}
	if s := find(t, Options{}, filepath.Join(dir, "x*.evtx")); len(s.Failed) != 1 {
		t.Errorf("found %q, failed %v", names(s), s.Failed)
	}
}

func TestHolds(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a := write(t, filepath.Join(dir, "a.evtx"), read(t, sample))
	other := write(t, filepath.Join(dir, "other"), nil)
	for _, source := range []string{a, dir} {
		s := find(t, Options{}, source)
		for name, want := range map[string]bool{a: true, other: false} {
			info, err := os.Stat(name)
			if err != nil {
				t.Fatal(err)
			}
			if got := s.Holds(info); got != want {
				t.Errorf("%s: Holds(%s) = %v", source, name, got)
			}
		}
	}
}

func TestZip(t *testing.T) {
	t.Parallel()
	log := read(t, sample)
	for _, method := range []uint16{zip.Store, zip.Deflate} {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for _, name := range []string{"z.evtx", "logs/", "logs/a.EVTX", "__MACOSX/logs/._a.evtx", "note.txt"} {
			entry, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: method})
			if err == nil && !strings.HasSuffix(name, "/") {
				_, err = entry.Write(log)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		name := write(t, filepath.Join(t.TempDir(), "x.zip"), b.Bytes())
		s := find(t, Options{}, name)
		// whatever its name
		want := []string{filepath.ToSlash(name) + "/logs/a.EVTX", filepath.ToSlash(name) + "/note.txt", filepath.ToSlash(name) + "/z.evtx"}
		if !slices.Equal(names(s), want) || s.Size() != int64(3*len(log)) {
			t.Fatalf("found %q, %d bytes, failed %v; want %q", names(s), s.Size(), s.Failed, want)
		}
		for _, l := range s.Logs {
			for range 2 { // it can be opened again
				if n := events(t, l); n != sampleEvents {
					t.Errorf("method %d, %s: %d events, want %d", method, l.Name, n, sampleEvents)
				}
			}
		}
	}
}

// Sizes and offsets that lie give errors, not panics.
func TestZipThatLies(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	entry, err := w.CreateRaw(&zip.FileHeader{
		Name: "a.evtx", Method: zip.Store, CompressedSize64: 1 << 62, UncompressedSize64: 1 << 62,
	})
	if err == nil {
		_, err = entry.Write(read(t, sample)[:70000])
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	s := find(t, Options{}, write(t, filepath.Join(t.TempDir(), "x.zip"), b.Bytes()))
	for _, l := range s.Logs {
		r, closeLog, err := l.start(context.Background())
		if err != nil {
			continue
		}
		for range r.Records() {
		}
		closeLog()
	}
	encrypted := bytes.Clone(b.Bytes())
	central := bytes.LastIndex(encrypted, []byte("PK\x01\x02"))
	encrypted[central+8] |= 1
	s = find(t, Options{}, write(t, filepath.Join(t.TempDir(), "x.zip"), encrypted))
	if len(s.Logs) != 1 {
		t.Fatalf("found %q, failed %v", names(s), s.Failed)
	}
	if _, _, err := s.Logs[0].start(context.Background()); err == nil || !strings.HasSuffix(err.Error(), "x.zip/a.evtx: is encrypted") {
		t.Errorf("error %v", err)
	}
}

func TestSourceError(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err        error
		text, hint string
	}{
		{&fs.PathError{Op: "open", Path: "x", Err: syscall.EACCES}, "a b: permission denied", "administrator"},
		{&fs.PathError{Op: "open", Path: "x", Err: syscall.ENOENT}, "a b: no such file or folder", "spelling"},
		{&fs.PathError{Op: "read", Path: "x", Err: errors.New("device is on fire")}, "a b: device is on fire", ""},
		{errors.New("other"), "a b: other", ""},
		{&Error{Source: "c", Err: errors.New("known")}, "c: known", ""},
	} {
		e := sourceError("a b", c.err)
		if e.Error() != c.text || !strings.Contains(e.Hint, c.hint) || c.hint == "" && e.Hint != "" {
			t.Errorf("%v: %q, hint %q", c.err, e, e.Hint)
		}
	}
	if !errors.Is(sourceError("x", syscall.EACCES), fs.ErrPermission) {
		t.Error("the reason got lost")
	}
}

func TestChannel(t *testing.T) {
	t.Parallel()
	s := find(t, Options{}, "Channel:Integration Runtime")
	if len(s.Failed) != 1 || !strings.Contains(s.Failed[0].Hint, `wevtutil export-log "Integration Runtime"`) {
		t.Errorf("%v", s.Failed)
	}
}

// The name of a log in results is what lies below the source that was typed.
func TestSourceNames(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ source, name, want string }{
		{"a.evtx", "a.evtx", "a.evtx"},
		{"logs/a.evtx", "logs/a.evtx", "a.evtx"},
		{"logs", "logs/b/a.evtx", "b/a.evtx"},
		{"logs/", "logs/a.evtx", "a.evtx"},
		{"./logs//", "logs/a.evtx", "a.evtx"},
		{"../logs", "../logs/x.zip/a.evtx", "x.zip/a.evtx"},
		{".", "a.evtx", "a.evtx"},
		{"/", "/logs/a.evtx", "logs/a.evtx"},
		{"logs/x.zip", "logs/x.zip/logs/a.evtx", "logs/a.evtx"},
		{"standard input", "standard input", "standard input"},
		{"channel:a/Operational", "channel:a/Operational", "channel:a/Operational"},
	} {
		source, name := filepath.FromSlash(tt.source), filepath.FromSlash(tt.name)
		if got := filepath.ToSlash(name[typed(source, name):]); got != tt.want {
			t.Errorf("%s of %s is called %q, want %q", tt.name, tt.source, got, tt.want)
		}
	}
}
