package archive

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/gwlogs/gwlogs/internal/safezip"
)

// nameCases are names of sources, with what they are called in a bundle: as a log, and as a file.
var nameCases = []struct{ source, log, file string }{
	{"Application.evtx", "Application.evtx", "Application.evtx"},
	{"APPLICATION.EVTX", "APPLICATION.evtx", "APPLICATION.EVTX"},
	{"install.log", "install.log.evtx", "install.log"},
	{"Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon-Operational.evtx", "Microsoft-Windows-Sysmon-Operational"},
	{"é日本語.evtx", "é日本語.evtx", "é日本語.evtx"},

	// Devices on Windows.
	{"NUL", "_NUL.evtx", "_NUL"},
	{"con.evtx", "_con.evtx", "_con.evtx"},
	{"aux.tar.gz", "_aux.tar.gz.evtx", "_aux.tar.gz"},
	{"COM1.log", "_COM1.log.evtx", "_COM1.log"},
	{"lpt9", "_lpt9.evtx", "_lpt9"},
	{"COM¹.evtx", "_COM¹.evtx", "_COM¹.evtx"},
	{"LPT³.a.b", "_LPT³.a.b.evtx", "_LPT³.a.b"},
	{"CLOCK$", "_CLOCK$.evtx", "_CLOCK$"},
	{"CON .tar.evtx", "_CON .tar.evtx", "_CON .tar.evtx"},
	{"\u200bNUL", "_NUL.evtx", "_NUL"},
	{"COM10.evtx", "COM10.evtx", "COM10.evtx"},
	{"CONSOLE.evtx", "CONSOLE.evtx", "CONSOLE.evtx"},

	// What cannot be seen, and what turns text around.
	{"a\x00b\x1b[2J\r\n\x7f\u0085.evtx", "ab[2J.evtx", "ab[2J.evtx"},
	{"a\u202excod\u202c.evtx", "axcod.evtx", "axcod.evtx"},
	{"a\u2066b\u2069\ufeff\u200d.evtx", "ab.evtx", "ab.evtx"},
	{"a\u2028b\u2029.evtx", "ab.evtx", "ab.evtx"},
	{"a\xff\xfe.evtx", "a.evtx", "a.evtx"},

	// Paths.
	{"../../etc/passwd", "..-..-etc-passwd.evtx", "..-..-etc-passwd"},
	{`C:\Windows\a.evtx`, "C--Windows-a.evtx", "C--Windows-a.evtx"},
	{`\\server\share`, "--server-share.evtx", "--server-share"},
	{`a<b>c:d"e|f?g*.evtx`, "a-b-c-d-e-f-g-.evtx", "a-b-c-d-e-f-g-.evtx"},

	// Dots, spaces, nothing.
	{"", "log.evtx", "log"},
	{".", "log.evtx", "log"},
	{"..", "log.evtx", "log"},
	{"...", "log.evtx", "log"},
	{" . ", "log.evtx", "log"},
	{"a. . .evtx", "a.evtx", "a.evtx"},
	{"a.txt. ", "a.txt.evtx", "a.txt"},
	{".evtx", "log.evtx", "log.evtx"},
	{".bashrc", ".bashrc.evtx", "log.bashrc"},
	{"\u202e", "log.evtx", "log"},

	{strings.Repeat("a", 300) + ".evtx", strings.Repeat("a", 100) + ".evtx", strings.Repeat("a", 100) + ".evtx"},
	{strings.Repeat("é", 300) + ".evtx", strings.Repeat("é", 50) + ".evtx", strings.Repeat("é", 50) + ".evtx"},
	{strings.Repeat("日", 300), strings.Repeat("日", 33) + ".evtx", strings.Repeat("日", 33)},
	{"a." + strings.Repeat("b", 300), "a." + strings.Repeat("b", 98) + ".evtx", "a." + strings.Repeat("b", 99)},
	{strings.Repeat("a", 99) + ". b.evtx", strings.Repeat("a", 99) + ".evtx", strings.Repeat("a", 99) + ".evtx"},
}

func TestNamesOfEntries(t *testing.T) {
	for _, c := range nameCases {
		if got := new(names).entry(LogFolder, c.source, ".evtx"); got != LogFolder+c.log {
			t.Errorf("log %q is called %q, want %q", c.source, got, LogFolder+c.log)
		}
		if got := new(names).entry(FileFolder, c.source, ""); got != FileFolder+c.file {
			t.Errorf("file %q is called %q, want %q", c.source, got, FileFolder+c.file)
		}
	}
}

func TestNamesOfEntriesAreSafeToUnpack(t *testing.T) {
	var n names
	var all []string
	for _, c := range nameCases {
		all = append(all, n.entry(LogFolder, c.source, ".evtx"), n.entry(FileFolder, c.source, ""))
	}
	mustUnpack(t, all)
}

// TestNamesOfEntriesDoNotMeet: on systems that do not tell case apart either,
// in any alphabet.
func TestNamesOfEntriesDoNotMeet(t *testing.T) {
	var n names
	var all []string
	for _, source := range []string{
		"a.evtx", "A.EVTX", "a.evtx", "a-2.evtx", "A-2.evtx", "a", "\u200ba.evtx", "a .evtx",
		"NUL", "_NUL", "nul.evtx",
		"straße.evtx", "STRAẞE.evtx", "σ.evtx", "ς.evtx", "Σ.evtx", "K.evtx", "\u212a.evtx", "s.evtx", "\u017f.evtx",
		strings.Repeat("a", 100), strings.Repeat("a", 101), strings.Repeat("A", 102),
	} {
		all = append(all, n.entry(LogFolder, source, ".evtx"))
	}
	mustUnpack(t, all)
}

func FuzzNamesOfEntries(f *testing.F) {
	for _, c := range nameCases {
		f.Add(c.source, c.log)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		var n names
		mustUnpack(t, []string{
			ManifestName, n.entry(LogFolder, a, ".evtx"), n.entry(LogFolder, b, ".evtx"), n.entry(LogFolder, a, ".evtx"),
			n.entry(FileFolder, a, ""), n.entry(FileFolder, b, ""),
		})
	})
}

// mustUnpack puts files of these names into a zip, which nothing must be wrong with.
func mustUnpack(t *testing.T, names []string) {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i, name := range names {
		h := &zip.FileHeader{Name: name, Flags: flagUTF8, Method: zip.Store}
		if _, err := w.CreateRaw(h); err != nil {
			t.Fatalf("%d: %v", i, err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	zip, err := safezip.Open(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range zip.Problems() {
		t.Error(p)
	}
	if t.Failed() {
		t.Logf("%q", names)
	}
}
