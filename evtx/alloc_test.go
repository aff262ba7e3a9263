package evtx

import "testing"

// TestNoAllocation: once a log's templates are known and buffers have grown,
// a record costs no memory, whatever is done with it.
func TestNoAllocation(t *testing.T) {
	log := readFile(t, gateway(t, "en"))
	f := (&Selection{
		Levels: []Level{1, 2, 3, 4}, IDs: []IDRange{{0, 999}}, Providers: []string{"data management gateway"},
		Contains: []string{"gateway"},
	}).Filter()
	var buf []byte
	var data []Data
	found := 0
	chunk := func(w *walker, i int) {
		copy(w.d.chunk.buf[:], log[fileHeaderSize+i*chunkSize:])
		w.read(slot{index: i, n: chunkSize, span: 1}, func(r *Record, err error) bool {
			if err != nil {
				t.Fatal(err)
			}
			f.Match(r)
			buf, _ = r.AppendJSON(buf[:0])
			buf, _ = r.AppendXML(buf[:0])
			buf = r.AppendMessage(buf[:0])
			data = r.AppendData(data[:0])
			for name, v := range r.All() {
				if name == "" || v.IsNull() {
					found++
				}
			}
			if v, ok := r.Lookup("no such name"); ok || !v.IsNull() {
				t.Fatal("found what is not there")
			}
			_, _, _, _ = r.ActivityID(), r.ProviderGUID(), r.Keywords().Has(KeywordClassic), r.Level()
			_, _, _, _ = r.Provider(), r.Channel(), r.Computer(), r.TimeCreated()
			return true
		})
	}
	w := newWalker(openBytes(t, log))
	all := func() {
		for i := range (len(log) - fileHeaderSize) / chunkSize {
			chunk(w, i)
		}
	}
	all()
	records := 2500.0
	if n := testing.AllocsPerRun(5, all); n > records/100 {
		t.Errorf("%v allocations for some %v records", n, records)
	}
}
