package cli

import (
	"archive/zip"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"gwlogs": func() { os.Exit(Main()) }})
}

// TestScript runs testdata/script: a file for each behaviour.
func TestScript(t *testing.T) {
	t.Parallel()
	logs, err := filepath.Abs(filepath.Join("..", "..", "testdata"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                filepath.Join("testdata", "script"),
		RequireUniqueNames: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("LOGS", logs)
			env.Setenv("GORACE", "atexit_sleep_ms=0") // or each command takes a second with -race
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":     scriptExits,
			"poke":      scriptPoke,
			"truncate":  scriptTruncate,
			"zip":       scriptZip,
			"unzip":     scriptUnzip,
			"head":      scriptHead,
			"interrupt": scriptInterrupt,

			"emptyfolder": scriptEmptyFolder,
		},
		Condition: func(cond string) (bool, error) {
			if cond == "root" { // permissions mean nothing
				return os.Geteuid() == 0, nil
			}
			return false, errors.New("unknown condition " + cond)
		},
	})
}

// scriptExits runs a command that must end with the code: exits CODE COMMAND...
func scriptExits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND...")
	}
	if got := exitCodeOf(ts, ts.Exec(args[1], args[2:]...)); strconv.Itoa(got) != args[0] {
		ts.Fatalf("exit code %d, want %s", got, args[0])
	}
}

func exitCodeOf(ts *testscript.TestScript, err error) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	ts.Fatalf("%v", err)
	return -1
}

// scriptPoke writes bytes into a file: poke FILE OFFSET HEX
func scriptPoke(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: poke FILE OFFSET HEX")
	}
	offset, err := strconv.ParseInt(args[1], 0, 64)
	ts.Check(err)
	data, err := hex.DecodeString(args[2])
	ts.Check(err)
	f, err := os.OpenFile(ts.MkAbs(args[0]), os.O_WRONLY, 0)
	ts.Check(err)
	_, err = f.WriteAt(data, offset)
	ts.Check(errors.Join(err, f.Close()))
}

// scriptUnzip writes an entry of an archive to a file: unzip ARCHIVE ENTRY FILE
func scriptUnzip(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: unzip ARCHIVE ENTRY FILE")
	}
	archive, err := zip.OpenReader(ts.MkAbs(args[0]))
	ts.Check(err)
	defer archive.Close()
	data, err := fs.ReadFile(archive, args[1])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), data, 0o666))
}

// scriptTruncate cuts a file: truncate FILE SIZE
func scriptTruncate(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: truncate FILE SIZE")
	}
	size, err := strconv.ParseInt(args[1], 0, 64)
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), size))
}

// scriptZip makes an archive: zip [-store] ARCHIVE NAME=FILE...
func scriptZip(ts *testscript.TestScript, _ bool, args []string) {
	method := zip.Deflate
	if len(args) > 0 && args[0] == "-store" {
		method, args = zip.Store, args[1:]
	}
	if len(args) < 1 || len(args)%2 != 1 {
		ts.Fatalf("usage: zip [-store] ARCHIVE [NAME FILE]...")
	}
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	archive := zip.NewWriter(f)
	for i := 1; i < len(args); i += 2 {
		w, err := archive.CreateHeader(&zip.FileHeader{Name: args[i], Method: method})
		ts.Check(err)
		_, err = io.WriteString(w, ts.ReadFile(args[i+1]))
		ts.Check(err)
	}
	ts.Check(errors.Join(archive.Close(), f.Close()))
}

// scriptHead reads the first bytes of what a command prints and closes the
// pipe, as head does: head BYTES COMMAND... The command must end with code 0
// and without a word.
func scriptHead(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: head BYTES COMMAND...")
	}
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	cmd := command(ts, args[1:])
	stdout, err := cmd.StdoutPipe()
	ts.Check(err)
	var said lockedBuffer
	cmd.Stderr = &said
	ts.Check(cmd.Start())
	_, err = io.ReadFull(stdout, make([]byte, n))
	ts.Check(errors.Join(err, stdout.Close()))
	if code := exitCodeOf(ts, cmd.Wait()); code != 0 || said.String() != "" {
		ts.Fatalf("exit code %d, stderr %q", code, said.String())
	}
}

// scriptInterrupt feeds a file to a command and then, while it waits for more,
// sends it Ctrl-C: interrupt FILE COMMAND... The command must end with code 130
// and without a word.
func scriptInterrupt(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: interrupt FILE COMMAND...")
	}
	if runtime.GOOS == "windows" { // cannot send one process Ctrl-C
		return
	}
	cmd := command(ts, args[1:])
	stdin, err := cmd.StdinPipe()
	ts.Check(err)
	var said lockedBuffer
	cmd.Stderr = &said
	ts.Check(cmd.Start())
	// More than a pipe holds: when it is written, the command is in the middle of reading.
	_, err = io.WriteString(stdin, ts.ReadFile(args[0]))
	ts.Check(err)
	ts.Check(cmd.Process.Signal(os.Interrupt))
	code := exitCodeOf(ts, cmd.Wait())
	stdin.Close()
	if code != 130 || said.String() != "" {
		ts.Fatalf("exit code %d, stderr %q", code, said.String())
	}
}

// scriptEmptyFolder fails if anything is in a folder: emptyfolder FOLDER
func scriptEmptyFolder(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: emptyfolder FOLDER")
	}
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	for _, e := range entries {
		ts.Fatalf("%s holds %s", args[0], e.Name())
	}
}

// command is a command in the script's folder and environment.
func command(ts *testscript.TestScript, args []string) *exec.Cmd {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = append(os.Environ(), "TMPDIR="+ts.Getenv("TMPDIR"), "TMP="+ts.Getenv("TMP"), "GORACE="+ts.Getenv("GORACE"))
	return cmd
}
