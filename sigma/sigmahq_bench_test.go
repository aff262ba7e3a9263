package sigma

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gwlogs/gwlogs/evtx"
)

// rendered is an event of a log as a Matcher is given it.
type rendered struct {
	channel, provider string
	id                uint16
	names             []string
	values            [][]byte
}

// BenchmarkSigmaHQ puts the rules below the folder SIGMA_RULES to all events
// below GWLOGS_SHARED. "search" is a Matcher as it is; "every rule" evaluates
// all rules for the event's log source, and has to find the same.
func BenchmarkSigmaHQ(b *testing.B) {
	set, events := sigmaHQ(b)
	everyRule := withoutSearch(set)
	found := 0
	fast, slow := set.Matcher(), everyRule.Matcher()
	for i := range events {
		got := slices.Clone(matchRendered(fast, &events[i]))
		if want := matchRendered(slow, &events[i]); !slices.Equal(got, want) {
			b.Errorf("event %d of %s: %s, without search %s", events[i].id, events[i].channel, titles(got), titles(want))
		}
		found += len(got)
	}
	b.Logf("%d rules, %d events, %d matches", len(set.Rules()), len(events), found)
	for _, way := range []struct {
		name string
		set  *Set
	}{{"search", set}, {"every rule", everyRule}} {
		b.Run(way.name, func(b *testing.B) {
			m := way.set.Matcher()
			b.ReportAllocs()
			for b.Loop() {
				for i := range events {
					matchRendered(m, &events[i])
				}
			}
			b.ReportMetric(float64(len(events)*b.N)/b.Elapsed().Seconds(), "events/s")
		})
	}
}

func matchRendered(m *Matcher, e *rendered) []*Rule {
	if !m.Begin(e.channel, e.provider, e.id) {
		return nil
	}
	for i, name := range e.names {
		m.Add(name, e.values[i])
	}
	return m.Match()
}

// withoutSearch is the same set with every rule evaluated for every event of
// its log source: nothing is concluded from the tests of the rule.
func withoutSearch(s *Set) *Set {
	c := *s
	c.literals = newLiterals()
	c.literals.finish()
	c.searches = false
	c.programs = nil
	for _, p := range s.programs {
		q := *p
		q.literal = false
		q.scope.channel, q.scope.provider, q.scope.ids = names{}, names{}, idSet{}
		c.programs = append(c.programs, &q)
	}
	return &c
}

// sigmaHQ compiles the rules that it can and reads the logs.
func sigmaHQ(b *testing.B) (*Set, []rendered) {
	folder, shared := os.Getenv("SIGMA_RULES"), os.Getenv("GWLOGS_SHARED")
	if folder == "" || shared == "" {
		b.Skip("SIGMA_RULES and GWLOGS_SHARED have to name a folder of rules and one of logs")
	}
	var rules []*Rule
	below(b, folder, ".yml", func(name string) error {
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		parsed, err := Parse(name, src)
		rules = append(rules, parsed...)
		return err
	})
	set, err := Compile(rules, &Options{Sources: WindowsSources})
	if err != nil {
		b.Fatal(err)
	}
	var events []rendered
	below(b, filepath.Join(shared, "corpus"), ".evtx", func(name string) error {
		r, err := evtx.Open(name)
		if err != nil {
			return nil // the corpus has damaged logs
		}
		defer r.Close()
		for rec, err := range r.Records() {
			if err == nil {
				events = append(events, render(rec))
			}
		}
		return nil
	})
	return set, events
}

func render(rec *evtx.Record) rendered {
	e := rendered{channel: rec.Channel(), provider: rec.Provider(), id: rec.EventID()}
	for _, d := range rec.AppendData(nil) {
		e.names = append(e.names, d.Name)
		e.values = append(e.values, d.Value.AppendText(nil))
	}
	return e
}

// below calls visit for the files below a folder.
func below(b *testing.B, folder, suffix string, visit func(name string) error) {
	err := filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, suffix) {
			return err
		}
		return visit(name)
	})
	if err != nil {
		b.Fatal(err)
	}
}

func titles(rules []*Rule) string {
	var all []string
	for _, r := range rules {
		all = append(all, r.Title)
	}
	return strings.Join(all, "; ")
}
