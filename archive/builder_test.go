package archive

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/redact"
	"github.com/gwlogs/gwlogs/internal/safezip"
	"github.com/gwlogs/gwlogs/matcher"
)

// builtLogs are what the bundles of these tests are made of.
var builtLogs = []string{"gateway-en.evtx", "secrets.evtx"}

const builtText = "installed on GW01\r\npassword=Sup3rS3cret!\r\n"

// builtOptions are such that nothing of them changes from run to run.
func builtOptions(t testing.TB) Options {
	t.Helper()
	signatures, err := matcher.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := matcher.New(signatures)
	if err != nil {
		t.Fatal(err)
	}
	redactor, err := redact.New(redact.Options{Mode: redact.Secrets})
	if err != nil {
		t.Fatal(err)
	}
	return Options{
		ReportID: "4c9e0b58-6e0f-4f0e-9a44-1b1f5ce0c1d2", Tool: Tool{Name: "gwlogs", Version: "test"},
		Created: time.Date(2017, 5, 8, 12, 30, 16, 0, time.UTC), Lang: "en",
		Redactor: redactor, Catalogue: catalogue,
	}
}

// newBuilt gathers the logs and a file. Its Write is still to come.
func newBuilt(t testing.TB, o Options) *Builder {
	t.Helper()
	b, err := NewBuilder(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	for _, name := range builtLogs {
		addLog(t, b, name)
	}
	if err := b.File("install.log", strings.NewReader(builtText), int64(len(builtText))); err != nil {
		t.Fatal(err)
	}
	return b
}

func addLog(t testing.TB, b *Builder, name string) {
	t.Helper()
	r, err := evtx.Open(filepath.Join("..", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	l, err := b.Log(name)
	if err != nil {
		t.Fatal(err)
	}
	var stats evtx.Stats
	batch := l.Batch()
	for rec, err := range r.Records() {
		if err != nil {
			t.Fatal(err)
		}
		stats.Add(evtx.Stats{Records: 1, First: rec.TimeCreated(), Last: rec.TimeCreated(), LowestID: rec.EventRecordID(), HighestID: rec.EventRecordID()})
		batch.Add(rec)
		if err := l.Write(batch, func(e *evtx.RecordError) { t.Error(e) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(t.Context(), Origin{Stats: stats, Whole: true}); err != nil {
		t.Fatal(err)
	}
}

// built is a bundle with its manifest.
func built(t testing.TB, o Options) ([]byte, *Manifest) {
	t.Helper()
	var out bytes.Buffer
	m, size, err := newBuilt(t, o).Write(&out)
	if err != nil {
		t.Fatal(err)
	}
	if size != int64(out.Len()) {
		t.Errorf("says %d bytes, and wrote %d", size, out.Len())
	}
	return out.Bytes(), m
}

func TestBuiltBundleVerifies(t *testing.T) {
	data, m := built(t, builtOptions(t))
	v, err := Verify(t.Context(), bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Problems) > 0 {
		t.Errorf("problems:\n%s", strings.Join(v.Problems, "\n"))
	}
	if v.Checked != len(m.Entries) || v.Records == 0 {
		t.Errorf("checked %d entries of %d, %d records", v.Checked, len(m.Entries), v.Records)
	}
}

func TestBuiltBundleHoldsWhatWasPutIn(t *testing.T) {
	_, m := built(t, builtOptions(t))
	var got []string
	for _, e := range m.Entries {
		got = append(got, e.Path)
	}
	want := []string{ReadmeName, PageName, FindingsName, "logs/gateway-en.evtx", "logs/secrets.evtx", "files/install.log"}
	if !slices.Equal(got, want) {
		t.Errorf("entries %q, want %q", got, want)
	}
}

// TestSameBundleEveryTime: on any number of cores.
func TestSameBundleEveryTime(t *testing.T) {
	want, _ := built(t, builtOptions(t))
	for _, cores := range []int{1, 4} {
		for _, threads := range []int{1, 4} {
			before := runtime.GOMAXPROCS(cores)
			o := builtOptions(t)
			o.Threads = threads
			got, _ := built(t, o)
			runtime.GOMAXPROCS(before)
			if !bytes.Equal(got, want) {
				t.Errorf("another bundle on %d cores with %d threads", cores, threads)
			}
		}
	}
}

func TestBundleLargerThanAllowedIsNotWritten(t *testing.T) {
	data, _ := built(t, builtOptions(t))
	o := builtOptions(t)
	for _, o.MaxSize = range []int64{1, int64(len(data)) / 2, int64(len(data)) - 1} {
		var out bytes.Buffer
		_, size, err := newBuilt(t, o).Write(&out)
		var large *SizeError
		if !errors.As(err, &large) || large.Max != o.MaxSize || large.Size < int64(len(data)) || size != large.Size || out.Len() > 0 {
			t.Errorf("max %d: %d bytes written, size %d, error %v", o.MaxSize, out.Len(), size, err)
		}
	}
}

// TestBundleSmallEnoughIsWritten: the size is an estimate, but not far above the truth.
func TestBundleSmallEnoughIsWritten(t *testing.T) {
	data, _ := built(t, builtOptions(t))
	o := builtOptions(t)
	o.MaxSize = int64(len(data)) + 1024
	if got, _ := built(t, o); !bytes.Equal(got, data) {
		t.Error("another bundle with a limit")
	}
}

func TestOtherProgramsReadTheContent(t *testing.T) {
	data, m := built(t, builtOptions(t))
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if r.File[0].Name != ManifestName || len(r.File) != len(m.Entries)+1 {
		t.Fatalf("%d files, the first %s", len(r.File), r.File[0].Name)
	}
	for i, e := range m.Entries {
		content := unzip(t, r.File[i+1])
		sum := sha256.Sum256(content)
		if r.File[i+1].Name != e.Path || int64(len(content)) != e.Bytes || hex.EncodeToString(sum[:]) != e.SHA256 {
			t.Errorf("%s: %d bytes with sum %x, and the manifest says %s, %d, %s", r.File[i+1].Name, len(content), sum, e.Path, e.Bytes, e.SHA256)
		}
	}
	want, err := m.marshal()
	if got := unzip(t, r.File[0]); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the manifest is %s, error %v", got, err)
	}
}

func unzip(t testing.TB, f *zip.File) []byte {
	t.Helper()
	r, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	return content
}

// TestExplorerOpensIt looks at the headers as they lie in the file.
func TestExplorerOpensIt(t *testing.T) {
	data, m := built(t, builtOptions(t))
	for _, e := range append([]Entry{{Path: ManifestName}}, m.Entries...) {
		local, central := data[localOf(t, data, e.Path):], data[directoryOf(t, data, e.Path):]
		for _, h := range []struct {
			what                 string
			version, flags, kind uint16
			packed, size         uint32
			extra                uint16
		}{
			{"local header", le.Uint16(local[4:]), le.Uint16(local[6:]), le.Uint16(local[8:]), le.Uint32(local[18:]), le.Uint32(local[22:]), le.Uint16(local[28:])},
			{"directory", le.Uint16(central[6:]), le.Uint16(central[8:]), le.Uint16(central[10:]), le.Uint32(central[20:]), le.Uint32(central[24:]), le.Uint16(central[30:])},
		} {
			if h.version != 20 || h.flags != 0x800 || h.kind != zip.Deflate || h.packed == 0 || h.size == 0 || h.size == 1<<32-1 || h.extra != 0 {
				t.Errorf("%s: %s: %+v", e.Path, h.what, h)
			}
		}
	}
	if bytes.Contains(data, []byte("PK\x06\x06")) || bytes.Contains(data, []byte("PK\x06\x07")) {
		t.Error("has zip64 records")
	}
	if bytes.Contains(data, []byte("PK\x07\x08")) {
		t.Error("has a data descriptor")
	}
}

// TestTextFileIsRedactedAndListed: its secret is gone, its lines are there.
func TestTextFileIsRedactedAndListed(t *testing.T) {
	data, _ := built(t, builtOptions(t))
	bundle, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := bundle.Entry("files/install.log")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil || strings.Contains(string(text), "Sup3rS3cret") || !strings.HasPrefix(string(text), "installed on GW01\r\n") {
		t.Errorf("the file reads %q, error %v", text, err)
	}
}

// TestBuilderLeavesNothing: neither a bundle that was written nor one that was given up.
func TestBuilderLeavesNothing(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	t.Setenv("TMP", folder)
	b := newBuilt(t, builtOptions(t))
	if _, _, err := b.Write(io.Discard); err != nil {
		t.Fatal(err)
	}
	b.Close()
	given := newBuilt(t, builtOptions(t))
	l, err := given.Log("unfinished.evtx")
	if err != nil {
		t.Fatal(err)
	}
	l.Discard()
	given.Close()
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

// TestLogsOfOneNameAreBothThere: they come from different folders.
func TestLogsOfOneNameAreBothThere(t *testing.T) {
	b := newBuilt(t, builtOptions(t))
	addLog(t, b, "gateway-en.evtx")
	var out bytes.Buffer
	if _, _, err := b.Write(&out); err != nil {
		t.Fatal(err)
	}
	zip, err := safezip.Open(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil || findFile(zip, "logs/gateway-en.evtx") == nil || findFile(zip, "logs/gateway-en-2.evtx") == nil {
		t.Errorf("error %v", err)
	}
	v, err := Verify(t.Context(), bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil || len(v.Problems) > 0 {
		t.Errorf("error %v, problems %q", err, v.Problems)
	}
}
