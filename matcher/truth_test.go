package matcher

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/gentestdata"
)

// diagnose runs a diagnosis over a log, with the selection of the catalogue.
func diagnose(t testing.TB, c *Catalogue, name string, threads int) *Analysis {
	t.Helper()
	r, err := evtx.Open(name)
	if err != nil {
		return &Analysis{} // a damaged log that is none
	}
	defer r.Close()
	a := c.Analyze(Options{Evidence: 1 << 20})
	err = evtx.Scanner[*Worker]{
		Threads: threads,
		Select:  &evtx.Selection{Any: c.Selections()},
		New:     a.Worker,
		Visit:   func(w *Worker, rec *evtx.Record, err error) bool { return err == nil && w.Visit(rec) },
		Flush: func(w *Worker, _ evtx.Progress) error {
			a.Take(w, name)
			return nil
		},
	}.Run(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	return a.Analysis(time.Time{}, time.Time{})
}

// records returns the records of each finding.
func records(f *Analysis) map[string][]uint64 {
	found := make(map[string][]uint64)
	for _, finding := range f.Findings {
		for _, e := range finding.Evidence {
			found[finding.Signature.Name] = append(found[finding.Signature.Name], e.RecordID)
		}
	}
	return found
}

// TestPlanted: in the logs of testdata, what was planted is found, at its
// records, and nothing else: the rest is two weeks of noise.
func TestPlanted(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for _, name := range []string{"problems-en", "problems-fr", "secrets", "short"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec, err := gentestdata.Load(filepath.Join("..", "testdata", "spec"), name)
			if err != nil {
				t.Fatal(err)
			}
			want := make(map[string][]uint64)
			for i, e := range spec.Events {
				for _, problem := range e.Problems {
					want[problem] = append(want[problem], spec.FirstRecordID+uint64(i))
				}
			}
			got := diagnose(t, c, filepath.Join("..", "testdata", name+".evtx"), 2)
			if diff := cmp.Diff(want, records(got)); diff != "" {
				t.Errorf("problems (-planted +found):\n%s", diff)
			}
		})
	}
}

// TestCorpus: no gateway has written any of the real logs at hand.
func TestCorpus(t *testing.T) {
	t.Parallel()
	shared := os.Getenv("GWLOGS_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "shared")
	}
	corpus := filepath.Join(shared, "corpus")
	if real, err := filepath.EvalSymlinks(corpus); err == nil {
		corpus = real
	} else {
		t.Skip("no corpus: GWLOGS_SHARED does not name the folder that holds it")
	}
	c := catalogue(t)
	logs := 0
	err := filepath.WalkDir(corpus, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !strings.EqualFold(filepath.Ext(name), ".evtx") {
			return err
		}
		logs++
		f := diagnose(t, c, name, 1)
		if len(f.Findings)+len(f.Endpoints)+len(f.ReportIDs) > 0 {
			t.Errorf("%s: %v", name, records(f))
		}
		return nil
	})
	if err != nil || logs < 100 {
		t.Errorf("%d logs: %v", logs, err)
	}
}

// TestThreads: as many goroutines as there are give the same findings.
func TestThreads(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	log := filepath.Join("..", "testdata", "gateway-en.evtx")
	one, four := diagnose(t, c, log, 1), diagnose(t, c, log, 4)
	ignore := cmp.FilterPath(func(p cmp.Path) bool {
		return p.Last().String() == ".Signature" || p.Last().String() == ".Signatures" || p.Last().String() == ".Explained" ||
			p.Last().String() == ".Sign"
	}, cmp.Ignore())
	if diff := cmp.Diff(one, four, ignore); diff != "" {
		t.Error(diff)
	}
	if groups := one.Unexplained(); len(one.Findings) < 10 || len(groups) != 1 || groups[0].EventID != 399 {
		t.Errorf("%d findings, unexplained %+v", len(one.Findings), groups)
	}
}

// TestSequenceOutOfOrder: a log that has wrapped begins with its newest
// events, and logs come in any order; time decides.
func TestSequenceOutOfOrder(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	s := c.signatures[slices.IndexFunc(c.signatures, func(s *Signature) bool { return s.Name == "dmg-register-key-revoked-after-online" })]
	sample := slices.Clone(s.Positive[0])
	slices.Reverse(sample)
	got, err := c.Try(sample)
	if err != nil || !slices.Equal(got, []string{s.Name}) {
		t.Errorf("%v %v", got, err)
	}
}
