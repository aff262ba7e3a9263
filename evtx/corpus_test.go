package evtx

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The corpus and the fixtures are shared between checkouts and not part of
// the repository: real logs of other people, and synthetic ones with the
// truth beside each. GWLOGS_SHARED says where they are.
func shared(t testing.TB, name string) string {
	t.Helper()
	dir := filepath.Join(sharedFolder(), name)
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real // WalkDir does not follow its root
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("%s is not here; set GWLOGS_SHARED to the folder that holds it", dir)
	}
	return dir
}

func sharedFolder() string {
	if dir := os.Getenv("GWLOGS_SHARED"); dir != "" {
		return dir
	}
	return filepath.Join("..", "..", "shared")
}

// logsBelow returns all .evtx files below a folder by their slash path in it.
func logsBelow(t testing.TB, dir string) map[string]string {
	t.Helper()
	logs := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && strings.EqualFold(filepath.Ext(path), ".evtx") {
			rel, _ := filepath.Rel(dir, path)
			logs[filepath.ToSlash(rel)] = path
		}
		return err
	})
	if err != nil || len(logs) == 0 {
		t.Fatalf("no logs below %s: %v", dir, err)
	}
	return logs
}

func openBytes(t testing.TB, b []byte) *Reader {
	t.Helper()
	r, err := NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func open(t testing.TB, path string) *Reader {
	t.Helper()
	r, err := Open(path)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// TestCorpusCounts holds the number of records and of errors of real damaged
// files. The counts are those of the Rust crate's own tests where we agree,
// and otherwise what a look at the bytes says (testdata/deviations.md).
func TestCorpusCounts(t *testing.T) {
	dir := filepath.Join(shared(t, "corpus"), "rust-evtx-samples")
	for _, tt := range []struct {
		file            string
		records, errors int
	}{
		{"sample-with-irregular-bool-values.evtx", 3028, 0},
		{"2-vss_0-Microsoft-Windows-RemoteDesktopServices-RdpCoreTS%4Operational.evtx", 1910, 4},
		{"2-vss_0-Microsoft-Windows-TerminalServices-RemoteConnectionManager%4Operational.evtx", 1774, 3}, // and the torn record
		{"2-vss_7-System.evtx", 1160, 0},
		{"sample_with_a_bad_chunk_magic.evtx", 298, 93},                  // 270 less 3 torn, 31 more behind the missing signatures
		{"Microsoft-Windows-HelloForBusiness%4Operational.evtx", 5, 2},   // 6 less a torn one
		{"Microsoft-Windows-LanguagePackSetup%4Operational.evtx", 16, 2}, // 17 less a torn one
		{"E_Windows_system32_winevt_logs_Microsoft-Windows-Shell-Core%4Operational.evtx", 1146, 0},
		{"E_ShadowCopy6_windows_system32_winevt_logs_Microsoft-Windows-CAPI2%4Operational.evtx", 459, 0},
		{"E_Windows_system32_winevt_logs_Microsoft-Windows-CAPI2%4Operational.evtx", 340, 0},
		{"Application_no_crc32.evtx", 17, 0},
		{"post-Security.evtx", 126, 0},
		{"sample-with-zero-data-size-event.evtx", 449, 2}, // 335, and the 114 behind the record of size 0
		{"new-user-security.evtx", 4, 0},
	} {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			got := render(t, readFile(t, filepath.Join(dir, tt.file)))
			if len(got.json) != tt.records || len(got.errors) != tt.errors {
				t.Errorf("%d records, %d errors; want %d, %d\n%s", len(got.json), len(got.errors), tt.records, tt.errors,
					strings.Join(got.errors, "\n"))
			}
		})
	}
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestCorpusOutput reads every file there is: valid JSON without a repeated
// key, well-formed XML, and the same from a stream, from several goroutines
// and from a tree as from the programs.
func TestCorpusOutput(t *testing.T) {
	dir := shared(t, "")
	for name, path := range logsBelow(t, dir) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := readFile(t, path)
			checkOutput(t, b)
		})
	}
}

func checkOutput(t testing.TB, b []byte) {
	t.Helper()
	got := render(t, b)
	for i := range got.json {
		if err := checkJSON(got.json[i]); err != nil {
			t.Fatalf("JSON: %v\n%s", err, got.json[i])
		}
		if err := checkXML(got.xml[i]); err != nil {
			t.Fatalf("XML: %v\n%s", err, got.xml[i])
		}
	}
	want := strings.Join(append(got.json, got.errors...), "\n")
	for how, other := range map[string]rendered{
		"stream":   renderStream(t, b),
		"parallel": renderParallel(t, b),
		"tree":     renderTrees(t, b),
	} {
		want, xml := want, got.xml
		if how == "stream" && wrapped(b) { // it is read as it lies
			slices.Sort(other.json)
			slices.Sort(other.xml)
			slices.Sort(other.errors)
			want = strings.Join(append(slices.Sorted(slices.Values(got.json)), slices.Sorted(slices.Values(got.errors))...), "\n")
			xml = slices.Sorted(slices.Values(xml))
		}
		if s := strings.Join(append(other.json, other.errors...), "\n"); s != want {
			t.Fatalf("%s: %s", how, firstDifference(s, want))
		}
		if s, want := strings.Join(other.xml, "\n"), strings.Join(xml, "\n"); s != want {
			t.Fatalf("%s: %s", how, firstDifference(s, want))
		}
	}
}

func firstDifference(got, want string) string {
	for i := range want {
		if i >= len(got) || got[i] != want[i] {
			from := max(i-80, 0)
			return "got …" + got[from:min(i+80, len(got))] + "…\nwant …" + want[from:min(i+80, len(want))] + "…"
		}
	}
	return "got more: " + got[len(want):min(len(want)+160, len(got))]
}

// An expectation is what was planted in a synthetic log.
type expectation struct {
	Records     int
	TextsSHA256 string `json:"texts_sha256"`
	Levels      map[string]int
	Errors      []struct {
		RecordID uint64 `json:"record_id"`
		Time     string
		EventID  uint16 `json:"event_id"`
		Message  string
	}
	MustNotAppear []string `json:"must_not_appear"`
	Notes         []string // on typed values, which the texts spell in another way
	Damage        *struct {
		Optional []uint64 `json:"optional_record_ids"`
		Lost     []uint64 `json:"damaged_or_lost_record_ids"`
	}
	Options struct{ Damage []map[string]any }
}

// TestFixtures holds the synthetic gateway logs against what was planted in
// them, the damaged ones included: every intact record is read, no damaged
// one passes for good, and damage is reported.
func TestFixtures(t *testing.T) {
	for name, path := range logsBelow(t, shared(t, "fixtures")) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var want expectation
			if err := json.Unmarshal(readFile(t, strings.TrimSuffix(path, ".evtx")+".expected.json"), &want); err != nil {
				t.Fatal(err)
			}
			checkFixture(t, open(t, path), want)
		})
	}
}

func checkFixture(t *testing.T, r *Reader, want expectation) {
	records, errors := 0, 0
	seen := map[uint64]string{}
	texts := sha256.New()
	var buf []byte
	var data []Data
	for rec, err := range r.Records() {
		if err != nil {
			errors++
			continue
		}
		records++
		buf = rec.Value(FieldEventRecordID).AppendText(buf[:0])
		buf = append(buf, 0x1f)
		buf = rec.Value(FieldEventID).AppendText(buf)
		buf = append(buf, 0x1f)
		buf = rec.Value(FieldLevel).AppendText(buf)
		buf = append(buf, 0x1f)
		buf = rec.Value(FieldTimeCreated).AppendText(buf)
		buf = append(buf, 0x1f)
		data = rec.AppendData(data[:0])
		first := true
		for _, d := range data {
			if d.Name == "Binary" {
				continue
			}
			if !first {
				buf = append(buf, 0x1f)
			}
			first = false
			buf = d.Value.AppendText(buf)
		}
		texts.Write(append(buf, 0x1e))
		seen[rec.EventRecordID()] = string(rec.AppendMessage(nil))
	}
	flips := len(want.Options.Damage) > 0 && want.Options.Damage[0]["type"] == "bit_flips"
	optional := 0
	if want.Damage != nil {
		optional = len(want.Damage.Optional)
	}
	switch {
	case flips: // a flipped bit in a text shows in the checksum alone
		if records < want.Records || errors == 0 {
			t.Errorf("%d records, %d errors; want at least %d and some", records, errors, want.Records)
		}
	case records < want.Records-optional || records > want.Records:
		t.Errorf("%d records, want %d", records, want.Records)
	}
	if sum := hex.EncodeToString(texts.Sum(nil)); want.TextsSHA256 != "" && len(want.Notes) == 0 && sum != want.TextsSHA256 {
		t.Errorf("texts have SHA-256 %s, want %s", sum, want.TextsSHA256)
	}
	for _, e := range want.Errors {
		if msg, ok := seen[e.RecordID]; !ok || msg != e.Message {
			t.Errorf("record %d: %q, want %q", e.RecordID, msg, e.Message)
		}
	}
	for _, text := range want.MustNotAppear {
		for id, msg := range seen {
			if strings.Contains(msg, text) {
				t.Errorf("record %d has the text of a stale one: %q", id, text)
			}
		}
	}
}
