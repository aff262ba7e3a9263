package cli

import (
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

var updateWidths = flag.Bool("update-widths", false, "write what is shown to testdata/widths")

// On a terminal of any width, no line is longer than it, and nothing is cut or broken inside of a word, as long as a word fits.
func TestWidths(t *testing.T) {
	t.Parallel()
	en, fr := testLog("gateway-en.evtx"), testLog("gateway-fr.evtx")
	commands := [][]string{
		{"errors", "-n", "4", en},
		{"errors", "-n", "2", "--fields", "time,id,computer,keywords,message", fr},
		{"events", "-n", "2", "--format", "text", en},
		{"diagnose", "--since", "2d", en},
		{"diagnose", "--lang", "fr", "--since", "2d", en, fr},
		{"report-id", en, fr},
		{"stats", "--until", "2017-04-21", en},
		{"stats", "--by", "level", en},
		{"stats", "--by", "computer", en, fr},
		{"firewall", en},
		{"explain", "ErrorCode=SqlFailedToConnect,'Type=X,Message=Cannot connect to SQL Database."},
		{"channels", "--all"},
		{"signatures", "show", "winsock-11001-no-such-host"},
	}
	for _, width := range []int{40, 60, 80, 200} {
		var all strings.Builder
		for _, args := range commands {
			r := runWith(t, func(ios *IOStreams) {
				onTerminal(ios)
				ios.Width, ios.Color, ios.Channels = width, false, gatewayFake()
			}, args...)
			if r.code != 0 {
				t.Fatalf("%q: exit code %d, said %s", args, r.code, r.err)
			}
			for line := range strings.Lines(r.out) {
				line = strings.TrimSuffix(line, "\n")
				if n := utf8.RuneCountInString(line); n > width && strings.Contains(strings.TrimSpace(line), " ") && args[0] != "events" {
					t.Errorf("%d columns, %q: %d in %q", width, args, n, line)
				}
			}
			all.WriteString("$ gwlogs " + strings.ReplaceAll(strings.Join(args, " "), testLog("")+string(filepath.Separator), "") + "\n" + r.out + "\n")
		}
		golden := filepath.Join("testdata", "widths", strconv.Itoa(width)+".txt")
		if *updateWidths {
			if err := os.WriteFile(golden, []byte(all.String()), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got := all.String(); got != string(want) {
			t.Errorf("%d columns: not as in %s (go test -run TestWidths -update-widths writes it)\n%s", width, golden, firstDifference(got, string(want)))
		}
	}
}

// firstDifference is the first line that differs.
func firstDifference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return strconv.Itoa(i+1) + ": " + a[i] + "\nwant " + b[i]
		}
	}
	return "one ends sooner"
}
