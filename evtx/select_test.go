package evtx

import (
	"context"
	"slices"
	"testing"
	"time"
)

func gateway(t testing.TB, lang string) string {
	return "../testdata/gateway-" + lang + ".evtx"
}

func count(t testing.TB, path string, s Selection) int {
	t.Helper()
	f := s.Filter()
	n := 0
	for rec, err := range open(t, path).Records() {
		if err != nil {
			t.Fatal(err)
		}
		if f.Match(rec) {
			n++
		}
	}
	return n
}

// TestSelection holds the selection against what is planted in the log
// (2709 events, 2017-04-20 to 2017-05-04).
func TestSelection(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for name, tt := range map[string]struct {
		s    Selection
		want int
	}{
		"everything":                 {Selection{}, 2709},
		"errors":                     {Selection{Levels: []Level{1, 2}}, 45},
		"level 0 is information":     {Selection{Levels: []Level{4}}, 2446},
		"ids":                        {Selection{IDs: []IDRange{{25, 25}, {400, 402}}}, 2 + 14 + 5},
		"seven days, edge included":  {Selection{Since: at("2017-04-27T18:00:00Z")}, 1439},
		"until, edge included":       {Selection{Until: at("2017-04-20T18:00:01Z")}, 1},
		"until just before":          {Selection{Until: at("2017-04-20T18:00:00.9999999Z")}, 0},
		"since a fraction later":     {Selection{Since: at("2017-05-04T18:00:00.00000001Z")}, 0},
		"channel in any case":        {Selection{Channels: []string{"other", "data management GATEWAY"}}, 2709},
		"provider":                   {Selection{Providers: []string{"Data Management"}}, 0},
		"computer":                   {Selection{Computers: []string{"gw01.CONTOSO.local"}}, 2709},
		"computer without domain":    {Selection{Computers: []string{"GW01"}}, 2709},
		"computer of another domain": {Selection{Computers: []string{"gw01.fabrikam.com"}}, 0},
		"channel by a part":          {Selection{Channels: []string{"data*GATEWA?"}}, 2709},
		"but for ids":                {Selection{Levels: []Level{1, 2}, Not: []Selection{{IDs: []IDRange{{401, 401}}}}}, 45 - 14},
		"but for a text":             {Selection{IDs: []IDRange{{401, 401}}, Not: []Selection{{Contains: []string{":9351"}}}}, 14 - 2},
		"but for all":                {Selection{Not: []Selection{{}}}, 0},
		"but for one or the other":   {Selection{Not: []Selection{{Levels: []Level{4}}, {Channels: []string{"x"}}}}, 2709 - 2446},
		"keywords":                   {Selection{Keywords: KeywordClassic}, 2709},
		"keywords that none has":     {Selection{Keywords: KeywordAuditFailure}, 0},
		"text":                       {Selection{Contains: []string{"ACCESS A SOCKET", ":9351"}}, 2},
		"text that is not there":     {Selection{Contains: []string{"access a socket", "nowhere"}}, 0},
		"one of several": {Selection{Any: []Selection{{IDs: []IDRange{{25, 25}}},
			{Levels: []Level{2}, Contains: []string{":9351"}}}}, 2 + 2},
		"both, and one of several": {Selection{Levels: []Level{2},
			Any: []Selection{{IDs: []IDRange{{25, 25}}}, {IDs: []IDRange{{401, 401}}}}}, 14},
		"one of several is all": {Selection{Any: []Selection{{IDs: []IDRange{{25, 25}}}, {}}}, 2709},
		"all together": {Selection{Levels: []Level{2}, IDs: []IDRange{{401, 401}}, Since: at("2017-04-27T18:00:00Z"),
			Contains: []string{"9350"}}, 4},
		"from":         {Selection{From: func(channel, provider string) bool { return channel == provider }}, 2709},
		"from nowhere": {Selection{From: func(string, string) bool { return false }}, 0},
		"from, one of several": {Selection{Any: []Selection{{From: func(channel, _ string) bool { return channel == "" }},
			{IDs: []IDRange{{25, 25}}}}}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			if got := count(t, gateway(t, "en"), tt.s); got != tt.want {
				t.Errorf("%d events, want %d", got, tt.want)
			}
		})
	}
}

// TestContainsFrench finds what is typed on a keyboard in what Windows wrote.
func TestContainsFrench(t *testing.T) {
	for text, want := range map[string]bool{
		"tentative d'accès à un socket": true,
		"TENTATIVE D'ACCÈS À UN SOCKET": true,
		"tentative d’accès":             true,
		"tentative d'acces":             false,
	} {
		if got := count(t, gateway(t, "fr"), Selection{Contains: []string{text}}); (got > 0) != want {
			t.Errorf("%q: %d events", text, got)
		}
	}
}

// TestNeedle looks at values that are not stored as UTF-16.
func TestNeedle(t *testing.T) {
	for _, tt := range []struct {
		text string
		v    Value
		want bool
	}{
		{"S-1-5-18", Value{Type: TypeSID, Raw: []byte{1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0}}, true},
		{"0X7EEC", Value{Type: TypeHexInt32, Raw: le(uint32(0x7eec))}, true},
		{"CAFÉ", Value{Type: TypeAnsiString, Raw: []byte("un caf\xe9")}, true},
		{"b c", Value{Type: TypeString, Raw: utf16le("a\u00a0b\u202fc")}, true},
		{"abc", Value{Type: TypeString, Raw: utf16le("ab")}, false},
		{"Ⱥ", Value{Type: TypeString, Raw: utf16le("ⱥ")}, true},
	} {
		if n := newNeedle(tt.text); n.in(tt.v, new([]byte)) != tt.want {
			t.Errorf("%q in %v: %v", tt.text, tt.v, !tt.want)
		}
	}
}

// TestScannerReportsDamage: a record that is not wanted and cannot be read is
// reported all the same.
func TestScannerReportsDamage(t *testing.T) {
	l := newLog()
	for _, v := range []testValue{{typ: 0x5c, raw: []byte{1}}, {typ: TypeUint32, raw: []byte{1}}, {typ: TypeUint8, raw: []byte{1}}} {
		l.record(func() {
			l.fragment()
			l.instance(1, func() { l.element("Event", func() { l.system(); l.hole(0, TypeUint8, false)() }) }, v,
				testValue{typ: TypeString, raw: utf16le("x")})
			l.eof()
		})
	}
	var errs []string
	err := Scanner[*int]{
		Select: &Selection{IDs: []IDRange{{9, 9}}},
		New:    func() *int { return new(int) },
		Visit: func(_ *int, _ *Record, err error) bool {
			errs = append(errs, err.Error())
			return false
		},
		Flush: func(*int, Progress) error { return nil },
	}.Run(context.Background(), openBytes(t, file(l.chunk())))
	if err != nil || len(errs) != 2 {
		t.Errorf("%v, errors %q", err, errs)
	}
}

// TestScannerSelects: a Scanner that passes over what is not wanted finds the
// same records as a look at each, in every real log there is.
func TestScannerSelects(t *testing.T) {
	selections := []Selection{
		{},
		{Levels: []Level{2}},
		{IDs: []IDRange{{1, 1}, {4000, 5000}}},
		{Channels: []string{"security", "Data Management Gateway"}},
		{Providers: []string{"Microsoft-Windows-Sysmon"}, Levels: []Level{4}},
		{Since: time.Date(2017, 5, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(2019, 3, 1, 0, 0, 0, 0, time.UTC)},
		{Contains: []string{"system32"}},
		{Any: []Selection{{Channels: []string{"Data Management Gateway"}}, {Levels: []Level{1, 2}}}},
		{Levels: []Level{2, 3}, Contains: []string{"e"}, Any: []Selection{{IDs: []IDRange{{0, 1000}}}, {Contains: []string{"x"}}}},
	}
	check := func(t *testing.T, log []byte) {
		for i := range selections {
			var want, got []int64
			var all, stats Stats
			f := selections[i].Filter()
			alone := selections[i]
			alone.Any = nil
			withoutAny := alone.Filter()
			r := openBytes(t, log)
			for rec, err := range r.Records() {
				if err == nil && f.Match(rec) {
					want = append(want, rec.Offset())
				}
				if err == nil {
					id := rec.EventRecordID()
					all.Add(Stats{Records: 1, LowestID: id, HighestID: id})
					if withoutAny.Match(rec) {
						all.Selected++
					}
				}
			}
			s := Scanner[*[]int64]{
				Threads: 2,
				Select:  &selections[i],
				New:     func() *[]int64 { return new([]int64) },
				Visit: func(part *[]int64, rec *Record, err error) bool {
					if err == nil {
						*part = append(*part, rec.Offset())
					}
					return false
				},
				Flush: func(part *[]int64, p Progress) error {
					got = append(got, *part...)
					*part = (*part)[:0]
					stats.Add(p.Stats)
					return nil
				},
			}
			if err := s.Run(context.Background(), r); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%+v: %d records, want %d", selections[i], len(got), len(want))
			}
			if stats.Records < all.Records || stats.LowestID != all.LowestID || stats.HighestID != all.HighestID || stats.Selected != all.Selected {
				t.Errorf("%+v: counted %+v of %+v", selections[i], stats, all)
			}
		}
	}
	t.Run("gateway", func(t *testing.T) { check(t, readFile(t, gateway(t, "en"))) })
	t.Run("shared", func(t *testing.T) {
		for name, path := range logsBelow(t, shared(t, "")) {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				check(t, readFile(t, path))
			})
		}
	})
}

// TestMatchIsPure: a Filter says the same of a record however often it is asked.
func TestMatchIsPure(t *testing.T) {
	t.Parallel()
	s := Selection{Levels: []Level{LevelError, LevelInformation},
		Any: []Selection{{IDs: []IDRange{{401, 402}}}, {Contains: []string{"endpoint"}}}}
	once, thrice := s.Filter(), s.Filter()
	for rec, err := range open(t, gateway(t, "en")).Records() {
		if err != nil {
			t.Fatal(err)
		}
		want := once.Match(rec)
		for range 3 {
			if thrice.Match(rec) != want {
				t.Fatalf("record %d: asked again, it is another answer", rec.EventRecordID())
			}
		}
	}
}
