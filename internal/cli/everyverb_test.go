package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/internal/state"
)

// sourceVerbs are the verbs that take SOURCEs, with what else they need. Each prints something about a good log.
func sourceVerbs(dir string) map[string][]string {
	return map[string][]string{
		"events":         {"events", "--format", "csv"},
		"events as evtx": {"events", "--format", "evtx", "-o", filepath.Join(dir, "out.evtx")},
		"errors":         {"errors"},
		"newest first":   {"events", "--reverse", "-n", "1000000"},
		"stats":          {"stats"},
		"report-id":      {"report-id"},
		"diagnose":       {"diagnose"},
		"firewall":       {"firewall", "--format", "csv"},
		"diagnose page":  {"diagnose", "--report", filepath.Join(dir, "report.html")},
		"archive":        {"archive", "-o", filepath.Join(dir, "out.zip")},
		"identities":     {"archive", "--redact", "identities", "-o", filepath.Join(dir, "out.zip")},
		"dry run":        {"archive", "--dry-run"},
		"send":           {"send", "--yes", "--to", filepath.Join(dir, "drop"), "-o", filepath.Join(dir, "sent.zip")},
	}
}

// Every verb reads what it can of its sources, says what it cannot, and has the exit code for that.
func TestEveryVerb(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	memory := func() (state.Folder, error) { return state.In(filepath.Join(dir, "state")), nil }
	copyTo := func(name, from string) string {
		name = filepath.Join(dir, name)
		data, err := os.ReadFile(testLog(from))
		if err == nil {
			err = os.WriteFile(name, data, 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
		return name
	}
	damaged := copyTo("damaged.evtx", "problems-fr.evtx")
	if f, err := os.OpenFile(damaged, os.O_WRONLY, 0); err != nil {
		t.Fatal(err)
	} else if _, err = f.WriteAt([]byte{0xff, 0xff}, 4200); err != nil {
		t.Fatal(err)
	} else if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	good := testLog("problems-en.evtx")
	packed := filepath.Join(dir, "packed.evtx") // of a text, diagnose can make something
	if err := os.WriteFile(packed, []byte("7z\xbc\xaf\x27\x1c\x00"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "drop"), 0o777); err != nil {
		t.Fatal(err)
	}
	vanishing := filepath.Join(dir, "vanishing.evtx")

	for _, tt := range []struct {
		name    string
		sources []string
		code    int
		says    []string // on standard error
	}{
		{"one", []string{good}, exitDone, nil},
		{"two", []string{good, testLog("problems-fr.evtx")}, exitDone, nil},
		{"a damaged one", []string{damaged, good}, exitPartial,
			[]string{"damaged.evtx: chunk 0 at 0x1000: chunk header checksum is wrong", "1 damaged place in 1 of 2 logs; the rest was read"}},
		{"one that is none", []string{good, packed}, exitPartial, []string{"packed.evtx: is a 7z archive\nhint: "}},
		{"one that vanishes", []string{vanishing, good}, exitPartial, []string{"vanishing.evtx: no such file or folder\nhint: "}},
		{"one that vanishes, alone", []string{vanishing}, exitFailed, []string{"vanishing.evtx: no such file or folder\nhint: "}},
		{"one that is not there", []string{good, filepath.Join(dir, "never.evtx")}, exitPartial,
			[]string{"never.evtx: no such file or folder\nhint: "}},
		{"none", []string{filepath.Join(dir, "never.evtx")}, exitFailed, []string{"never.evtx: no such file or folder\nhint: "}},
	} {
		for verb, args := range sourceVerbs(dir) {
			merges := []string{"", "--merge"}
			if args[0] != "events" && args[0] != "report-id" && tt.name != "two" {
				merges = merges[:1] // it makes no difference there, which one case is enough to show
			}
			for _, merge := range merges {
				// Now is asked once the logs are found, and before they are opened.
				args := append(append([]string{args[0], "--relative-to", "now", "--since", "2000-01-01"}, args[1:]...), tt.sources...)
				if merge != "" {
					args = append(args, merge)
				}
				copyTo("vanishing.evtx", "short.evtx")
				r := runWith(t, func(ios *IOStreams) {
					now := ios.Now
					ios.State = memory
					ios.Now = func() time.Time { os.Remove(vanishing); return now() }
				}, args...)
				if r.code != tt.code {
					t.Errorf("%s, %s %s: exit code %d, want %d\n%s", tt.name, verb, merge, r.code, tt.code, r.err)
				}
				for _, says := range tt.says {
					if !strings.Contains(r.err, says) {
						t.Errorf("%s, %s %s: does not say %q:\n%s", tt.name, verb, merge, says, r.err)
					}
				}
				if strings.Contains(r.err, "panic") || tt.code == exitDone && strings.Contains(r.err, "hint:") {
					t.Errorf("%s, %s %s: %s", tt.name, verb, merge, r.err)
				}
				if tt.code != exitFailed && verb != "events as evtx" && verb != "report-id" && r.out == "" {
					t.Errorf("%s, %s %s: no output", tt.name, verb, merge)
				}
			}
		}
	}
}
