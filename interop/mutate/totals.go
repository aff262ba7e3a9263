//go:build linux

package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"sync"
	"time"
)

// printedFailures is how many failures are told one by one.
const printedFailures = 20

// totals adds up the runs of all workers.
type totals struct {
	mu      sync.Mutex
	kinds   map[string]int
	codes   map[int]int
	want    int
	got     int
	bad     int
	peak    int64
	slowest time.Duration
}

func newTotals() *totals {
	return &totals{kinds: map[string]int{}, codes: map[int]int{}}
}

func (t *totals) add(kind string, o outcome, want, got int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kinds[kind]++
	t.codes[o.Code]++
	t.want += want
	t.got += got
	t.peak = max(t.peak, o.Peak)
	t.slowest = max(t.slowest, o.Elapsed)
}

// fail keeps a mutant that went wrong, and what gwlogs said of it.
func (t *totals) fail(folder, file string, number int, kind, why string, data, stderr []byte) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.bad++
	name, err := save(folder, file, number, data)
	if err != nil {
		return err
	}
	if t.bad <= printedFailures {
		first, _, _ := bytes.Cut(stderr, []byte("\n"))
		fmt.Printf("%s (%s): %s\n    -only '%s:%d'\n    %.300s\n", name, kind, why, filepath.Base(file), number, first)
	}
	return os.WriteFile(name+".stderr", stderr, 0o600)
}

func (t *totals) print(w io.Writer, files int) {
	n := 0
	for _, count := range t.kinds {
		n += count
	}
	fmt.Fprintf(w, "%d mutants of %d files\n", n, files)
	for _, m := range mutators {
		fmt.Fprintf(w, "  %-24s %6d\n", m.name, t.kinds[m.name])
	}
	codes := make([]int, 0, len(t.codes))
	for code := range t.codes {
		codes = append(codes, code)
	}
	sort.Ints(codes)
	for _, code := range codes {
		fmt.Fprintf(w, "exit code %d: %d\n", code, t.codes[code])
	}
	fmt.Fprintf(w, "records of untouched chunks: %d expected, %d read\n", t.want, t.got)
	fmt.Fprintf(w, "peak memory %.1f MiB, slowest run %s\n", float64(t.peak)/(1<<20), t.slowest.Round(time.Millisecond))
	fmt.Fprintf(w, "gone wrong: %d\n", t.bad)
}
