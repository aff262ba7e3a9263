package cli

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/upload/uploadtest"
)

// sendFolder is a place for a send in this process: what it remembers is in
// the folder too, and the environment names no destination.
func sendFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	for name, value := range map[string]string{
		"XDG_STATE_HOME": filepath.Join(dir, "state"), "LOCALAPPDATA": filepath.Join(dir, "state"), "TMPDIR": dir, "TMP": dir,
		variableTo: "", variableFrom: "", variableUser: "", variablePassword: "", "HTTPS_PROXY": "", "HTTP_PROXY": "", "https_proxy": "", "http_proxy": "",
		"DISPLAY": "", "WAYLAND_DISPLAY": "",
	} {
		t.Setenv(name, value)
	}
	if err := os.Mkdir("drop", 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

func absoluteName(t *testing.T, name string) string {
	t.Helper()
	full, err := filepath.Abs(name)
	if err != nil {
		t.Fatal(err)
	}
	return full
}

// A person is asked once, may look at the report before, and may say no.
func TestSendAsks(t *testing.T) {
	log := absoluteName(t, testLog("secrets.evtx"))
	sendFolder(t)
	answers := func(text string) func(*IOStreams) {
		return func(ios *IOStreams) { ios.InTerminal, ios.In = true, strings.NewReader(text) }
	}
	got := runWith(t, answers("what\nn\n"), "send", "--to", "drop", "-o", "bundle.zip", log)
	if got.code != exitFailed || got.out != "" || strings.Count(got.err, "send it? [y]es, [n]o, or [v]iew the report first: ") != 2 ||
		!strings.HasSuffix(got.err, "gwlogs: nothing was sent; the bundle is bundle.zip\n") {
		t.Errorf("no: exit code %d, %q, %q", got.code, got.out, got.err)
	}
	if got := runWith(t, answers(""), "send", "--to", "drop", "bundle.zip"); got.code != exitFailed ||
		!strings.Contains(got.err, "nothing was sent") {
		t.Errorf("end of input: exit code %d, %q", got.code, got.err)
	}
	if sent, _ := os.ReadDir("drop"); len(sent) > 0 {
		t.Errorf("there is %v", sent)
	}
	got = runWith(t, answers("v\nyes\n"), "send", "--to", "drop", "bundle.zip")
	if got.code != exitDone || len(got.out) != 37 || !strings.Contains(got.err, "report.html until this ends") {
		t.Errorf("yes: exit code %d, %q, %q", got.code, got.out, got.err)
	}
	if left, _ := filepath.Glob("gwlogs-*"); len(left) > 0 {
		t.Errorf("the report is still there: %v", left)
	}
}

// planted are the secrets of the tests below, in each form that could be seen.
type planted struct{ forms []string }

func (p *planted) look(t *testing.T, where string, text []byte) {
	t.Helper()
	for _, f := range p.forms {
		if bytes.Contains(text, []byte(f)) {
			t.Errorf("%s has the secret %q", where, f)
		}
	}
}

// lookIn looks into every file of a folder.
func (p *planted) lookIn(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		p.look(t, name, []byte(name))
		data, err := os.ReadFile(name)
		p.look(t, name, data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// No output, no journal, no temporary file, no bundle and no command line has
// the signature of the URL or the password of the proxy, whatever happens.
func TestSendSecrets(t *testing.T) {
	log := absoluteName(t, testLog("gateway-en.evtx"))
	azurite, err := uploadtest.Start(true)
	if errors.Is(err, uploadtest.ErrMissing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer azurite.Stop()
	container := azurite.Container(t)
	good := uploadtest.URL(t, container, "", "rcwl")
	now := time.Now()
	expired := container + "?" + uploadtest.SAS(t, container, "", "rcwl", now.Add(-2*time.Hour), now.Add(-time.Hour))
	const password = "pl4nted/p@ss w0rd"
	secrets := &planted{forms: []string{"pl4nted", "w0rd", "Y2xlcms6cGw0bnRlZC9wQHNzIHcwcmQ"}}
	for _, u := range []string{good, expired} {
		sig := u[strings.Index(u, "sig=")+4:]
		sig, _, _ = strings.Cut(sig, "&")
		plain := strings.NewReplacer("%2B", "+", "%2F", "/", "%3D", "=").Replace(sig)
		secrets.forms = append(secrets.forms, sig, plain, sig[:len(sig)/2], plain[:16])
	}
	wrong := strings.Replace(good, "sig=", "sig=pl4nted", 1)
	proxy := uploadtest.StartProxy(t)
	proxy.User, proxy.Password = "clerk", password
	withLogin := strings.Replace(proxy.URL, "http://", "http://clerk:pl4nted%2Fp%40ss%20w0rd@", 1)

	outside := t.TempDir() // the file with the URL is the one place for it
	file := filepath.Join(outside, "url")
	if err := os.WriteFile(file, []byte(good+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := sendFolder(t)
	env := func(more ...string) []string {
		return append(append(os.Environ(), "GORACE=atexit_sleep_ms=0", "AZURE_SDK_GO_LOGGING=all", "GODEBUG=http2debug=1"), more...)
	}
	login := []string{variableUser + "=clerk", variablePassword + "=" + password}
	ca := []string{"--ca-file", azurite.CAFile, "--proxy", proxy.URL}
	const id = "06c039b9-3fb8-4b29-88ec-5f1b2a7d90c4"
	send := func(more ...string) []string { return append(append([]string{"send", "--yes"}, ca...), more...) }
	for _, tt := range []struct {
		name string
		env  []string
		args []string
		code int
		want string // on standard error
	}{
		{"no login", nil, send("--to", good, "--report-id", id, "-o", "bundle.zip", log), 1, "wants a user and a password (407)"},
		{"wrong password", []string{variableUser + "=clerk", variablePassword + "=pl4nted"}, send("--to", good, "bundle.zip"), 1,
			"does not accept the user or the password (407)"},
		{"wrong signature", login, send("--to", wrong, "bundle.zip"), 1, "does not let us in with this URL"},
		{"expired", login, send("--to="+expired, "bundle.zip"), 1, "the SAS has expired on"},
		{"unknown authority", login, []string{"send", "--yes", "--proxy", proxy.URL, "--to", good, "bundle.zip"}, 1,
			"of an authority that this computer does not know"},
		{"password as a flag", nil, []string{"send", "--yes", "--proxy", withLogin, "--to", good, "bundle.zip"}, 2,
			"does not belong on the command line"},
		{"proxy of the environment", []string{"HTTPS_PROXY=http://clerk:pl4nted@ %zz"},
			[]string{"send", "--yes", "--to", "https://acc.blob.core.windows.net/c" + good[strings.Index(good, "?"):],
				"bundle.zip"}, 1, "no URL that can be understood"},
		{"no URL", nil, []string{"send", "--yes", "--to", "https://x\x01/c?sig=pl4nted", "bundle.zip"}, 2, "no URL that can be understood"},
		{"too slow", login, []string{"send", "--yes", "--limit-rate", "1KB", "--timeout", "100ms", "--ca-file", azurite.CAFile,
			"--proxy", proxy.URL, "--to", good, "bundle.zip"}, 1, "gave up after 100ms"},
		{"presigned", login, send("--to", azurite.URL+"/x?X-Amz-Signature=pl4ntedpl4ntedpl4nted&X-Amz-Credential=pl4nted",
			"bundle.zip"), 1, "127.0.0.1"},
		{"sent", login, send("--to", good, "bundle.zip"), 0, "sent as " + id + "/bundle.zip"},
		{"again", append(login, variableTo+"="+good), send("--format", "json", "bundle.zip"), 0, "it had been sent before"},
		{"list", login, append([]string{"reports", "--from-file", file}, ca...), 0, ""},
		{"list as JSON", login, append([]string{"reports", "--from", good, "--format", "json"}, ca...), 0, ""},
		{"fetch", login, append([]string{"fetch", id, "--from", good, "-o", "back.zip"}, ca...), 0, ""},
		{"fetch what is not there", login, append([]string{"fetch", "16c039b9-3fb8-4b29-88ec-5f1b2a7d90c4", "--from", good}, ca...),
			1, "no bundle with the report ID"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cmd := exec.Command("gwlogs", tt.args...)
			cmd.Env = env(tt.env...)
			var out, errs bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &errs
			err := cmd.Run()
			if code := cmd.ProcessState.ExitCode(); code != tt.code || !strings.Contains(errs.String(), tt.want) {
				t.Errorf("exit code %d, %v, want %d and %q: %s", code, err, tt.code, tt.want, errs.String())
			}
			secrets.look(t, "standard output", out.Bytes())
			secrets.look(t, "standard error", errs.Bytes())
			secrets.lookIn(t, dir)
		})
	}
	if a, err := os.ReadFile("back.zip"); err != nil {
		t.Error(err)
	} else if b, _ := os.ReadFile("bundle.zip"); !bytes.Equal(a, b) {
		t.Error("what came back is something else")
	}
	if runtime.GOOS != "windows" {
		t.Run("interrupted", func(t *testing.T) { interruptSend(t, secrets, dir, log, env(login...), append(ca, "--to", good)) })
	}
}

// interruptSend looks at a send that is on its way, and ends it with Ctrl-C.
func interruptSend(t *testing.T, secrets *planted, dir, log string, env, where []string) {
	args := append([]string{"send", "--yes", "--limit-rate", "10KB", "-o", "second.zip"}, where...)
	cmd := exec.Command("gwlogs", append(args, log)...)
	cmd.Env = env
	var out, errs lockedBuffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(30 * time.Second)
	for state := filepath.Join(dir, "state", "gwlogs", "upload-*"); ; time.Sleep(5 * time.Millisecond) {
		if names, _ := filepath.Glob(state); len(names) > 0 {
			break
		}
		if time.Now().After(deadline) {
			cmd.Process.Kill()
			t.Fatalf("it does not begin: %s", errs.String())
		}
	}
	if runtime.GOOS == "linux" {
		line, err := os.ReadFile("/proc/" + strconv.Itoa(cmd.Process.Pid) + "/cmdline")
		if err != nil || !bytes.Contains(line, []byte("second.zip")) {
			t.Errorf("command line: %q, %v", line, err)
		}
		secrets.look(t, "the command line", line)
	}
	secrets.lookIn(t, dir)
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || out.String() != "" ||
		!strings.Contains(errs.String(), "to go on: gwlogs send second.zip --to URL, with the same URL") {
		t.Errorf("exit code %d, %q, %s", code, out.String(), errs.String())
	}
	secrets.look(t, "standard error", []byte(errs.String()))
	secrets.lookIn(t, dir)
	cmd = exec.Command("gwlogs", append(append([]string{"send", "--yes", "-q"}, where...), "second.zip")...)
	cmd.Env = env
	text, err := cmd.Output()
	if err != nil || len(text) != 37 {
		t.Errorf("going on: %v, %q", err, text)
	}
	secrets.lookIn(t, dir)
}
