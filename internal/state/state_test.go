package state_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/internal/state"
)

// writerVariable makes the test binary one of several processes that write to
// the folder that the test has made: see TestManyProcessesWriteAtOnce.
const writerVariable = "GWLOGS_TEST_STATE_WRITER"

func TestMain(m *testing.M) {
	if name := os.Getenv(writerVariable); name != "" {
		os.Exit(beWriter(name))
	}
	os.Exit(m.Run())
}

// newFolder is a folder of its own, which the test may not share with others.
func newFolder(t *testing.T) state.Folder {
	t.Helper()
	base := t.TempDir()
	t.Setenv("XDG_STATE_HOME", base)
	t.Setenv("LOCALAPPDATA", base)
	f, err := state.Open()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func bundle(id string) state.Bundle {
	from := time.Date(2017, 5, 1, 0, 0, 0, 0, time.UTC)
	return state.Bundle{
		ReportID: id, Time: from.AddDate(0, 0, 7), File: "/tmp/" + id + ".zip", Bytes: 12345, SHA256: strings.Repeat("0a", 32),
		Computer: "GW01", From: &from, Redaction: "secrets",
	}
}

func remember(t *testing.T, f state.Folder, ids ...string) {
	t.Helper()
	for _, id := range ids {
		if err := f.Remember(bundle(id)); err != nil {
			t.Fatal(err)
		}
	}
}

// remembered are the report IDs of the journal, each entry of which has to be whole.
func remembered(t *testing.T, f state.Folder) string {
	t.Helper()
	all, err := f.Bundles()
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, b := range all {
		want := bundle(b.ReportID)
		if b.File != want.File || b.SHA256 != want.SHA256 || !b.Time.Equal(want.Time) || b.From == nil || !b.From.Equal(*want.From) ||
			b.To != nil {
			t.Errorf("an entry is %+v", b)
		}
		ids = append(ids, b.ReportID)
	}
	return strings.Join(ids, " ")
}

func TestNothingIsRememberedAtFirst(t *testing.T) {
	f := newFolder(t)
	if got := remembered(t, f); got != "" {
		t.Errorf("remembers %q", got)
	}
	if tokens, err := f.Tokens(); err != nil || len(tokens) > 0 {
		t.Errorf("tokens %v, error %v", tokens, err)
	}
	if _, err := os.Stat(f.Path("")); !os.IsNotExist(err) {
		t.Errorf("looking made a folder: %v", err)
	}
}

func TestBundlesAreRememberedInOrder(t *testing.T) {
	f := newFolder(t)
	remember(t, f, "a", "b", "c")
	if got := remembered(t, f); got != "a b c" {
		t.Errorf("remembers %q", got)
	}
}

// TestJournalSurvivesAKill: wherever a process was killed in writing its entry,
// the others are read, and those that come later.
func TestJournalSurvivesAKill(t *testing.T) {
	f := newFolder(t)
	remember(t, f, "a", "b", "c")
	journal := f.Path("journal.jsonl")
	whole, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	last := bytes.LastIndexByte(whole[:len(whole)-1], '\n') + 1
	for cut := last; cut <= len(whole); cut++ {
		if err := os.WriteFile(journal, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		want := "a b"
		if cut >= len(whole)-1 { // all but the line end
			want = "a b c"
		}
		if got := remembered(t, f); got != want {
			t.Fatalf("with %d of %d bytes of the last entry: %q", cut-last, len(whole)-last, got)
		}
		remember(t, f, "d")
		if got := remembered(t, f); got != want+" d" {
			t.Fatalf("with %d of %d bytes of the last entry, and another: %q", cut-last, len(whole)-last, got)
		}
	}
}

func TestJournalPassesOverWhatItDoesNotKnow(t *testing.T) {
	f := newFolder(t)
	remember(t, f, "a")
	journal := f.Path("journal.jsonl")
	for _, line := range []string{"", "null", "[]", `{"report_id": 5}`, `{"other": "schema"}`, "\x00\xff", strings.Repeat("x", 3<<20)} {
		appendTo(t, journal, line+"\n")
	}
	remember(t, f, "b")
	if got := remembered(t, f); got != "a b" {
		t.Errorf("remembers %q", got)
	}
}

func appendTo(t *testing.T, name, text string) {
	t.Helper()
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteString(text); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestNobodyElseMayRead(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // the folder's own protection counts there
	}
	f := newFolder(t)
	remember(t, f, "a")
	if _, err := f.Key(32); err != nil {
		t.Fatal(err)
	}
	if err := f.RememberTokens(map[string]string{"user-1": "alice"}); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(f.Path(""))
	if err != nil || len(entries) != 3 {
		t.Fatalf("files %v, error %v", entries, err)
	}
	for _, e := range entries {
		mustHaveMode(t, f.Path(e.Name()), 0o600)
	}
	mustHaveMode(t, f.Path(""), fs.ModeDir|0o700)
}

func mustHaveMode(t *testing.T, name string, want fs.FileMode) {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode() != want {
		t.Errorf("%s: mode %v, want %v", name, info.Mode(), want)
	}
}

func TestKeyIsMadeOnceAndKept(t *testing.T) {
	f := newFolder(t)
	first, err := f.Key(32)
	if err != nil || len(first) != 32 || bytes.Equal(first, make([]byte, 32)) {
		t.Fatalf("key %x, error %v", first, err)
	}
	if again, err := f.Key(32); err != nil || !bytes.Equal(again, first) {
		t.Errorf("another key %x, error %v", again, err)
	}
	if other, err := newFolder(t).Key(32); err != nil || bytes.Equal(other, first) {
		t.Errorf("the same key for somebody else: %x, error %v", other, err)
	}
}

func TestDamagedKeyIsNamed(t *testing.T) {
	for name, content := range map[string]string{
		"no hex": "what is this?\n", "short": "0a0b\n", "half": strings.Repeat("0a", 31) + "0", "long": strings.Repeat("0a", 33),
		"empty line": "\n", "huge": strings.Repeat("0a", 1<<20),
	} {
		f := newFolder(t)
		if err := os.MkdirAll(f.Path(""), 0o700); err != nil {
			t.Fatal(err)
		}
		file := f.Path("redaction-key")
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if key, err := f.Key(32); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: key %x, error %v", name, key, err)
		}
		if kept, err := os.ReadFile(file); err != nil || string(kept) != content {
			t.Errorf("%s: was written over, error %v", name, err)
		}
	}
}

func TestTokenIsWrittenOnce(t *testing.T) {
	f := newFolder(t)
	for _, tokens := range []map[string]string{
		nil, {"user-1": "alice", "host-1": "GW01"}, {"user-1": "alice"}, {"user-1": "alice",
			"user-2": "b\n\u2028\"ob"}, {"user-2": "b\n\u2028\"ob"},
	} {
		if err := f.RememberTokens(tokens); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(f.Path("redaction-map.jsonl"))
	if err != nil || bytes.Count(text, []byte("\n")) != 3 || bytes.Count(text, []byte("alice")) != 1 {
		t.Errorf("the map is %q, error %v", text, err)
	}
	got, err := f.Tokens()
	if err != nil || len(got) != 3 || got["user-1"] != "alice" || got["host-1"] != "GW01" || got["user-2"] != "b\n\u2028\"ob" {
		t.Errorf("tokens %q, error %v", got, err)
	}
}

func TestMapSurvivesAKill(t *testing.T) {
	f := newFolder(t)
	if err := f.RememberTokens(map[string]string{"user-1": "alice", "user-2": "bob"}); err != nil {
		t.Fatal(err)
	}
	name := f.Path("redaction-map.jsonl")
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, int64(len(whole)-5)); err != nil {
		t.Fatal(err)
	}
	if err := f.RememberTokens(map[string]string{"user-1": "alice", "user-2": "bob", "user-3": "carol"}); err != nil {
		t.Fatal(err)
	}
	if got, err := f.Tokens(); err != nil || len(got) != 3 || got["user-2"] != "bob" || got["user-3"] != "carol" {
		t.Errorf("tokens %q, error %v", got, err)
	}
}

// Of several processes that write at once: goroutines each, and what each of these writes.
const (
	writers   = 4
	routines  = 20
	perWriter = 3
)

// beWriter is what such a process does: it prints the key that it got.
func beWriter(name string) int {
	f, err := state.Open()
	if err != nil {
		return fail(err)
	}
	key, err := f.Key(32)
	if err != nil {
		return fail(err)
	}
	errs := make(chan error, routines)
	for i := range routines {
		go func() { errs <- writeSome(f, fmt.Sprintf("%s-%d", name, i)) }()
	}
	for range routines {
		if err := <-errs; err != nil {
			return fail(err)
		}
	}
	fmt.Printf("%x\n", key)
	return 0
}

func writeSome(f state.Folder, name string) error {
	for i := range perWriter {
		id := fmt.Sprintf("%s-%d", name, i)
		if err := f.Remember(bundle(id)); err != nil {
			return err
		}
		if err := f.RememberTokens(map[string]string{"token-" + id: "is " + id, "common": "to all"}); err != nil {
			return err
		}
	}
	return nil
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, err)
	return 1
}

func TestManyProcessesWriteAtOnce(t *testing.T) {
	f := newFolder(t)
	var keys [writers]string
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), fmt.Sprintf("%s=w%d", writerVariable, i))
			var said bytes.Buffer
			cmd.Stderr = &said
			out, err := cmd.Output()
			if err != nil {
				t.Errorf("process %d: %v: %s", i, err, said.String())
			}
			keys[i] = string(out)
		})
	}
	all.Wait()
	for _, key := range keys {
		if key != keys[0] || len(key) != 65 {
			t.Errorf("different keys: %q", keys)
		}
	}
	mustHaveAll(t, f)
}

// mustHaveAll looks for each entry, once, and for nothing else.
func mustHaveAll(t *testing.T, f state.Folder) {
	t.Helper()
	count := make(map[string]int)
	for id := range strings.FieldsSeq(remembered(t, f)) {
		count[id]++
	}
	tokens, err := f.Tokens()
	if err != nil || tokens["common"] != "to all" {
		t.Errorf("common token %q, error %v", tokens["common"], err)
	}
	for w := range writers {
		for r := range routines {
			for i := range perWriter {
				id := fmt.Sprintf("w%d-%d-%d", w, r, i)
				if count[id] != 1 || tokens["token-"+id] != "is "+id {
					t.Errorf("%s: %d times in the journal, %q in the map", id, count[id], tokens["token-"+id])
				}
			}
		}
	}
	const sum = writers * routines * perWriter
	mustHaveLines(t, f.Path("journal.jsonl"), sum)
	mustHaveLines(t, f.Path("redaction-map.jsonl"), sum+1)
}

func mustHaveLines(t *testing.T, name string, want int) {
	t.Helper()
	text, err := os.ReadFile(name)
	if got := bytes.Count(text, []byte("\n")); err != nil || got != want {
		t.Errorf("%s: %d lines, want %d, error %v", filepath.Base(name), got, want, err)
	}
}
