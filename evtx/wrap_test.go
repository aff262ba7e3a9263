package evtx

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"testing"
)

// wrapped reports whether a log is read from another chunk on than its first.
func wrapped(log []byte) bool {
	r, err := NewReader(bytes.NewReader(log), int64(len(log)))
	return err == nil && r.file.oldest != 0
}

// turned is a log with its chunks in another order: from the one numbered from on, then from the first.
func turned(log []byte, from int) []byte {
	at := fileHeaderSize + from*chunkSize
	return slices.Concat(log[:fileHeaderSize], log[at:], log[fileHeaderSize:at])
}

// linesOf are the records of a log, and what is wrong with it, in their order.
func linesOf(t *testing.T, log []byte) (lines []string) {
	t.Helper()
	r, err := NewReader(bytes.NewReader(log), int64(len(log)))
	if err != nil {
		t.Fatal(err)
	}
	for rec, err := range r.Records() {
		if err != nil {
			lines = append(lines, "damage")
			continue
		}
		lines = append(lines, fmt.Sprint(rec.EventRecordID(), rec.TimeCreated()))
	}
	return lines
}

// TestWrapped: wherever the oldest chunk of a log lies, the records come in their order: by Records, by a Scanner forward and
// backward, by a Cursor; damaged chunks stay where they are, and from a stream the log is read as it lies.
func TestWrapped(t *testing.T) {
	t.Parallel()
	whole := readFile(t, "../testdata/gateway-en.evtx")
	want := linesOf(t, whole)
	chunks := (len(whole) - fileHeaderSize) / chunkSize
	for from := 1; from < chunks; from++ {
		log := turned(whole, from)
		if !wrapped(log) {
			t.Fatalf("from chunk %d: not seen to have wrapped", from)
		}
		if got := linesOf(t, log); !slices.Equal(got, want) {
			t.Errorf("from chunk %d: other records, or in another order", from)
		}
		read := func() *Reader {
			r, err := NewReader(bytes.NewReader(log), int64(len(log)))
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		forward, backward := scanChunks(t, read(), 3, false), scanChunks(t, read(), 3, true)
		if forward[0].chunk != chunks-from {
			t.Errorf("from chunk %d: a Scanner begins with slot %d", from, forward[0].chunk)
		}
		slices.Reverse(backward)
		if fmt.Sprint(forward) != fmt.Sprint(backward) || len(forward) != chunks {
			t.Errorf("from chunk %d: backward it is not the same", from)
		}
		if got := cursorLines(t, read()); !slices.Equal(got, want) {
			t.Errorf("from chunk %d: a Cursor gives others, or in another order", from)
		}
		if s, err := NewStreamReader(bytes.NewReader(log)); err != nil || s.file.oldest != 0 {
			t.Errorf("from chunk %d: a stream: %v", from, err)
		}
	}
}

func cursorLines(t *testing.T, r *Reader) (lines []string) {
	t.Helper()
	c, b := new(Cursor), NewBuffer(nil)
	for {
		rec, err := c.Next(r, b, func(*FormatError) { lines = append(lines, "damage") })
		if err == io.EOF {
			return lines
		}
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprint(rec.EventRecordID(), rec.TimeCreated()))
	}
}

// TestWrappedDamaged: damage where the log begins, where it ends and between changes nothing about the order of the rest.
func TestWrappedDamaged(t *testing.T) {
	t.Parallel()
	whole := readFile(t, "../testdata/gateway-en.evtx")
	const from = 9
	for _, damaged := range []int{2, from - 1, from, from + 3} {
		for what, damage := range map[string]func(chunk []byte){
			"zeros":  func(chunk []byte) { clear(chunk) },
			"header": func(chunk []byte) { chunk[40]++ },
		} {
			log := slices.Clone(whole)
			damage(log[fileHeaderSize+damaged*chunkSize:][:chunkSize])
			want := linesOf(t, log)
			if got := linesOf(t, turned(log, from)); !slices.Equal(got, want) {
				t.Errorf("chunk %d, %s: another order", damaged, what)
			}
		}
	}
}

// TestNotWrapped: what steps down twice is something put together, and read as it lies; so is a log that is cut off.
func TestNotWrapped(t *testing.T) {
	t.Parallel()
	whole := readFile(t, "../testdata/gateway-en.evtx")
	once := turned(whole, 9)
	twice := turned(once, 12)
	swapped := slices.Clone(twice)
	at := fileHeaderSize + 4*chunkSize
	copy(swapped[at:], twice[at+chunkSize:at+2*chunkSize])
	copy(swapped[at+chunkSize:], twice[at:at+chunkSize])
	for name, log := range map[string][]byte{"as it is": whole, "two steps": swapped, "cut off": once[:len(once)-100], "one chunk": whole[:fileHeaderSize+chunkSize]} {
		if wrapped(log) {
			t.Errorf("%s: seen to have wrapped", name)
		}
	}
}
