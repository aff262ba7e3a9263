package upload_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/gwlogs/gwlogs/upload"
	"github.com/gwlogs/gwlogs/upload/uploadtest"
)

// Nothing is left in a drop folder but the bundle and what is known of it, and
// who may read the folder may read them.
func TestFolderFiles(t *testing.T) {
	for _, mode := range []os.FileMode{0o700, 0o750, 0o755} {
		root := t.TempDir()
		if err := os.Chmod(root, mode); err != nil {
			t.Fatal(err)
		}
		b := uploadtest.NewBundle(1, 3<<20+5)
		for range 2 {
			if _, err := upload.Open(target(t, root), quick()).Send(t.Context(), b, nil); err != nil {
				t.Fatal(err)
			}
		}
		all, err := os.ReadDir(filepath.Join(root, b.ReportID))
		if err != nil || len(all) != 2 || all[0].Name() != b.Name || all[1].Name() != b.Name+".json" {
			t.Fatalf("%v, %v", all, err)
		}
		for _, file := range all {
			if info, err := file.Info(); err != nil || runtime.GOOS != "windows" && info.Mode().Perm()&^mode != 0 {
				t.Errorf("%s in a folder of mode %v: %v, %v", file.Name(), mode, info.Mode(), err)
			}
		}
	}
	checkError(t, sendTo(t, filepath.Join(t.TempDir(), "none"), quick()), "there is no such folder", "")
}

// What others have put into a drop folder is no bundle, and no way out of it.
func TestFolderOfStrangers(t *testing.T) {
	root, outside := t.TempDir(), filepath.Join(t.TempDir(), "secret.zip")
	dir := filepath.Join(root, reportID)
	for name, text := range map[string]string{
		outside:                              "secret",
		filepath.Join(root, "x.zip"):         "x",
		filepath.Join(dir, ".x.zip.part"):    "x",
		filepath.Join(dir, "x.txt"):          "x",
		filepath.Join(dir, "a.zip"):          "a",
		filepath.Join(dir, "a.zip.json"):     `{"blob": "../../secret.zip", "report_id": "x", "bytes": 99, "sha256": "no", "tool": "t"}`,
		filepath.Join(dir, "b.zip"):          "b",
		filepath.Join(dir, "b.zip.json"):     "{",
		filepath.Join(dir, "c", "c.zip"):     "c",
		filepath.Join(root, "none", "d.zip"): "d",
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"link.zip": outside, "c.zip": "c"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Log(err) // Windows may not allow it
		}
	}
	d := upload.Open(target(t, root), quick())
	all, err := d.List(t.Context(), "")
	if err != nil || len(all) != 2 {
		t.Fatalf("%+v, %v", all, err)
	}
	for _, s := range all {
		if s.Size != 1 || s.ReportID != reportID || s.SHA256 != "" || s.Blob != reportID+"/a.zip" && s.Blob != reportID+"/b.zip" {
			t.Errorf("%+v", s)
		}
	}
	for _, blob := range []string{"../" + filepath.Base(filepath.Dir(outside)) + "/secret.zip", outside, reportID + "/link.zip",
		reportID, ""} {
		if _, err := d.Fetch(t.Context(), &upload.Stored{Blob: blob, Size: -1}, nowhere{}, nil); err == nil {
			t.Errorf("%q was fetched", blob)
		}
	}
}

// nowhere takes everything.
type nowhere struct{}

func (nowhere) WriteAt(p []byte, _ int64) (int, error) { return len(p), nil }
