package evtx

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"testing"
	"testing/fstest"
)

// TestOpenFS: the same records from a folder, from memory, and from a zip
// archive, whose files can only be read forward.
func TestOpenFS(t *testing.T) {
	t.Parallel()
	log := readFile(t, gateway(t, "fr"))
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("gateway-fr.evtx")
	if err == nil {
		_, err = w.Write(log)
	}
	if err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	zipped, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	want := render(t, log)
	for name, fsys := range map[string]fs.FS{
		"folder": os.DirFS("../testdata"), "memory": fstest.MapFS{"gateway-fr.evtx": {Data: log}}, "zip": zipped,
	} {
		r, err := OpenFS(fsys, "gateway-fr.evtx")
		if err != nil {
			t.Fatal(name, err)
		}
		if got := renderAll(t, r); len(got.xml) != len(want.xml) || len(got.errors) > 0 {
			t.Errorf("%s: %d records of %d", name, len(got.xml), len(want.xml))
		}
		if err := r.Close(); err != nil {
			t.Error(name, err)
		}
		if _, err := OpenFS(fsys, "nowhere.evtx"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := OpenFS(os.DirFS(".."), "testdata"); err == nil {
		t.Error("a folder was opened as a log")
	}
}
