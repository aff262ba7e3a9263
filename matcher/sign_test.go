package matcher

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// What a gateway says in these tests.
const (
	online      = "Heartbeat sent. Gateway status: Online. CPU utilization: 41%."
	limitedText = "The gateway is online with limited functionality."
	offline     = "The gateway is not connected to cloud service."
	unregister  = "Gateway is not registered. Status: Gateway key is invalid."
	proxyText   = "The remote server returned an error: (407) Proxy Authentication Required."
	copyText    = "Transfer task failed. ErrorCode=SourceBlobNotExist,'Type=Microsoft.DataTransfer.Common.Shared.HybridDeliveryException," +
		"Message=The required Blob is missing. ContainerName: x,Source=Microsoft.DataTransfer.ClientLibrary,' TaskId: "
)

// said is an event of a test: "MINUTE COMPUTER text", as far as it matters.
type said struct {
	minute   int
	computer string
	text     string
}

// logOf writes events to a log in the order given.
func logOf(t *testing.T, events []said) *evtx.Reader {
	t.Helper()
	var log bytes.Buffer
	w := evtx.NewWriter(&log)
	for _, e := range events {
		level := evtx.LevelError
		if e.text == online {
			level = evtx.LevelInformation
		}
		err := w.WriteEvent(&evtx.Event{
			Provider: "gateway", Channel: CanonicalChannels()[0], Computer: e.computer, EventID: 7, Level: level, Keywords: classicKeyword,
			TimeCreated: time.Date(2017, 5, 4, 12, e.minute, 0, 0, time.UTC), Strings: []string{e.text},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := evtx.NewReader(bytes.NewReader(log.Bytes()), int64(log.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// analyzeLogs takes the worker behind every n records of each log.
func analyzeLogs(t *testing.T, n int, logs ...[]said) *Analysis {
	t.Helper()
	a := catalogue(t).Analyze(Options{Evidence: 3})
	for i, events := range logs {
		name := fmt.Sprintf("log%d", i+1)
		r := logOf(t, events)
		w := a.Worker()
		var sum evtx.Stats
		for rec, err := range r.Records() {
			if err != nil {
				t.Fatal(err)
			}
			full := w.Visit(rec)
			sum.Add(evtx.Stats{Records: 1, First: rec.TimeCreated(), Last: rec.TimeCreated()})
			if full || sum.Records%n == 0 {
				a.Take(w, name)
			}
		}
		a.Take(w, name)
		a.EndLog(Source{Name: name, Stats: sum})
	}
	return a.Analysis(time.Time{}, time.Time{})
}

// shownStatus is "COMPUTER state since-minute last-minute source record".
func shownStatus(a *Analysis) []string {
	var all []string
	for _, s := range a.Status {
		line := fmt.Sprintf("%s %s", s.Computer, s.State)
		if s.Event != nil {
			line += fmt.Sprintf(" %d %d %s %d", s.Since.Minute(), s.Last.Minute(), s.Event.Source, s.Event.RecordID)
		}
		all = append(all, line)
	}
	return all
}

func TestStatus(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		logs [][]said
		want []string
	}{
		"connected since the last change": {
			[][]said{{{1, "A", online}, {2, "A", offline}, {3, "A", online}, {4, "A", "A word."},
				{5, "A", online}}}, []string{"A connected 3 5 log1 3"},
		},
		"offline":         {[][]said{{{1, "A", online}, {2, "A", offline}, {3, "A", offline}}}, []string{"A offline 2 3 log1 2"}},
		"limited":         {[][]said{{{1, "A", online}, {2, "A", limitedText}}}, []string{"A limited 2 2 log1 2"}},
		"not registered":  {[][]said{{{1, "A", online}, {2, "A", unregister}}}, []string{"A not-registered 2 2 log1 2"}},
		"nothing is told": {[][]said{{{1, "A", "A word."}}}, []string{"A unknown"}},
		"no gateway":      {[][]said{{}}, nil},
		"several computers, in one log and in several": {
			[][]said{{{1, "B", online}, {2, "A", offline}, {3, "B", online}}, {{4, "C", limitedText}}},
			[]string{"A offline 2 2 log1 2", "B connected 1 3 log1 1", "C limited 4 4 log2 1"},
		},
		"logs in another order": {
			[][]said{{{5, "A", online}, {6, "A", online}}, {{1, "A", online}, {4, "A", offline}}}, []string{"A connected 5 6 log1 1"},
		},
		"a log that has wrapped": {
			[][]said{{{5, "A", offline}, {6, "A", offline}, {1, "A", online}, {2, "A", online},
				{4, "A", offline}}}, []string{"A offline 4 6 log1 5"},
		},
		"logs that overlap": {
			[][]said{{{1, "A", online}, {9, "A", online}}, {{5, "A", offline}}}, []string{"A connected 9 9 log1 2"},
		},
	} {
		for _, n := range []int{1, 2, 100} {
			if got := shownStatus(analyzeLogs(t, n, tt.logs...)); !slices.Equal(got, tt.want) {
				t.Errorf("%s, taken every %d: %q, want %q", name, n, got, tt.want)
			}
		}
	}
}

// TestOngoing: a problem goes on until a sign of the same thing comes after it.
func TestOngoing(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		logs [][]said
		want string // names, those that are over in brackets
	}{
		"goes on":            {[][]said{{{1, "A", online}, {2, "A", proxyText}}}, "proxy-authentication-required"},
		"over":               {[][]said{{{2, "A", proxyText}, {3, "A", online}}}, "(proxy-authentication-required)"},
		"again":              {[][]said{{{2, "A", proxyText}, {3, "A", online}, {4, "A", proxyText}}}, "proxy-authentication-required"},
		"logs out of order":  {[][]said{{{3, "A", online}}, {{2, "A", proxyText}}}, "(proxy-authentication-required)"},
		"on another":         {[][]said{{{2, "A", proxyText}, {3, "B", online}}}, "proxy-authentication-required"},
		"over on one of two": {[][]said{{{1, "B", proxyText}, {2, "A", proxyText}, {3, "A", online}}}, "proxy-authentication-required"},
		"over on both": {[][]said{{{1, "B", proxyText}, {2, "A", proxyText}, {3, "A", online}, {3, "B", online}}},
			"(proxy-authentication-required)"},
		"the worst that goes on comes first": {
			[][]said{{{1, "A", proxyText}, {2, "A", online}, {3, "A", copyText +
				"7"}}}, "connector-source-blob-not-exist (proxy-authentication-required)",
		},
		"a heartbeat is no copy": {[][]said{{{2, "A", copyText + "7"}, {3, "A", online}}}, "connector-source-blob-not-exist"},
		"another copy": {[][]said{{{2, "A", copyText + "7"}, {3, "A", "Transfer task completed. TaskId: 8."}}},
			"connector-source-blob-not-exist"},
		"the same copy": {[][]said{{{2, "A", copyText + "7"}, {3, "A", "Transfer task completed. TaskId: 7."}}},
			"(connector-source-blob-not-exist)"},
		"one of two copies": {
			[][]said{{{1, "A", copyText + "8"}, {2, "A", copyText + "7"},
				{3, "A", "Transfer task completed. TaskId: 7."}}}, "connector-source-blob-not-exist",
		},
	} {
		for _, n := range []int{1, 100} {
			var got []string
			for _, f := range analyzeLogs(t, n, tt.logs...).Findings {
				shown := f.Signature.Name
				if !f.Ongoing {
					shown = "(" + shown + ")"
				}
				if f.Ongoing != (f.Over == nil) {
					t.Errorf("%s: ongoing %v, over %+v", name, f.Ongoing, f.Over)
				}
				got = append(got, shown)
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("%s, taken every %d: %q, want %q", name, n, got, tt.want)
			}
		}
	}
}

// TestComputersAreTold: a finding and an address know their computers.
func TestComputersAreTold(t *testing.T) {
	t.Parallel()
	const refused = "An attempt was made to access a socket in a way forbidden by its access permissions 203.0.113.9:9350"
	got := analyzeLogs(t, 100, []said{{1, "B", refused}, {2, "A", refused}, {3, "C", online}})
	if len(got.Findings) != 1 || !slices.Equal(got.Findings[0].Computers, []string{"A", "B"}) {
		t.Errorf("%+v", got.Findings)
	}
	if len(got.Endpoints) != 1 || !slices.Equal(got.Endpoints[0].Computers, []string{"A", "B"}) ||
		got.Endpoints[0].Signatures[0] != got.Findings[0].Signature {
		t.Errorf("%+v", got.Endpoints)
	}
	if !slices.Equal(got.Computers, []string{"A", "B", "C"}) {
		t.Errorf("%v", got.Computers)
	}
}

// TestManyStates: memory stays bounded, and the latest is known.
func TestManyStates(t *testing.T) {
	t.Parallel()
	s, w := newSigns(), newSigns()
	for i := range 5 * maxStays {
		at := instant{time.Unix(int64(i), 0), uint64(i)}
		w.tell("A", []State{Connected, Offline}[i%2], at, func() Evidence { return Evidence{RecordID: uint64(i)} })
		w.note(place{"A", 1, fmt.Sprint(i)}, at)
		if w.full() || i%100 == 0 {
			s.take(w, "log")
		}
	}
	s.take(w, "log")
	if len(s.stays) > 2*maxStays || len(s.latest) > maxPlaces {
		t.Errorf("%d stays, %d places", len(s.stays), len(s.latest))
	}
	s.see("A")
	if got := s.statuses(); len(got) != 1 || got[0].State != Offline || got[0].Event.RecordID != 5*maxStays-1 {
		t.Errorf("%+v", got)
	}
}

// TestOrigin: the gateway's channels, however they are written, and its
// providers in Application.
func TestOrigin(t *testing.T) {
	t.Parallel()
	g := newGatewayChannels()
	for _, tt := range []struct {
		channel, provider string
		want              bool
	}{
		{"Data Management Gateway", "x", true}, {"data  management\u00a0gateway", "x", true}, {"Connectors\u2014Integration Runtime", "x", true},
		{"Application", "Integration Runtime", true}, {"Application", "MsiInstaller", false}, {"System", "Integration Runtime",
			false}, {"", "", false},
	} {
		var o origin
		if o.set(g, tt.channel, tt.provider); o.gateway != tt.want || tt.want && !slices.Contains(g.names, strings.ToLower(o.canonical)) {
			t.Errorf("%q %q: %+v", tt.channel, tt.provider, o)
		}
	}
}
