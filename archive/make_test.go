package archive

import (
	"archive/zip"
	"bytes"
	"context"
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
)

const sampleText = "installed on GW01\r\npassword=Sup3rS3cret!\r\n"

// sampleOptions make a bundle of two logs and a file; nothing of them changes from run to run.
func sampleOptions(t testing.TB) Options {
	t.Helper()
	folder := t.TempDir()
	text := filepath.Join(folder, "install.log")
	if err := os.WriteFile(text, []byte(sampleText), 0o600); err != nil {
		t.Fatal(err)
	}
	return Options{
		Sources: []string{"../testdata/gateway-en.evtx", "../testdata/secrets.evtx"}, Include: []string{text}, Since: At(time.Time{}),
		ReportID: "4c9e0b58-6e0f-4f0e-9a44-1b1f5ce0c1d2", Tool: Tool{Name: "gwlogs", Version: "test"},
		File: filepath.Join(folder, "b.zip"), Notify: func(n Notice) { t.Error(n.Text) },
	}
}

// made is a bundle, and what Make says of it.
func made(t testing.TB, o Options) ([]byte, *Result) {
	t.Helper()
	r, err := Make(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(r.File)
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(data); r.Bytes != int64(len(data)) || r.SHA256 != hex.EncodeToString(sum[:]) {
		t.Errorf("says %d bytes with sum %s, and wrote %d with %x", r.Bytes, r.SHA256, len(data), sum)
	}
	return data, r
}

func TestMadeBundleVerifies(t *testing.T) {
	data, r := made(t, sampleOptions(t))
	m := r.Manifest
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

func TestMadeBundleHoldsWhatWasPutIn(t *testing.T) {
	_, r := made(t, sampleOptions(t))
	m := r.Manifest
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
	want, _ := made(t, sampleOptions(t))
	for _, cores := range []int{1, 4} {
		for _, threads := range []int{1, 4} {
			before := runtime.GOMAXPROCS(cores)
			o := sampleOptions(t)
			o.Threads = threads
			got, _ := made(t, o)
			runtime.GOMAXPROCS(before)
			if !bytes.Equal(got, want) {
				t.Errorf("another bundle on %d cores with %d threads", cores, threads)
			}
		}
	}
}

func TestBundleLargerThanAllowedIsNotWritten(t *testing.T) {
	data, _ := made(t, sampleOptions(t))
	o := sampleOptions(t)
	for _, o.MaxSize = range []int64{1, int64(len(data)) / 2, int64(len(data)) - 1} {
		_, err := Make(t.Context(), o)
		var large *SizeError
		if !errors.As(err, &large) || large.Max != o.MaxSize || large.Size < int64(len(data)) {
			t.Errorf("max %d: error %v", o.MaxSize, err)
		}
		if _, err := os.Stat(o.File); err == nil {
			t.Errorf("max %d: there is a file", o.MaxSize)
		}
	}
}

// TestBundleSmallEnoughIsWritten: the size is an estimate, but not far above the truth.
func TestBundleSmallEnoughIsWritten(t *testing.T) {
	data, _ := made(t, sampleOptions(t))
	o := sampleOptions(t)
	o.MaxSize = int64(len(data)) + 1024
	if got, _ := made(t, o); !bytes.Equal(got, data) {
		t.Error("another bundle with a limit")
	}
}

func TestOtherProgramsReadTheContent(t *testing.T) {
	data, r := made(t, sampleOptions(t))
	m := r.Manifest
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if z.File[0].Name != ManifestName || len(z.File) != len(m.Entries)+1 {
		t.Fatalf("%d files, the first %s", len(z.File), z.File[0].Name)
	}
	for i, e := range m.Entries {
		content := unzip(t, z.File[i+1])
		sum := sha256.Sum256(content)
		if z.File[i+1].Name != e.Path || int64(len(content)) != e.Bytes || hex.EncodeToString(sum[:]) != e.SHA256 {
			t.Errorf("%s: %d bytes with sum %x, and the manifest says %s, %d, %s", z.File[i+1].Name, len(content), sum, e.Path, e.Bytes, e.SHA256)
		}
	}
	want, err := m.marshal()
	if got := unzip(t, z.File[0]); err != nil || !bytes.Equal(got, want) {
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
	data, r := made(t, sampleOptions(t))
	m := r.Manifest
	for _, e := range append([]Entry{{Path: ManifestName}}, m.Entries...) {
		local, central := data[localOf(t, data, e.Path):], data[directoryOf(t, data, e.Path):]
		for _, h := range []struct {
			what                 string
			version, flags, kind uint16
			packed, size         uint32
			extra                uint16
		}{
			{"local header", le.Uint16(local[4:]), le.Uint16(local[6:]), le.Uint16(local[8:]), le.Uint32(local[18:]),
				le.Uint32(local[22:]), le.Uint16(local[28:])},
			{"directory", le.Uint16(central[6:]), le.Uint16(central[8:]), le.Uint16(central[10:]), le.Uint32(central[20:]),
				le.Uint32(central[24:]), le.Uint16(central[30:])},
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
	data, _ := made(t, sampleOptions(t))
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

// TestMakeLeavesNothing: neither a bundle that was written nor one that was given up.
func TestMakeLeavesNothing(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	t.Setenv("TMP", folder)
	o := sampleOptions(t)
	made(t, o)
	os.Remove(o.File)
	ctx, cancel := context.WithCancel(t.Context())
	o.Progress = func(p Progress) {
		if p.Events > 1000 {
			cancel()
		}
	}
	if _, err := Make(ctx, o); !errors.Is(err, context.Canceled) {
		t.Errorf("ended: %v", err)
	}
	for _, folder := range []string{folder, filepath.Dir(o.File)} {
		left, err := os.ReadDir(folder)
		left = slices.DeleteFunc(left, func(e os.DirEntry) bool { return e.Name() == "install.log" || e.IsDir() })
		if err != nil || len(left) > 0 {
			t.Errorf("left in %s: %v, %v", folder, left, err)
		}
	}
}

// TestLogsOfOneNameAreBothThere: they come from different folders.
func TestLogsOfOneNameAreBothThere(t *testing.T) {
	o := sampleOptions(t)
	o.Sources = append(o.Sources, "../testdata/./gateway-en.evtx")
	made(t, o)
	b, err := OpenFile(o.File)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if b.files["logs/gateway-en.evtx"] == nil || b.files["logs/gateway-en-2.evtx"] == nil {
		t.Errorf("%+v", b.Manifest.Entries)
	}
	v, err := Verify(t.Context(), b.data, b.size)
	if err != nil || len(v.Problems) > 0 {
		t.Errorf("error %v, problems %q", err, v.Problems)
	}
}

// TestMakeRefuses what cannot become a bundle, and leaves nothing.
func TestMakeRefuses(t *testing.T) {
	remember := errors.New("the list cannot be kept")
	for name, tt := range map[string]struct {
		change func(*Options)
		is     error
		text   string
	}{
		"nothing to read":     {func(o *Options) { o.Sources = []string{"../testdata/README.md", "missing.evtx"} }, ErrNothingRead, ""},
		"backwards":           {func(o *Options) { o.Since, o.Until = Ago(time.Hour), Ago(time.Minute*90) }, ErrBackwards, ""},
		"rules":               {func(o *Options) { o.Rules = "no.yml" }, nil, "rules of redaction: no such file"},
		"no key for tokens":   {func(o *Options) { o.Redact = Identities }, nil, "a key for tokens has 32 bytes, not 0"},
		"a mode nobody knows": {func(o *Options) { o.Redact = "some" }, nil, `rules of redaction: unknown mode "some" of redaction`},
		"over a log": {func(o *Options) { o.File = "../testdata/secrets.evtx" }, nil,
			"../testdata/secrets.evtx: is one of the files to be read"},
		"no such folder": {func(o *Options) { o.File = "no/b.zip" }, nil, "no/b.zip: there is no such folder"},
		"not remembered": {func(o *Options) { o.Remember = func(*Result) error { return remember } }, remember, ""},
	} {
		t.Run(name, func(t *testing.T) {
			o := sampleOptions(t)
			folder := filepath.Dir(o.File)
			o.Notify = nil
			tt.change(&o)
			_, err := Make(t.Context(), o)
			if err == nil || tt.is != nil && !errors.Is(err, tt.is) || tt.text != "" && err.Error() != tt.text {
				t.Errorf("error %v", err)
			}
			if left, _ := os.ReadDir(folder); len(left) != 1 {
				t.Errorf("left: %v", left)
			}
		})
	}
}

// TestMakePartial: of what cannot be read, the result and the manifest tell.
func TestMakePartial(t *testing.T) {
	var told []string
	o := sampleOptions(t)
	o.Sources = append(o.Sources, "missing.evtx", "../testdata/damaged/several.evtx")
	o.Include = append(o.Include, "missing.log")
	o.Notify = func(n Notice) {
		if n.Trouble {
			told = append(told, n.Text)
		}
	}
	_, r := made(t, o)
	if !r.Partial() || r.Failed != 2 || r.DamagedLogs != 1 || r.Damaged == 0 || r.Logs != 3 || len(told) != 3 {
		t.Errorf("%+v\ntold %q", r, told)
	}
	told, o.EachDamage = nil, true
	if made(t, o); len(told) != r.Damaged+2 {
		t.Errorf("each damaged place: told %q", told)
	}
	if f := r.Manifest.Failed; len(f) != 2 || f[0].Source != "missing.evtx" || f[1] != (FailedSource{"missing.log", "no such file"}) {
		t.Errorf("failed: %+v", f)
	}
}

// TestMakeIdentities: the tokens are given to be remembered before there is a bundle, and undo the redaction.
func TestMakeIdentities(t *testing.T) {
	o := sampleOptions(t)
	o.Redact, o.TokenKey = Identities, make([]byte, TokenKeySize)
	calls := 0
	o.Remember = func(r *Result) error {
		calls++
		if _, err := os.Stat(o.File); err == nil || r.File != o.File || r.SHA256 == "" {
			t.Errorf("remembered %+v, and the file is there: %v", r, err == nil)
		}
		return nil
	}
	_, r := made(t, o)
	token, _, _ := strings.Cut(r.Computer, ".")
	if calls != 1 || r.Tokens[token] != "GW01" {
		t.Errorf("%d calls; computer %s, which is %q", calls, r.Computer, r.Tokens[token])
	}
	o.DryRun = true
	dry, err := Make(t.Context(), o)
	if err != nil || calls != 1 || dry.File != "" || dry.Bytes != r.Bytes || dry.SHA256 != "" {
		t.Errorf("dry run: %+v, error %v", dry, err)
	}
}

// TestMakeAnew: a bundle that is redacted once more keeps what it is.
func TestMakeAnew(t *testing.T) {
	o := sampleOptions(t)
	o.Redact = None
	_, first := made(t, o)
	b, err := OpenFile(o.File)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	again := Options{Bundle: b, File: filepath.Join(t.TempDir(), "again.zip")}
	_, second := made(t, again)
	m := second.Manifest
	if m.ReportID != first.Manifest.ReportID || !m.Created.Equal(first.Manifest.Created) || m.Redaction.Mode != string(Secrets) ||
		len(m.Redaction.Rules) == 0 {
		t.Errorf("%+v", m)
	}
	for i, e := range m.Entries {
		if was := first.Manifest.Entries[i]; e.Path != was.Path || e.Source != was.Source || e.Records != was.Records {
			t.Errorf("%+v, was %+v", e, was)
		}
	}
	again.File = o.File
	if _, err := Make(t.Context(), again); err == nil || !strings.HasSuffix(err.Error(), "is one of the files to be read") {
		t.Errorf("over itself: %v", err)
	}
}

// TestMakeProgress: it goes up to the whole.
func TestMakeProgress(t *testing.T) {
	o := sampleOptions(t)
	o.Since = Ago(time.Hour) // the newest event is looked for first
	var last Progress
	o.Progress = func(p Progress) {
		if p.Bytes < last.Bytes || p.Bytes > p.Total || p.Events < last.Events {
			t.Errorf("%+v after %+v", p, last)
		}
		last = p
	}
	_, r := made(t, o)
	if last.Bytes != last.Total || last.Events != 2*uint64(r.Events.Records) || r.Selected == 0 || r.Selected >= uint64(r.Events.Records) {
		t.Errorf("%+v, %+v", last, r)
	}
}

// TestRedactLog: the same events, without the secrets, and nothing at all where it fails.
func TestRedactLog(t *testing.T) {
	o := Options{Sources: []string{"../testdata/secrets.evtx"}, File: filepath.Join(t.TempDir(), "r.evtx")}
	r, err := RedactLog(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	log, err := evtx.Open(r.File)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	n := 0
	for _, err := range log.Records() {
		if n++; err != nil {
			t.Error(err)
		}
	}
	if n != r.Events.Records || uint64(n) != r.Selected || len(r.Manifest.Totals()) == 0 {
		t.Errorf("%d records, %+v", n, r)
	}
	var out bytes.Buffer
	o.File, o.Out = "", &out
	if _, err := RedactLog(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(r.File); err != nil || !bytes.Equal(data, out.Bytes()) {
		t.Errorf("another log, error %v", err)
	}
}
