package evtx

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// scanned is all that a Scanner says of a log.
func scanned(t testing.TB, b []byte, pool *Pool, how int) (got []string) {
	t.Helper()
	r, err := NewReader(bytes.NewReader(b), int64(len(b)))
	if how&8 != 0 {
		r, err = NewStreamReader(bytes.NewReader(b))
	}
	if err != nil {
		return []string{err.Error()}
	}
	r.Pool, r.Recover = pool, how&1 != 0
	s := Scanner[*[]string]{
		Threads: 1 + how>>1&1,
		New:     func() *[]string { return new([]string) },
		Visit: func(out *[]string, rec *Record, err error) bool {
			if err != nil {
				*out = append(*out, err.Error())
				return false
			}
			j, jerr := rec.AppendJSON(nil)
			x, xerr := rec.AppendXML(nil)
			*out = append(*out, fmt.Sprintf("%s %v %s %v %s %q %v", j, jerr, x, xerr, rec.AppendMessage(nil), rec.Channel(), rec.Incomplete()))
			return false
		},
		Flush: func(out *[]string, p Progress) error {
			stats := p.Stats
			stats.numbers = nil
			got = append(append(got, *out...), fmt.Sprintf("%d %+v %+v", p.Pos, stats, p.Stats.Integrity()))
			*out = nil
			return nil
		},
	}
	if how&4 != 0 {
		s.Select = &Selection{IDs: []IDRange{{0, 30}}, Contains: []string{"a"}}
	}
	if err := s.Run(context.Background(), r); err != nil {
		got = append(got, err.Error())
	}
	return got
}

func samePooled(t *testing.T, b []byte, pool *Pool, how int) {
	t.Helper()
	got, want := scanned(t, b, pool, how), scanned(t, b, nil, how)
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) {
			t.Fatalf("with a Pool: %d lines, without: %d", len(got), len(want))
		}
		if got[i] != want[i] {
			t.Fatalf("with a Pool, line %d: %s", i, firstDifference(got[i], want[i]))
		}
	}
}

// poolLogs are logs of a chunk or two: built ones, our own, and others' where
// the shared corpus is at hand.
func poolLogs(t testing.TB) (logs [][]byte) {
	l := newLog()
	for range 3 {
		l.record(func() { everything(l) })
	}
	logs = append(logs, file(l.chunk()))
	paths := []string{gateway(t, "en"), gateway(t, "fr")}
	for _, pattern := range []string{"corpus/*/*.evtx", "corpus/*/*/*.evtx", "fixtures/*/*.evtx"} {
		more, _ := filepath.Glob(filepath.Join(sharedFolder(), filepath.FromSlash(pattern)))
		for i := 0; i < len(more); i += 6 {
			paths = append(paths, more[i])
		}
	}
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		logs = append(logs, b[:min(len(b), fileHeaderSize+2*chunkSize)])
	}
	return logs
}

// spoil changes some bytes of a log, and puts its checksums right, as somebody
// would who means harm.
func spoil(b []byte, random *rand.Rand) []byte {
	b = bytes.Clone(b)
	for c := b[min(fileHeaderSize, len(b)):]; len(c) >= chunkHeaderSize; c = c[min(chunkSize, len(c)):] {
		used := c[:min(chunkSize, len(c), 12<<10)]
		for range 1 + random.IntN(6) {
			if i := 128 + random.IntN(len(used)-128); random.IntN(2) == 0 {
				used[i] ^= 1 << random.IntN(8)
			} else {
				used[i] = byte(random.Uint32())
			}
		}
		seal(c[:min(chunkSize, len(c))])
	}
	return b
}

// TestPool: a log says the same, whatever logs were read with the same Pool
// before it: other ones, damaged ones, itself with a few bytes changed, it.
func TestPool(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pool := new(Pool)
	for i, log := range poolLogs(t) {
		how := i % 16
		samePooled(t, log, pool, how)
		for range 6 {
			samePooled(t, spoil(log, random), pool, how)
			how = (how + 3) % 16
		}
		samePooled(t, log, pool, how)
		if i%10 == 9 {
			pool = new(Pool) // where a spoiled log comes first
			samePooled(t, spoil(log, random), pool, how)
			samePooled(t, log, pool, how)
		}
	}
	if len(pool.walkers) == 0 || len(pool.templates.byGUID) == 0 {
		t.Error("the Pool holds nothing")
	}
}

// TestPoolSelections: what one Selection needs of a template's events says nothing of
// what the next one needs, if chunks are taken over too.
func TestPoolSelections(t *testing.T) {
	log := func(first byte, keywords uint64) []byte {
		l := newLog()
		event := func(guid byte, keywords uint64) {
			l.record(func() {
				l.fragment()
				l.instance(guid, func() {
					l.element("Event", func() {
						l.element("System", func() {
							l.element("EventID", l.hole(0, TypeUint16, false))
							l.element("Keywords", l.hole(1, TypeHexInt64, false))
							l.element("EventRecordID", l.hole(2, TypeUint64, false))
						})
					})
				}, testValue{typ: TypeUint16, raw: []byte{9, 0}}, testValue{typ: TypeHexInt64, raw: binary.LittleEndian.AppendUint64(nil, keywords)},
					testValue{typ: TypeUint64, raw: make([]byte, 8)})
				l.eof()
			})
		}
		event(first, 8)
		event(3, keywords)
		return exact(t, l)
	}
	pool := new(Pool)
	for i, scan := range []struct {
		log  []byte
		want *Selection
		n    int
	}{
		{log(1, 8), nil, 2},
		{log(2, 4), &Selection{Keywords: 8}, 1}, // another first template, and the second one where it was
		{log(2, 8), &Selection{Keywords: 8}, 2},
	} {
		r := openBytes(t, scan.log)
		r.Pool = pool
		n := 0
		s := Scanner[int]{
			Threads: 1, Select: scan.want, New: func() int { return 0 },
			Visit:      func(int, *Record, error) bool { n++; return false },
			VisitChunk: func(_ int, c *Chunk) bool { n += c.Len(); return false },
			Flush:      func(int, Progress) error { return nil },
		}
		if err := s.Run(context.Background(), r); err != nil {
			t.Fatal(err)
		}
		if n != scan.n {
			t.Errorf("log %d: %d records are wanted, not %d", i, n, scan.n)
		}
	}
}

// TestPoolShares: a log like one that was read costs next to no memory, and a
// definition is known again where its names are stored elsewhere in a chunk.
func TestPoolShares(t *testing.T) {
	log := readFile(t, gateway(t, "en"))
	pool := new(Pool)
	read := func() {
		for chunk := range 8 {
			scanned := Scanner[int]{
				Threads: 1, New: func() int { return 0 },
				Visit: func(_ int, _ *Record, err error) bool {
					if err != nil {
						t.Fatal(err)
					}
					return false
				},
				Flush: func(int, Progress) error { return nil },
			}
			b := append(file(nil), log[fileHeaderSize+chunk*chunkSize:][:chunkSize]...)
			r := openBytes(t, b)
			r.Pool = pool
			if err := scanned.Run(context.Background(), r); err != nil {
				t.Fatal(err)
			}
		}
	}
	read()
	for guid, variants := range pool.templates.byGUID {
		if len(variants) != 1 {
			t.Errorf("%d templates of %v", len(variants), GUID(guid))
		}
	}
	if n := testing.AllocsPerRun(3, read) / 8; n > 40 {
		t.Errorf("%v allocations a log", n)
	}
}

// TestPoolDamagedName: what a name was whose bytes are damaged, the rest of its
// own log says. Nothing of that goes into a Pool, not by the first template that
// has the name, nor by the second one, which finds it decided.
func TestPoolDamagedName(t *testing.T) {
	chunk := func(guids ...byte) []byte {
		l := newLog()
		for _, guid := range guids {
			l.record(func() {
				l.fragment()
				l.instance(guid, func() {
					l.element("Event", func() {
						l.system()
						l.element("EventData", func() { l.element("Thermostat", l.hole(0, TypeString, false)) })
					})
				}, testValue{typ: TypeString, raw: utf16le("x")})
				l.eof()
			})
		}
		c := l.chunk()
		binary.LittleEndian.PutUint32(c[128:], l.names["Thermostat"]) // the table by which a log knows its names
		seal(c)
		return c
	}
	damaged := bytes.Replace(chunk(2, 3), utf16le("Thermostat"), utf16le("Thgrmoqtat"), 1)
	seal(damaged)
	with, without := file(chunk(1), damaged), file(damaged)
	says := func(b []byte, name string) bool {
		lines := scanned(t, b, nil, 0)
		return slices.ContainsFunc(lines, func(s string) bool { return strings.Contains(s, "<"+name) })
	}
	if !says(with, "Thermostat") || says(with, "unreadable-") || !says(without, "unreadable-") || says(without, "Thermostat") {
		t.Fatal("the logs are not what they should be")
	}
	for _, logs := range [][2][]byte{{with, without}, {without, with}} {
		pool := new(Pool)
		samePooled(t, logs[0], pool, 0)
		samePooled(t, logs[1], pool, 0)
		samePooled(t, logs[0], pool, 1)
	}
}

// FuzzPool holds templates that are known again against those that are parsed
// anew: behind a good log the same one is read with other bytes in it.
func FuzzPool(f *testing.F) {
	chunks := seeds(f)
	for i, chunk := range chunks {
		f.Add(i, chunk)
	}
	f.Fuzz(func(t *testing.T, before int, chunk []byte) {
		if before < 0 || before >= len(chunks) || len(chunk) < chunkHeaderSize || len(chunk) > chunkSize {
			return
		}
		pool := new(Pool)
		scanned(t, append(file(nil), chunks[before]...), pool, 0)
		whole := make([]byte, chunkSize)
		copy(whole, chunk)
		seal(whole)
		samePooled(t, append(file(nil), whole...), pool, before%16)
	})
}
