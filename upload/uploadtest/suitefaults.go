package uploadtest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/upload"
)

// Whatever goes wrong on the way, with every request at first or with many by
// chance: what arrives is the bundle, once.
func (s Suite) faults(t *testing.T) {
	for _, fault := range Faults() {
		t.Run(fault.String(), func(t *testing.T) {
			p, o, _ := s.place(t)
			proxy := StartProxy(t)
			proxy.Choose = firstTime(fault)
			if fault == Stall {
				o.Stall = 300 * time.Millisecond
			}
			s.throughProxy(t, p, o, proxy)
			if proxy.Did(fault) == 0 {
				t.Error("nothing went wrong")
			}
		})
	}
	for seed := range uint64(3) {
		t.Run(fmt.Sprintf("by chance %d", seed), func(t *testing.T) {
			p, o, _ := s.place(t)
			proxy := StartProxy(t)
			r := rand.New(rand.NewPCG(seed, 0))
			proxy.Choose = func(int, *Request) Fault {
				return []Fault{None, None, None, None, Reset, LostAnswer, Error500, Truncated, Twice, Corrupt}[r.IntN(10)]
			}
			o.Retry.Attempts = 20
			s.throughProxy(t, p, o, proxy)
		})
	}
}

func (s Suite) throughProxy(t *testing.T, p Place, o upload.Options, proxy *Proxy) {
	t.Helper()
	var err error
	if o.Proxy.URL, err = upload.ParseProxy(proxy.URL); err != nil {
		t.Fatal(err)
	}
	o.Parallel = 1
	d := Open(t, p, o)
	b := NewBundle(16, 5*Block+17)
	if _, err := d.Send(t.Context(), b, nil); err != nil {
		t.Fatal(err)
	}
	if data, _ := Fetched(t, d, ReportID); !bytes.Equal(data, Content(t, b)) {
		t.Error("something else came back")
	}
}

// firstTime lets every request fail once; of those that take their time, two.
func firstTime(fault Fault) func(int, *Request) Fault {
	failed := map[string]bool{}
	return func(_ int, r *Request) Fault {
		what := r.Method + r.URL.Path + r.URL.Query().Get("comp") + r.URL.Query().Get("blockid")
		if failed[what] || (fault == Busy503 || fault == Stall) && len(failed) == 2 {
			return None
		}
		failed[what] = true
		return fault
	}
}
