package tables

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/gwlogs/gwlogs/evtx"
)

func BenchmarkEventParquet(b *testing.B) {
	r, err := evtx.Open(filepath.Join("..", "..", "testdata", "gateway-en.evtx"))
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	rows := NewEventRows(Packed)
	file := NewParquet(io.Discard, Events())
	var dst []byte
	b.SetBytes(r.Size())
	b.ReportAllocs()
	for b.Loop() {
		for rec, err := range r.Records() {
			if err != nil {
				b.Fatal(err)
			}
			dst, _ = rows.Append(dst[:0], rec)
			if err := file.Add(dst); err != nil {
				b.Fatal(err)
			}
		}
	}
	if err := file.Close(); err != nil {
		b.Fatal(err)
	}
}

// The file depends on the rows alone, not on the pieces they come in, also where it has several row groups.
func TestParquetPieces(t *testing.T) {
	t.Parallel()
	var all [][]byte
	rows := NewEventRows(Packed)
	records(t, "gateway-en.evtx", func(rec *evtx.Record) {
		row, err := rows.Append(nil, rec)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, row)
	})
	write := func(size int) (file []byte, groups int) {
		var b bytes.Buffer
		p := NewParquet(&b, Events())
		p.groupBytes = 1 << 20
		var piece []byte
		for range 4 {
			for i, row := range all {
				if piece = append(piece, row...); i%size == 0 {
					if err := p.Add(piece); err != nil {
						t.Fatal(err)
					}
					piece = piece[:0]
				}
			}
		}
		if err := cmp.Or(p.Add(piece), p.Close()); err != nil {
			t.Fatal(err)
		}
		f, err := parquet.OpenFile(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			t.Fatal(err)
		}
		if int(f.NumRows()) != 4*len(all) {
			t.Fatalf("%d rows of %d", f.NumRows(), 4*len(all))
		}
		return b.Bytes(), len(f.RowGroups())
	}
	want, groups := write(1)
	if groups < 3 {
		t.Fatalf("%d row groups: too few to tell anything", groups)
	}
	for _, size := range []int{2, 7, 1000, 1 << 20} {
		if got, _ := write(size); !bytes.Equal(got, want) {
			t.Errorf("another file of pieces of %d rows", size)
		}
	}
}

// An empty table is a file with columns.
func TestParquetEmpty(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := NewParquet(&b, Events()).Close(); err != nil {
		t.Fatal(err)
	}
	f, err := parquet.OpenFile(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil || f.NumRows() != 0 || len(f.Schema().Fields()) != len(Events().Columns) {
		t.Errorf("%v", err)
	}
}

// Nothing grows with the number of rows, whatever is in them: of an event, which has 64 KiB, the channel and what it says are as
// long as they can be here, and other than all before.
func TestParquetMemory(t *testing.T) {
	columns := Events().Columns
	p := NewParquet(io.Discard, Events())
	var row packedRow
	random := rand.NewChaCha8([32]byte{})
	noise := func() {
		row.dst = binary.AppendUvarint(row.dst, 30_001)
		row.dst = slices.Grow(row.dst, 30_000)[:len(row.dst)+30_000]
		random.Read(row.dst[len(row.dst)-30_000:])
	}
	live := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	most, early := uint64(0), uint64(0)
	for i := range 6000 { // 540 MB of what cannot be compressed, in 33 row groups
		row.begin(row.dst[:0])
		for _, c := range columns {
			switch c.Type {
			case Text:
				if c.Name == "channel" || c.Name == "message" {
					noise()
				} else {
					row.text(c.Name)
				}
			case Pairs:
				row.list()
				row.dst = append(row.dst, 1)
				row.text("name")
				noise()
				row.end()
			case Boolean:
				row.boolean(true)
			default:
				row.integer(int64(random.Uint64()))
			}
		}
		if err := p.Add(row.done()); err != nil {
			t.Fatal(err)
		}
		if i%61 == 0 { // which is no multiple of a row group
			if most = max(most, live()); i < 500 {
				early = most
			}
		}
	}
	t.Logf("%d MiB, %d MiB of them early", most>>20, early>>20)
	if most > 96<<20 || most > early+early/2 {
		t.Errorf("takes %d MiB, after %d MiB early", most>>20, early>>20)
	}
}
