//go:build linux

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// The kernel counts what a process weighed before exec as its peak memory, and Go starts a child in the memory of its
// parent. So the programs under test are started by a small process of their own: this program once more, as a runner.
const runnerVariable = "GWLOGS_MUTATE_RUNNER"

// addressSpace ends a run that asks for absurd amounts before it takes the machine down.
const addressSpace = 8 << 30

// outcome is what a runner tells of one run.
type outcome struct {
	Code     int
	TimedOut bool
	Peak     int64 // bytes
	Elapsed  time.Duration
	Error    string // the program could not be started
}

// request asks a runner to run a program over a log, into two files.
type request struct {
	Args           []string
	Stdout, Stderr string
	Limit          time.Duration
}

// runner is a running child that runs programs, one after the other.
type runner struct {
	dir     string
	cmd     *exec.Cmd
	in      io.WriteCloser
	answers *bufio.Scanner
}

func startRunner(dir string) (*runner, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	r := &runner{dir: dir, cmd: exec.Command(self)}
	r.cmd.Env = append(os.Environ(), runnerVariable+"=1")
	r.cmd.Stderr = os.Stderr
	if r.in, err = r.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	r.answers = bufio.NewScanner(out)
	return r, r.cmd.Start()
}

func (r *runner) stop() {
	r.in.Close()
	_ = r.cmd.Wait()
}

// run answers what the program printed, and how the run went.
func (r *runner) run(limit time.Duration, args ...string) (stdout, stderr []byte, o outcome, err error) {
	q := request{args, filepath.Join(r.dir, "stdout"), filepath.Join(r.dir, "stderr"), limit}
	line, err := json.Marshal(q)
	if err != nil {
		return nil, nil, o, err
	}
	if _, err := fmt.Fprintf(r.in, "%s\n", line); err != nil {
		return nil, nil, o, err
	}
	if !r.answers.Scan() {
		return nil, nil, o, errors.Join(errors.New("the runner ended"), r.answers.Err())
	}
	if err := json.Unmarshal(r.answers.Bytes(), &o); err != nil {
		return nil, nil, o, err
	}
	if o.Error != "" {
		return nil, nil, o, errors.New(o.Error)
	}
	if stdout, err = os.ReadFile(q.Stdout); err != nil {
		return nil, nil, o, err
	}
	stderr, err = os.ReadFile(q.Stderr)
	return stdout, stderr, o, err
}

// serve is the runner's side.
func serve() {
	limit := syscall.Rlimit{Cur: addressSpace, Max: addressSpace}
	_ = syscall.Setrlimit(syscall.RLIMIT_AS, &limit)
	out := json.NewEncoder(os.Stdout)
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		var q request
		var o outcome
		err := json.Unmarshal(in.Bytes(), &q)
		if err == nil {
			o, err = q.run()
		}
		if err != nil {
			o.Error = err.Error()
		}
		_ = out.Encode(o)
	}
}

func (q request) run() (outcome, error) {
	ctx, cancel := context.WithTimeout(context.Background(), q.Limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, q.Args[0], q.Args[1:]...)
	stdout, err := os.Create(q.Stdout)
	if err != nil {
		return outcome{}, err
	}
	defer stdout.Close()
	stderr, err := os.Create(q.Stderr)
	if err != nil {
		return outcome{}, err
	}
	defer stderr.Close()
	cmd.Stdout, cmd.Stderr = stdout, stderr

	start := time.Now()
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return outcome{}, err
	}
	o := outcome{Code: cmd.ProcessState.ExitCode(), TimedOut: ctx.Err() != nil, Elapsed: time.Since(start)}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		o.Peak = usage.Maxrss << 10
	}
	return o, nil
}
