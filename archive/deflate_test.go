package archive

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"testing"
)

// deflateSizes are those at which a block begins, ends, or is empty.
var deflateSizes = []int{0, 1, deflateBlockSize - 1, deflateBlockSize, deflateBlockSize + 1, 3 * deflateBlockSize}

// sometimesRandom is data of which parts can be compressed and parts cannot.
func sometimesRandom(r *rand.Rand, size int) []byte {
	data := make([]byte, 0, size+4096)
	for len(data) < size {
		run := make([]byte, 1+r.IntN(4096))
		if r.IntN(2) == 0 {
			for i := range run {
				run[i] = byte(r.Uint32())
			}
		}
		data = append(data, run...)
	}
	return data[:size]
}

// inflated is what another implementation makes of a whole stream, which has to
// end where the data do.
func inflated(t testing.TB, stream []byte) []byte {
	t.Helper()
	in := bytes.NewReader(stream)
	r := flate.NewReader(in)
	data, err := io.ReadAll(r)
	if err != nil || in.Len() > 0 {
		t.Fatalf("inflate: %v, %d bytes left", err, in.Len())
	}
	return data
}

// deflatedInParts writes data in pieces of random sizes.
func deflatedInParts(t testing.TB, r *rand.Rand, out io.Writer, data []byte) {
	t.Helper()
	d := newDeflater(out)
	for len(data) > 0 {
		n := min(len(data), r.IntN(2*deflateBlockSize))
		if got, err := d.Write(data[:n]); got != n || err != nil {
			t.Fatalf("wrote %d of %d: %v", got, n, err)
		}
		data = data[n:]
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestDeflatedDataInflateToTheSame(t *testing.T) {
	for seed := range uint64(2) {
		r := rand.New(rand.NewPCG(1, seed))
		for _, size := range append(deflateSizes, r.IntN(4*deflateBlockSize)) {
			t.Run(fmt.Sprintf("%d of seed %d", size, seed), func(t *testing.T) {
				data := sometimesRandom(r, size)
				var out bytes.Buffer
				deflatedInParts(t, r, &out, data)
				if !bytes.Equal(inflated(t, out.Bytes()), data) {
					t.Error("other data came out")
				}
			})
		}
	}
}

// TestDeflatedHeaderGoesInFront: a log's header is compressed last.
func TestDeflatedHeaderGoesInFront(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 0))
	for _, head := range []int{0, logHeader, deflateBlockSize + 1} {
		for _, size := range deflateSizes {
			first, rest := sometimesRandom(r, head), sometimesRandom(r, size)
			stream, err := deflateBlockOf(first)
			if err != nil {
				t.Fatal(err)
			}
			out := bytes.NewBuffer(stream)
			deflatedInParts(t, r, out, rest)
			if !bytes.Equal(inflated(t, out.Bytes()), append(first, rest...)) {
				t.Errorf("other data came out of %d and %d bytes", head, size)
			}
		}
	}
}

// TestDeflatedTheSameHoweverItIsWritten: in any pieces, on any number of cores.
func TestDeflatedTheSameHoweverItIsWritten(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 0))
	data := sometimesRandom(r, 3*deflateBlockSize+77)
	want, err := deflateAll(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, cores := range []int{1, 2, 7} {
		before := runtime.GOMAXPROCS(cores)
		var out bytes.Buffer
		deflatedInParts(t, r, &out, data)
		runtime.GOMAXPROCS(before)
		if !bytes.Equal(out.Bytes(), want) {
			t.Errorf("another stream on %d cores", cores)
		}
	}
}

// fullDisk takes that many bytes.
type fullDisk struct{ room int }

func (f *fullDisk) Write(p []byte) (int, error) {
	n := min(len(p), f.room)
	if f.room -= n; n < len(p) {
		return n, io.ErrShortWrite
	}
	return n, nil
}

// TestDeflaterTellsWhenTheDiskIsFull: at the end, and nothing waits for ever.
func TestDeflaterTellsWhenTheDiskIsFull(t *testing.T) {
	data := sometimesRandom(rand.New(rand.NewPCG(4, 0)), 4*deflateBlockSize)
	stream, err := deflateAll(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, room := range []int{0, len(stream) / 2, len(stream) - 1} {
		d := newDeflater(&fullDisk{room})
		d.Write(data)
		if err := d.Close(); err != io.ErrShortWrite {
			t.Errorf("room for %d: error %v", room, err)
		}
	}
}
