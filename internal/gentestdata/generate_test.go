package gentestdata

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var (
	testdata = filepath.Join("..", "..", "testdata")
	specs    = filepath.Join(testdata, "spec")
)

// maxTotal keeps the repository small.
const maxTotal = 6 << 20

// TestUpToDate: the logs that are checked in are what their specifications
// give, and there are no others.
func TestUpToDate(t *testing.T) {
	files, err := Generate(specs)
	if err != nil {
		t.Fatal(err)
	}
	wanted := map[string]bool{}
	for _, f := range files {
		wanted[f.Name] = true
		on, err := os.ReadFile(filepath.Join(testdata, f.Name))
		if err != nil || !bytes.Equal(on, f.Content) {
			t.Errorf("%s is not what its specification gives (%v): run go generate ./testdata", f.Name, err)
		}
	}
	total := int64(0)
	err = filepath.WalkDir(testdata, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		total += info.Size()
		rel, err := filepath.Rel(testdata, name)
		made := strings.HasSuffix(name, ".evtx") || strings.HasSuffix(name, ".json")
		if err == nil && made && !wanted[filepath.ToSlash(rel)] {
			t.Errorf("%s has no specification", rel)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if total > maxTotal {
		t.Errorf("testdata has %d bytes, more than %d", total, maxTotal)
	}
}

// TestUpdate writes what Generate gives, and clears away what it does not.
func TestUpdate(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{"damaged": "- {name: dirty, source: short, what: [{kind: dirty}], intact: 243, silent: true}"}
	for _, name := range []string{"short", "noise-en"} {
		b, err := os.ReadFile(filepath.Join(specs, name+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(b)
	}
	if err := os.Rename(write(t, files), filepath.Join(dir, "spec")); err != nil {
		t.Fatal(err)
	}
	stale := filepath.Join(dir, "old.evtx")
	if err := os.WriteFile(stale, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Update(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(stale); err == nil {
		t.Error("a log without a specification is still there")
	}
	for _, name := range []string{"short.evtx", filepath.Join("damaged", "dirty.evtx")} {
		got, err1 := os.ReadFile(filepath.Join(dir, name))
		want, err2 := os.ReadFile(filepath.Join(testdata, name))
		if err1 != nil || err2 != nil || !bytes.Equal(got, want) {
			t.Errorf("%s differs: %v, %v", name, err1, err2)
		}
	}
}
