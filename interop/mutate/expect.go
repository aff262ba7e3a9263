//go:build linux

package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"hash/maphash"
	"os"
	"path/filepath"
	"slices"
)

// expectations are the lines that gwlogs prints of each chunk of a log when the chunk is alone in it: a chunk that a
// mutation left as it was must still give them, whatever happened around it.
type expectations struct {
	seed  maphash.Seed
	lines map[[sha256.Size]byte][]uint64
}

func newExpectations() *expectations {
	return &expectations{maphash.MakeSeed(), map[[sha256.Size]byte][]uint64{}}
}

// add says that chunk gives the lines of output.
func (e *expectations) add(chunk, output []byte) { e.lines[sha256.Sum256(chunk)] = e.hashes(output) }

// expect runs gwlogs over each chunk of a log.
func expect(o options, r *runner, data []byte) (*expectations, error) {
	e := newExpectations()
	name := filepath.Join(r.dir, "chunk.evtx")
	for at := fileHeader; at+chunkSize <= len(data); at += chunkSize {
		chunk := data[at : at+chunkSize]
		alone := append(append([]byte(nil), data[:fileHeader]...), chunk...)
		if err := os.WriteFile(name, alone, 0o600); err != nil {
			return nil, err
		}
		stdout, stderr, outcome, err := runOver(o, r, name)
		if err != nil {
			return nil, err
		}
		if why := misbehaved(outcome, stderr); why != "" {
			return nil, fmt.Errorf("chunk at 0x%x alone: %s", at, why)
		}
		e.add(chunk, stdout)
	}
	return e, nil
}

func (e *expectations) hashes(output []byte) []uint64 {
	var found []uint64
	for line := range bytes.Lines(output) {
		found = append(found, maphash.Bytes(e.seed, line))
	}
	return found
}

// check answers how many lines the untouched chunks of mutant must give, and how many of them output has: those of a
// chunk in order, the chunks in that of the file, which begins with the oldest one of a log that has wrapped.
func (e *expectations) check(mutant, output []byte) (want, got int) {
	have, next, wrapped := e.hashes(output), 0, false
	for at := fileHeader; at+chunkSize <= len(mutant); at += chunkSize {
		for i, line := range e.lines[sha256.Sum256(mutant[at:at+chunkSize])] {
			want++
			found := slices.Index(have[next:], line)
			if first := slices.Index(have, line); found < 0 && i == 0 && !wrapped && first >= 0 {
				wrapped, next, found = true, 0, first
			}
			if found >= 0 {
				got++
				next += found + 1
			}
		}
	}
	return want, got
}
