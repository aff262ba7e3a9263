package gentestdata

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gwlogs/gwlogs/evtx"
)

// said is what a record says that a specification may give.
type said struct {
	RecordID uint64
	Time     time.Time
	ID       uint16
	Level    evtx.Level
	Origin
	Process, Thread uint32
	Keywords        evtx.Keywords
	Texts           []string
	Binary          []byte
}

// load returns the specification of a log.
func load(t *testing.T, name string) *Spec {
	t.Helper()
	s, err := Load(specs, name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// eachLog runs f for every log that has a specification.
func eachLog(t *testing.T, f func(t *testing.T, name string, s *Spec)) {
	names, err := Names(specs)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) { f(t, name, load(t, name)) })
	}
}

// want is the specification's side.
func (s *Spec) want(t *testing.T) []said {
	var all []said
	for i := range s.Events {
		e := &s.Events[i]
		binary, err := e.Binary()
		if err != nil {
			t.Fatal(err)
		}
		w := said{s.FirstRecordID + uint64(i), e.Time.UTC(), e.ID, e.Level, e.Origin, e.Process, e.Thread, e.Keywords, e.Texts(), binary}
		if e.Keywords == 0 {
			w.Keywords = keywordsClassic
		}
		all = append(all, w)
	}
	return all
}

// read is the log's side.
func read(t *testing.T, r *evtx.Reader) []said {
	t.Helper()
	var all []said
	for rec, err := range r.Records() {
		if err != nil {
			t.Fatal(err)
		}
		g := said{
			rec.EventRecordID(), rec.TimeCreated(), rec.EventID(), rec.Level(),
			Origin{rec.Provider(), rec.Channel(), rec.Computer()},
			rec.ProcessID(), rec.ThreadID(), rec.Keywords(), nil, nil,
		}
		for _, d := range rec.AppendData(nil) {
			if d.Name == "Binary" {
				g.Binary = bytes.Clone(d.Value.Raw)
			} else {
				g.Texts = append(g.Texts, d.Value.String())
			}
		}
		all = append(all, g)
	}
	return all
}

// TestReadBack: every log says what its specification says.
func TestReadBack(t *testing.T) {
	eachLog(t, func(t *testing.T, name string, s *Spec) {
		r, err := evtx.Open(filepath.Join(testdata, name+".evtx"))
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if diff := cmp.Diff(s.want(t), read(t, r), cmp.Comparer(func(a, b []byte) bool { return bytes.Equal(a, b) }),
			cmp.Comparer(func(a, b []string) bool { return slices.Equal(a, b) })); diff != "" {
			t.Errorf("specification (-) and log (+) differ:\n%s", diff)
		}
	})
}

// TestTwoWeeks: the gateway's logs reach back two weeks, in time order.
func TestTwoWeeks(t *testing.T) {
	for name, records := range map[string]int{"gateway-en": 2709, "gateway-fr": 1958} {
		events := load(t, name).Events
		span := events[len(events)-1].Time.Sub(events[0].Time)
		if len(events) != records || span < 13*24*time.Hour || span > 14*24*time.Hour {
			t.Errorf("%s: %d events over %v", name, len(events), span)
		}
	}
}

// TestUnusedSpace: nothing lies behind the last record of a chunk.
func TestUnusedSpace(t *testing.T) {
	eachLog(t, func(t *testing.T, name string, _ *Spec) {
		b, err := os.ReadFile(filepath.Join(testdata, name+".evtx"))
		if err != nil {
			t.Fatal(err)
		}
		l, err := layOut(b)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range l.chunks {
			end := c.records[len(c.records)-1].to
			if rest := b[end : headerSize+(i+1)*chunkSize]; len(bytes.Trim(rest, "\x00")) > 0 {
				t.Errorf("chunk %d: bytes in unused space", i)
			}
		}
	})
}
