package matcher

import (
	"context"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/sigma"
)

// TestMemo: what a worker remembers changes nothing. Each log is read twice, so
// that it remembers all of it.
func TestMemo(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	logs, _ := filepath.Glob("../testdata/*.evtx")
	if shared := os.Getenv("GWLOGS_SHARED"); shared != "" {
		more, _ := filepath.Glob(filepath.Join(shared, "fixtures/public/*.evtx"))
		logs = append(logs, more...)
	}
	for _, name := range logs {
		for _, detail := range []bool{false, true} {
			want, got := analyze(t, c, name, detail, math.MinInt), analyze(t, c, name, detail, patience)
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s, detail %v: what is remembered changes the analysis", name, detail)
			}
		}
	}
}

func analyze(t *testing.T, c *Catalogue, name string, detail bool, looked int) *Analysis {
	a := c.Analyze(Options{Evidence: 10, Detail: detail})
	for range 2 {
		r, err := evtx.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		err = evtx.Scanner[*Worker]{
			Threads: 1,
			New: func() *Worker {
				w := a.Worker()
				w.looked = looked
				return w
			},
			Visit: func(w *Worker, rec *evtx.Record, err error) bool { return err == nil && w.Visit(rec) },
			Flush: func(w *Worker, _ evtx.Progress) error { a.Take(w, "log"); return nil },
		}.Run(context.Background(), r)
		r.Close()
		if err != nil {
			t.Fatal(err)
		}
		a.EndLog(Source{Name: "log", Stats: evtx.Stats{
			First: time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC), Last: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC),
		}})
	}
	return a.Analysis(time.Time{}, time.Time{})
}

// TestSkeletonsOfSamples: of the texts of all signatures with other numbers in
// them, the rules say the same where the skeleton is the same.
func TestSkeletonsOfSamples(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	random := rand.New(rand.NewPCG(1, 2))
	twin := newTwin(c)
	for _, s := range c.signatures {
		for _, sample := range slices.Concat(s.Positive, s.Negative) {
			for _, text := range sampleTexts(sample) {
				for range 20 {
					twin.check(t, text, twin.vary(random, text))
				}
			}
		}
	}
	if twin.same < 1000 || twin.said < twin.same*9/10 {
		t.Errorf("%d pairs had one skeleton, %d one sentence: that is no test", twin.same, twin.said)
	}
}

// FuzzSkeleton: likewise of any text.
func FuzzSkeleton(f *testing.F) {
	for _, text := range []string{
		"Heartbeat sent. CPU: 41%. Memory: 2642 MB.", "TCP error code 10060: no answer 10.0.0.7:443", "status 407\u200b1 10\u00a0061",
		"TaskId: 12345678-90ab-cdef-0123-4567890abcde. Error 5: x", "Tâche 7a1f0000-1111-2222-3333-444455556666 échouée 0x80070005",
		"a 1326 b -2146893018, ORA-12527 [28000]", "  10061\r\n\t8  ",
	} {
		f.Add(text, uint64(7))
	}
	c := catalogue(f)
	twin := newTwin(c)
	f.Fuzz(func(t *testing.T, text string, seed uint64) {
		if len(text) > 2000 {
			return
		}
		random := rand.New(rand.NewPCG(seed, seed))
		for range 10 {
			twin.check(t, text, twin.vary(random, text))
		}
	})
}

// A twin asks the rules about texts, without memory.
type twin struct {
	c       *Catalogue
	s       *skeletons
	m       *sigma.Matcher
	numbers []string // of the texts of rules
	same    int      // pairs with one skeleton
	said    int      // pairs with one sentence
}

func newTwin(c *Catalogue) *twin {
	twin := &twin{c: c, s: c.skeletons(), m: c.set.Matcher()}
	texts, _ := c.set.Texts()
	for text := range texts {
		twin.numbers = append(twin.numbers, regexp.MustCompile(`\d+`).FindAllString(text, -1)...)
	}
	return twin
}

var numberOrGUID = regexp.MustCompile(`[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|\d+`)

// vary puts other numbers into a text.
func (twin *twin) vary(r *rand.Rand, text string) string {
	return numberOrGUID.ReplaceAllStringFunc(text, func(old string) string {
		if len(old) == 36 && old[8] == '-' {
			guid := []byte(old)
			for i := range guid {
				if guid[i] != '-' {
					guid[i] = "0123456789abcdefABCDEF"[r.IntN(22)]
				}
			}
			if r.IntN(2) == 0 { // the end of a text that is a number
				copy(guid[24:], twin.numbers[r.IntN(len(twin.numbers))])
			}
			return string(guid[:36])
		}
		number := strconv.FormatUint(r.Uint64()>>r.IntN(60), 10)
		switch r.IntN(4) {
		case 0:
			return old
		case 1:
			return twin.numbers[r.IntN(len(twin.numbers))]
		case 2:
			return twin.numbers[r.IntN(len(twin.numbers))] + number
		}
		return number
	})
}

func (twin *twin) check(t *testing.T, a, b string) {
	one, ok := twin.skeleton(a)
	other, also := twin.skeleton(b)
	if !ok || !also || a == b {
		return
	}
	said := newSentence(twin.s, []byte(one), dataOf(a), &remembered{})
	if !said.is(twin.s, dataOf(a)) {
		t.Errorf("%q is not the sentence that was made of it", a)
	}
	is := said.is(twin.s, dataOf(b))
	if is {
		twin.said++
	}
	if one != other && !is {
		return
	}
	twin.same++
	rules, byTexts := twin.match(a)
	again, alsoByTexts := twin.match(b)
	if byTexts != alsoByTexts || byTexts && !slices.Equal(rules, again) {
		t.Errorf("%q and %q have the skeleton %q, but match %v (%v) and %v (%v)", a, b, one, names(rules), byTexts, names(again), alsoByTexts)
	}
}

func (twin *twin) skeleton(text string) (string, bool) {
	bones, ok := twin.s.add(nil, &dataOf(text)[0])
	return string(bones), ok
}

func dataOf(text string) []evtx.Data {
	var raw []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		raw = binary.LittleEndian.AppendUint16(raw, unit)
	}
	return []evtx.Data{{Value: evtx.Value{Type: evtx.TypeString, Raw: raw}}}
}

func (twin *twin) match(text string) ([]*sigma.Rule, bool) {
	if !twin.m.Begin("Data Management Gateway", "Data Management Gateway", 3) {
		return nil, true
	}
	normal := appendNormal(nil, []byte(text))
	twin.m.AddNormalized(dataField, normal)
	return slices.Clone(twin.m.Match()), twin.m.ByTexts()
}

func names(rules []*sigma.Rule) (names []string) {
	for _, r := range rules {
		names = append(names, r.Name)
	}
	return names
}

// TestSkeleton: what is left out, and what stays as a rule may look for it.
func TestSkeleton(t *testing.T) {
	t.Parallel()
	s := newSkeletons(slices.Values([]string{"error 10060", "(407)", "-2146893018", "code=5,", "try a", "3d000", "id 7", "9 yz"}))
	for text, want := range map[string]string{
		"CPU: 41%. Memory: 2642 MB.":                     "CPU: #%. Memory: # MB.",
		"Id: 12345678-90ab-cdef-0123-4567890abcde.":      "Id: @.",
		"Id: ABCDEFab-90ab-cdef-0123-4567890abcde":       "Id: @",
		"Id: x12345678-90ab-cdef-0123-4567890abcde":      "Id: x#-#ab-cdef-#-#abcde",
		"error 10060 at 10060":                           "error 10060 at #",
		"error 100601 at 1":                              "error 100601 at #",
		"ERROR  10060":                                   "ERROR  10060",
		"error 1006":                                     "error #",
		"(407) (4071) 407":                               "(407) (#) #",
		"code=5, code=55, code=5.":                       "code=5, code=#, code=#.",
		"1\u200b0":                                       "1~0",
		"error\u00a0 10060":                              "error\x02\xa0# 10060",
		"9 \u00a0yz, 8 \u00a0yz":                         "9 \x02\xa0#yz, # \x02\xa0#yz",
		"try a2345678-90ab-cdef-0123-4567890abcde":       "try a2345678-90ab-cdef-0123-4567890abcde",
		"12345678-90ab-cdef-0123-204689301800 ":          "@ ",
		"12345678-90ab-cdef-0123-2146893018aa ":          "12345678-90ab-cdef-0123-2146893018aa ",
		"1234abcd-3d00-cdef-0123-456789abcdef ":          "@ ",
		"1234abcd-3d00-cdef-0123-4563d000cdef ":          "1234abcd-3d00-cdef-0123-4563d000cdef ",
		"1234abcd-3d00-cdef-0123-456789a10060 ":          "@ ",
		"wait 7 of 7, id 7, id 70, id 6; no tabs: id\t7": "wait # of #, id 7, id 70, id #; no tabs: id\t7",
	} {
		var raw []byte
		for _, unit := range utf16.Encode([]rune(text)) {
			raw = binary.LittleEndian.AppendUint16(raw, unit)
		}
		got, ok := s.addText(nil, raw)
		shown := strings.NewReplacer("\x00", "#", "\x01", "@", "\x02\x0b\x20", "~").Replace(string(got))
		if !ok || shown != want {
			t.Errorf("%q: %q, not %q", text, shown, want)
		}
	}
	for _, text := range []string{`C:\Temp`, "a &amp; b", "\x01", "\x7f"} {
		if _, ok := s.addText(nil, []byte(strings.Join(strings.Split(text, ""), "\x00")+"\x00")); ok {
			t.Errorf("%q has a skeleton", text)
		}
	}
}

// TestVisitAllocatesNothing of what no rule wants to know of, once its sentence
// is known: that is nearly all of a log.
func TestVisitAllocatesNothing(t *testing.T) {
	c := catalogue(t)
	r, err := evtx.Open("../testdata/gateway-en.evtx")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	w := c.Analyze(Options{}).Worker()
	w.looked = patience
	tried, ids := 0, make(map[uint16]int)
	for rec, err := range r.Records() {
		if err != nil {
			continue
		}
		for range 3 { // first it is looked at, then remembered, then made a sentence
			w.Visit(rec)
		}
		id := rec.EventID()
		wanted := id == ReportIDEvent || isError(rec.Level())
		if w.matcher.Begin(w.origin.canonical, rec.Provider(), id) {
			wanted = wanted || len(w.rules(rec, id)) > 0
		}
		if ids[id]++; wanted || ids[id] > 20 {
			continue
		}
		tried++
		if n := testing.AllocsPerRun(5, func() { w.Visit(rec) }); n > 0 {
			t.Errorf("record %d: %v allocations", rec.EventRecordID(), n)
		}
	}
	if tried < 50 || len(ids) < 5 {
		t.Errorf("%d events of %d ids: that is no test", tried, len(ids))
	}
}
