//go:build linux

// Command mutate damages logs in many ways and runs gwlogs over each: it must not panic, hang, take more than 64 MiB,
// or lose a record of a chunk that was left as it was.
//
//	go run ./interop/mutate [-n 10000] [-seed 1] [-only FILE:NUMBER] [FOLDER...]
//
// The same seed gives the same mutants. Those that gwlogs fails on are kept, and their folder is printed.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"
)

type options struct {
	gwlogs  string
	mutants int
	seed    uint64
	limit   time.Duration
	memory  int64
	keep    string
}

func main() {
	if os.Getenv(runnerVariable) != "" {
		serve()
		return
	}
	var o options
	flag.StringVar(&o.gwlogs, "gwlogs", fallback(os.Getenv("GWLOGS"), "dist/gwlogs"), "the program under test")
	flag.IntVar(&o.mutants, "n", 10000, "number of mutants")
	flag.Uint64Var(&o.seed, "seed", 1, "seed of the mutations")
	flag.DurationVar(&o.limit, "time", 10*time.Second, "time limit of a run")
	flag.Int64Var(&o.memory, "memory", 64<<20, "peak memory that a run may take, in bytes")
	flag.StringVar(&o.keep, "keep", filepath.Join(os.TempDir(), "gwlogs-mutants"), "folder for the mutants that fail")
	only := flag.String("only", "", "FILE:NUMBER: write this one mutant to the folder and end")
	flag.Parse()

	if err := run(o, *only, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

func fallback(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func run(o options, only string, folders []string) error {
	if len(folders) == 0 {
		folders = defaultFolders()
	}
	files, err := logs(folders)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("no .evtx file in %s", strings.Join(folders, " "))
	}
	if only != "" {
		return writeOne(o, files, only)
	}
	if o.gwlogs, err = filepath.Abs(o.gwlogs); err != nil {
		return err
	}
	if _, err := os.Stat(o.gwlogs); err != nil {
		return fmt.Errorf("%w; make build makes it", err)
	}

	work := make(chan job)
	go func() {
		defer close(work)
		for i, file := range files {
			// Every file gets its share, the first ones one more where it does not come out even.
			n := o.mutants / len(files)
			if i < o.mutants%len(files) {
				n++
			}
			work <- job{file, n}
		}
	}()
	total := newTotals()
	errs := make([]error, runtime.NumCPU())
	var workers sync.WaitGroup
	for w := range errs {
		workers.Go(func() { errs[w] = mutateAll(o, work, total) })
	}
	workers.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	total.print(os.Stdout, len(files))
	if total.bad > 0 {
		return fmt.Errorf("%d mutants went wrong; they are in %s", total.bad, o.keep)
	}
	return nil
}

// defaultFolders are those of interop/compare.
func defaultFolders() []string {
	shared := fallback(os.Getenv("GWLOGS_SHARED"), filepath.Join("..", "shared"))
	var found []string
	for _, folder := range []string{filepath.Join(shared, "corpus"), filepath.Join(shared, "fixtures"), "testdata"} {
		if _, err := os.Stat(folder); err == nil {
			found = append(found, folder)
		}
	}
	return found
}

// logs are the files in the folders, but those too small to be mutated as a log.
func logs(folders []string) ([]string, error) {
	var found []string
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.EqualFold(filepath.Ext(name), ".evtx") {
				return err
			}
			info, err := d.Info()
			if err == nil && info.Size() >= fileHeader+chunkSize {
				found = append(found, name)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// job is one log and how many mutants of it are wanted.
type job struct {
	file string
	n    int
}

// mutant makes the number-th mutant of a file; the same for the same seed, whatever the folder is called.
func mutant(seed uint64, file string, number int, data []byte) ([]byte, string) {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s:%d", filepath.Base(file), number)
	r := rand.New(rand.NewPCG(seed, h.Sum64()))
	m := mutators[number%len(mutators)]
	return m.mutate(r, bytes.Clone(data)), m.name
}

func mutateAll(o options, work <-chan job, total *totals) error {
	dir, err := os.MkdirTemp("", "gwlogs-mutate-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	r, err := startRunner(dir)
	if err != nil {
		return err
	}
	defer r.stop()
	for j := range work {
		if err := mutateOne(o, r, j, total); err != nil {
			return fmt.Errorf("%s: %w", j.file, err)
		}
	}
	return nil
}

func mutateOne(o options, r *runner, j job, total *totals) error {
	data, err := os.ReadFile(j.file)
	if err != nil || j.n == 0 {
		return err
	}
	e, err := expect(o, r, data)
	if err != nil {
		return err
	}
	name := filepath.Join(r.dir, "mutant.evtx")
	// Files with few mutants do not all get the first kinds: where a file begins depends on its name.
	h := fnv.New32a()
	fmt.Fprint(h, filepath.Base(j.file))
	first := int(h.Sum32() % uint32(len(mutators)))
	for number := first; number < first+j.n; number++ {
		changed, kind := mutant(o.seed, j.file, number, data)
		if err := os.WriteFile(name, changed, 0o600); err != nil {
			return err
		}
		stdout, stderr, outcome, err := runOver(o, r, name)
		if err != nil {
			return err
		}
		want, got := e.check(changed, stdout)
		why := misbehaved(outcome, stderr)
		switch {
		case why != "":
		case outcome.Peak > o.memory:
			why = fmt.Sprintf("took %.1f MiB", float64(outcome.Peak)/(1<<20))
		case got < want:
			why = fmt.Sprintf("lost %d of the %d records of untouched chunks", want-got, want)
		}
		total.add(kind, outcome, want, got)
		if why != "" {
			if err := total.fail(o.keep, j.file, number, kind, why, changed, stderr); err != nil {
				return err
			}
		}
	}
	return nil
}

// runOver runs gwlogs over a log; once more when it did not end in time, since the machine may have been busy otherwise.
func runOver(o options, r *runner, name string) (stdout, stderr []byte, out outcome, err error) {
	for range 2 {
		stdout, stderr, out, err = r.run(o.limit, o.gwlogs, "events", "--format", "jsonl", "--threads", "1", name)
		if err != nil || !out.TimedOut {
			break
		}
	}
	return stdout, stderr, out, err
}

// misbehaved says what no input may ever do to gwlogs, or "".
func misbehaved(o outcome, stderr []byte) string {
	switch {
	case o.TimedOut:
		return "no end in time"
	case bytes.Contains(stderr, []byte("goroutine ")) || bytes.Contains(stderr, []byte("panic:")):
		return "panic"
	case o.Code != 0 && o.Code != 1 && o.Code != 3:
		return fmt.Sprintf("exit code %d", o.Code)
	}
	return ""
}

// writeOne writes the mutant FILE:NUMBER to the folder for mutants.
func writeOne(o options, files []string, only string) error {
	at := strings.LastIndexByte(only, ':')
	if at < 0 {
		return errors.New("-only wants FILE:NUMBER")
	}
	var number int
	if _, err := fmt.Sscan(only[at+1:], &number); err != nil {
		return errors.New("-only wants FILE:NUMBER")
	}
	for _, file := range files {
		if filepath.Base(file) != only[:at] {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		changed, kind := mutant(o.seed, file, number, data)
		name, err := save(o.keep, file, number, changed)
		fmt.Println(name, kind)
		return err
	}
	return fmt.Errorf("no file %s", only[:at])
}

func save(folder, file string, number int, data []byte) (string, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	name := filepath.Join(folder, fmt.Sprintf("%s-%d.evtx", strings.TrimSuffix(filepath.Base(file), ".evtx"), number))
	return name, os.WriteFile(name, data, 0o600)
}
