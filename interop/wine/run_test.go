//go:build wine

package wine

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The channels that most tests have. Times and counts are those of testdata.
const (
	gatewayChannel    = "Integration Runtime"
	connectorsChannel = "Connectors - Integration Runtime"
)

// command is gwlogs.exe under wine, with channels that the stand-in serves.
type command struct {
	t        *testing.T
	exe      string
	dir      string
	channels map[string]string // name: FILE, or FILE|EXPORT|OLDEST; nil for those of testdata
	env      []string          // WEVT_FAIL=…
	debug    string            // WINEDEBUG
	trace    string
	mine     []string // temporary files that may be there
}

// result is what a run came to.
type result struct {
	code     int
	out, err string
	trace    []string // the calls of the event log API
}

// work is the folder of the script: gwlogs.exe, gwlogs, traces, cover.
func work() string { return os.Getenv("GWLOGS_WINE") }

// windowsPath is a path as programs under wine see it.
func windowsPath(path string) string {
	full, err := filepath.Abs(path)
	if err != nil {
		panic(err)
	}
	return "Z:" + strings.ReplaceAll(full, "/", `\`)
}

func testLog(name string) string { return filepath.Join("..", "..", "testdata", name) }

func newCommand(t *testing.T) *command {
	t.Helper()
	if work() == "" {
		t.Fatal("run interop/wine/test: it sets up what this test needs")
	}
	name := strings.NewReplacer("/", "-", " ", "-").Replace(t.Name())
	trace := filepath.Join(work(), "traces", name)
	return &command{t: t, exe: filepath.Join(work(), "gwlogs.exe"), dir: t.TempDir(), debug: "-all", trace: trace}
}

// served is the environment variable that tells the stand-in of the channels.
func (c *command) served() string {
	channels := c.channels
	wholeLog := testLog("gateway-en.evtx") + "|" + testLog("gateway-en.evtx") + "|8813"
	if channels == nil {
		channels = map[string]string{
			"Application": testLog("short.evtx"), gatewayChannel: wholeLog, connectorsChannel: testLog("problems-en.evtx"),
		}
	}
	var all []string
	for name, files := range channels {
		var paths []string
		for file := range strings.SplitSeq(files, "|") {
			if _, err := strconv.Atoi(file); err != nil {
				file = windowsPath(file)
			}
			paths = append(paths, file)
		}
		all = append(all, name+"="+strings.Join(paths, "|"))
	}
	return "WEVT_CHANNELS=" + strings.Join(all, ";")
}

func (c *command) start(ctx context.Context, args ...string) (*exec.Cmd, *bytes.Buffer, *bytes.Buffer) {
	cmd := exec.CommandContext(ctx, "wine", append([]string{c.exe}, args...)...)
	var out, errs bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = c.dir, &out, &errs
	cmd.WaitDelay = 5 * time.Second
	cmd.Env = append(os.Environ(), c.served(), "WEVT_TRACE="+windowsPath(c.trace),
		"GOCOVERDIR="+windowsPath(filepath.Join(work(), "cover", "exe")), "WINEDEBUG="+c.debug)
	cmd.Env = append(cmd.Env, c.env...)
	return cmd, &out, &errs
}

// run runs gwlogs.exe to its end. Nothing may be left in the folder for temporary files.
func (c *command) run(args ...string) result {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	before := c.traced()
	cmd, out, errs := c.start(ctx, args...)
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		c.t.Fatalf("%v\n%s", err, errs)
	}
	if left := leftovers(c.t); !slices.Equal(left, c.mine) {
		c.t.Errorf("%q left %q", args, left)
	}
	return result{cmd.ProcessState.ExitCode(), plain(out), plain(errs), c.traced()[len(before):]}
}

func plain(b *bytes.Buffer) string { return strings.ReplaceAll(b.String(), "\r\n", "\n") }

func (c *command) traced() []string {
	data, err := os.ReadFile(c.trace)
	if err != nil {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
}

// leftovers are the files and folders of gwlogs among the temporary ones.
func leftovers(t *testing.T) []string {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(os.Getenv("WINEPREFIX"), "drive_c", "users", "*", "Temp", "gwlogs-*"))
	more, err2 := filepath.Glob(filepath.Join(os.Getenv("WINEPREFIX"), "drive_c", "windows", "[Tt]emp", "gwlogs-*"))
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	return append(left, more...)
}

// exports are the calls of EvtExportLog, the random part of the target made plain.
func (r *result) exports() []string {
	random := regexp.MustCompile(`"C:\\users\\[^\\]*\\(AppData\\Local\\)?Temp\\gwlogs-live-\d+-[0-9A-Z]{12}\\`)
	var calls []string
	for _, line := range r.trace {
		if strings.HasPrefix(line, "EvtExportLog(") {
			calls = append(calls, random.ReplaceAllString(line, `"TEMP\`))
		}
	}
	return calls
}

// export is a call of EvtExportLog as exports shows it.
func export(channel, query, file string) string {
	return `EvtExportLog(0000000000000000, "` + channel + `", "` + query + `", "TEMP\` + file + `", 0x1)`
}

// linux runs gwlogs of this system on a file, which says what has to come out.
func linux(t *testing.T, args ...string) (out string, code int) {
	t.Helper()
	cmd := exec.Command(filepath.Join(work(), "gwlogs"), args...)
	data, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(data), cmd.ProcessState.ExitCode()
}

func wantCode(t *testing.T, r result, code int) {
	t.Helper()
	if r.code != code {
		t.Fatalf("exit code %d, want %d\n%s%s", r.code, code, cut(r.out), cut(r.err))
	}
}

// cut shortens what a test says.
func cut(text string) string {
	if len(text) > 500 {
		return text[:500] + "…\n"
	}
	return text
}

func wantLines(t *testing.T, got string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains("\n"+got, "\n"+line+"\n") {
			t.Errorf("no line %q in\n%s", line, got)
		}
	}
}
