//go:build linux

package main

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// emptyLog is a log of n chunks with one record each, as far as the mutators care.
func emptyLog(n int) []byte {
	data := make([]byte, fileHeader+n*chunkSize)
	for i := range n {
		record := data[fileHeader+i*chunkSize+firstRecord:]
		binary.LittleEndian.PutUint32(record, 0x2A2A)
		binary.LittleEndian.PutUint32(record[4:], 256)
		record[30] = byte(i + 1) // no two chunks alike
	}
	return data
}

func TestMutants(t *testing.T) {
	data := emptyLog(3)
	changed := 0
	for number := range 100 * len(mutators) {
		a, kind := mutant(1, "folder/a.evtx", number, data)
		b, _ := mutant(1, "other/a.evtx", number, data)
		if !bytes.Equal(a, b) {
			t.Fatalf("%s: mutant %d is not the same the second time", kind, number)
		}
		if !bytes.Equal(a, data) {
			changed++
		}
	}
	if changed < 70*len(mutators) {
		t.Errorf("only %d of %d mutants differ from the log", changed, 100*len(mutators))
	}
	if !bytes.Equal(data, emptyLog(3)) {
		t.Error("a mutator changed the log itself")
	}
}

func TestExpectations(t *testing.T) {
	data := emptyLog(2)
	e := newExpectations()
	e.add(data[fileHeader:fileHeader+chunkSize], []byte("one\ntwo\n"))
	e.add(data[fileHeader+chunkSize:], []byte("three\n"))
	tests := []struct {
		name, output string
		want, got    int
	}{
		{"all", "one\ntwo\nthree\n", 3, 3},
		{"more between", "one\nnew\ntwo\nthree\nnew\n", 3, 3},
		{"one lost", "one\nthree\n", 3, 2},
		{"from the second chunk on", "three\none\ntwo\n", 3, 3},
		{"out of order", "two\none\nthree\n", 3, 2},
		{"changed", "one\ntwo!\nthree\n", 3, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if want, got := e.check(data, []byte(tt.output)); want != tt.want || got != tt.got {
				t.Errorf("check = %d, %d, want %d, %d", want, got, tt.want, tt.got)
			}
		})
	}

	data[fileHeader+100]++
	if want, got := e.check(data, []byte("three\n")); want != 1 || got != 1 {
		t.Errorf("a changed chunk: check = %d, %d, want 1, 1", want, got)
	}
}
