package report

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/matcher"
	"github.com/gwlogs/gwlogs/sigma"
)

// evil is what must neither run nor hide in a page, wherever a text can come from.
const evil = `evil </script><script>alert(1)</script></style></pre></title><img src=x onerror=alert(2)>` +
	`" onmouseover="alert(3)" x="' onfocus='alert(4)' {{.Lang}} ${alert(5)} <!-- --> javascript:alert(6) ` +
	"\x1b[2J\u202e\u2028\u200f\x00\x7f\ufeff\r\xff end"

// wholePage is a page that has everything, with signatures as they are.
func wholePage(t *testing.T, lang string) *Page {
	t.Helper()
	all, err := matcher.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	byName := make(map[string]*matcher.Signature)
	for _, s := range all {
		byName[s.Name] = s
	}
	from, to := pageTime(0), pageTime(7*24*60-1)
	p := &Page{
		ReportID: "6f1c2b7e-93d4-4b0a-8e55-0d1f2a3b4c5d",
		Diagnosis: &Diagnosis{Tool: "gwlogs", Version: "1.4.0", Lang: lang, Analysis: &matcher.Analysis{
			From: from, To: to, Asked: from.AddDate(0, 0, -7), Computers: []string{"GW-PROD-01"},
			Sources: []matcher.Source{
				{Name: `C:\Windows\System32\winevt\Logs\Data Management Gateway.evtx`, Channel: "Data Management Gateway", Damaged: 1, Gateway: true,
					Stats: evtx.Stats{Records: 18240, Selected: 5210, First: from, Last: to, LowestID: 1201, HighestID: 19452}},
				{Name: "Integration Runtime.evtx", Channel: "Connectors - Integration Runtime",
					Stats: evtx.Stats{Records: 912, Selected: 912, First: from, Last: to, LowestID: 1, HighestID: 912}},
				{Name: "empty.evtx"},
			},
			Timeline: wholeTimeline(from, to), Rest: matcher.Rest{Unexplained: 30, Other: 7},
		}},
		Redaction: &PageRedaction{Mode: "secrets", Rules: []PageRule{{Rule: "password", Count: 12, Where: []string{"logs/x.evtx"}},
			{Rule: "sas-signature", Count: 3, Where: []string{"logs/x.evtx"}}, {Rule: "connection-string", Count: 2,
				Where: []string{"logs/x.evtx"}}}},
		NotRead:      []PageNotRead{{"Security.evtx", "access is denied"}},
		NotInspected: []string{"crash.dmp"},
	}
	f := p.Diagnosis.Analysis
	for i, name := range []string{"cannot-connect-remote-server", "winsock-10060-timeout", "connector-azure-blob-operation-failed"} {
		if byName[name] == nil {
			t.Fatalf("no signature %s", name)
		}
		f.Findings = append(f.Findings, wholeFinding(byName[name], i))
	}
	f.Status = []matcher.Status{
		{Computer: "GW-PROD-01", State: matcher.Limited, Since: pageTime(8100), Last: pageTime(9000), Event: &f.Findings[0].Evidence[0]},
		{Computer: "GW-PROD-02", State: matcher.Unknown},
	}
	f.Computers = []string{"GW-PROD-01", "GW-PROD-02"}
	f.Findings[2].Ongoing, f.Findings[2].Over = false, &matcher.Over{Sign: byName["gateway-connected"], Last: pageTime(9900)}
	f.Findings[0].Explained = []*matcher.Signature{byName["winsock-10060-timeout"]}
	f.Endpoints = []matcher.Endpoint{
		{Address: "wu2.frontend.clouddatahub.net", Port: 443, Count: 1204, First: from, Last: to},
		{Address: "gateway-prod.servicebus.windows.net", Port: 5671, Count: 88, First: from, Last: to},
		{Address: "2603:1030:20e:3::23c", Port: 443, Count: 2, First: from, Last: to},
	}
	f.ReportIDs = []matcher.ReportID{
		{ID: "0b9d3c52-6a1f-4f55-9a7c-3f0d4d2b1a90", Time: pageTime(4000), Computer: "GW-PROD-01", Channel: "Data Management Gateway",
			RecordID: 18011},
	}
	f.Groups = wholeGroups(byName["cannot-connect-remote-server"])
	return p
}

func pageTime(minutes int) time.Time {
	return time.Date(2017, 5, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(minutes) * time.Minute)
}

func wholeTimeline(from, to time.Time) matcher.Timeline {
	t := matcher.Timeline{From: from, To: to, Step: time.Hour, Buckets: make([]matcher.TimelineBucket, 7*24)}
	for hour := range t.Buckets {
		b := &t.Buckets[hour]
		switch {
		case hour >= 62 && hour < 75: // off
			continue
		case hour%11 < 4:
			b.Errors = hour % 5
		case hour%7 < 3:
			b.Warnings = hour % 3
		}
		b.Other = 8
		if hour >= 83 && hour < 90 {
			b.Errors += 7
		}
	}
	return t
}

func wholeFinding(s *matcher.Signature, i int) matcher.Finding {
	f := matcher.Finding{
		Ongoing: true, Computers: []string{"GW-PROD-01"},
		Signature: s, Count: 1204 >> (4 * i), First: pageTime(700 * (i + 1)), Last: pageTime(9000 - 1500*i),
		Captures: []matcher.Captured{{Name: "endpoint", Values: []string{"wu2.frontend.clouddatahub.net:443",
			"gateway-prod.servicebus.windows.net:5671"}}},
	}
	f.Timeline = make([]int, 7*24)
	f.Timeline[12*(i+1)], f.Timeline[150-25*i] = 1, 1000
	for n := range 3 {
		f.Evidence = append(f.Evidence, matcher.Evidence{
			Source: "Data Management Gateway.evtx", Channel: "Data Management Gateway", Computer: "GW-PROD-01", RecordID: uint64(18000 +
				n), EventID: 26,
			Level: evtx.Level(2 + n%2), Time: pageTime(8900 + n), Cause: "Unable to connect to the remote server",
			Message: "Failed to reach the service.\r\nSystem.Net.WebException: Unable to connect to the remote server\r\n   at " +
				"System.Net.HttpWebRequest.GetResponse()",
		})
	}
	return f
}

const wholeXML = `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="DIAHost"/><EventID Qualifiers="0">26</EventID><Level>2</Level><Channel>Data Management Gateway</Channel></System><EventData><Data>Transfer task failed &amp; stopped.</Data></EventData></Event>`

func wholeGroups(known *matcher.Signature) []matcher.Group {
	texts := []string{
		"Unable to connect to the remote server", "Transfer task failed. The sink table dbo.Orders was dropped during the copy",
		"The credential could not be decrypted: Key not valid for use in specified state", "Erreur réseau pendant l’envoi du journal",
		"Worker process 4411 used more memory than expected, and was started again",
	}
	var groups []matcher.Group
	for i, text := range texts {
		groups = append(groups, matcher.Group{
			Channel: "Data Management Gateway", Provider: "DIAHost", EventID: uint16(26 + i), Level: evtx.Level(2 + i%2), Count: 1204 >> (2 * i),
			First: pageTime(700), Last: pageTime(9000), XML: wholeXML,
			Example: matcher.Evidence{
				RecordID: uint64(17000 + i), Source: "Data Management Gateway.evtx", Cause: text,
				Message: "Something failed.\n" + text + ".\n\tat Microsoft.DataTransfer.Run()",
			},
		})
	}
	groups[0].Signature = known
	for i := range 40 {
		groups[0].Occurrences = append(groups[0].Occurrences, matcher.Occurrence{
			Source: "Data Management Gateway.evtx", Computer: []string{"GW-PROD-01", "GW-PROD-02"}[i%2], RecordID: uint64(18000 + i),
			Time: pageTime(8000 + i), Text: fmt.Sprintf("Unable to connect to the remote server 40.68.114.%d:443", i/2),
		})
	}
	return groups
}

// hostilePage has evil wherever a text can come from.
func hostilePage(t *testing.T, lang string) *Page {
	t.Helper()
	at := pageTime(60)
	s := &matcher.Signature{
		Rule: &sigma.Rule{ID: evil, Level: sigma.Critical, References: []string{"javascript:alert(7)",
			"https://example.com/\"><script>alert(8)</script>",
			evil, "data:text/html,<script>alert(9)</script>", "https://user@example.com/", "HTTPS://learn.microsoft.com/a?b=1&c=2"}},
		Name: evil, Text: matcher.Text{Title: evil, Cause: evil, Resolution: []string{evil}},
	}
	return &Page{
		ReportID: evil,
		Diagnosis: &Diagnosis{Tool: evil, Version: evil, Lang: lang, Analysis: &matcher.Analysis{
			From: at, To: at, Asked: at.AddDate(0, 0, -7), Computers: []string{evil},
			Sources: []matcher.Source{{Name: evil, Channel: evil, Failed: true,
				Stats: evtx.Stats{Records: 3, Selected: 2, LowestID: 1, HighestID: 1<<64 - 1, First: at}}},
			Status: []matcher.Status{{Computer: evil, State: matcher.Offline, Since: at, Last: at,
				Event: &matcher.Evidence{Message: evil, Cause: evil, Source: evil}}},
			Findings: []matcher.Finding{{
				Computers: []string{evil}, Over: &matcher.Over{Sign: s, Last: at},
				Signature: s, Count: 2, First: at, Last: at, Captures: []matcher.Captured{{Name: evil, Values: []string{evil}}},
				Evidence: []matcher.Evidence{{Source: evil, Channel: evil, Computer: evil, RecordID: 1, Time: at, Message: evil, Cause: evil, Level: 9,
					Detail: matcher.Detail{Code: evil, Outer: evil, Account: evil, Path: evil}}},
				Explained: []*matcher.Signature{s},
			}},
			Endpoints: []matcher.Endpoint{{Address: evil, Port: 1, Count: 1}},
			ReportIDs: []matcher.ReportID{{ID: evil, Computer: evil, Channel: evil}},
			Timeline:  matcher.Timeline{From: at, To: at, Step: time.Hour, Buckets: []matcher.TimelineBucket{{Errors: 1}}},
			Groups: []matcher.Group{{
				Signature: s, Channel: evil, Provider: evil, Level: 2, Count: 1, XML: "<Event>" + evil + "</Event>",
				Example:     matcher.Evidence{Cause: evil, Source: evil, RecordID: 5, Message: evil},
				Occurrences: []matcher.Occurrence{{Source: evil, Computer: evil, RecordID: 5, Text: evil}},
			}},
		}},
		Redaction: &PageRedaction{Mode: evil, Rules: []PageRule{{Rule: evil, Count: 1, Where: []string{evil}}}},
		NotRead:   []PageNotRead{{evil, evil}}, NotInspected: []string{evil},
	}
}

// hugePage is of a log with 200,000 errors, every text as long as it can be.
func hugePage(t *testing.T) *Page {
	t.Helper()
	p := wholePage(t, "en")
	long := strings.Repeat(`<Data Name="x">"quoted" & 'so'</Data>`, 2000) // 74 KB, that escaping makes longer
	f := p.Diagnosis.Analysis
	f.Groups = nil
	for i := range 1000 {
		f.Groups = append(f.Groups, matcher.Group{
			Channel: "Data Management Gateway", Provider: "DIAHost", Level: 2, Count: 200, EventID: uint16(i), First: pageTime(0), Last: pageTime(9),
			XML: "<Event>" + long[:(i%20)*800] + "</Event>",
			Example: matcher.Evidence{
				RecordID: uint64(i + 1), Source: "big.evtx", Cause: fmt.Sprintf("error of kind%d %s", i, long[:700]),
				Message: fmt.Sprintf("error of kind%d\n%s", i, long),
			},
		})
	}
	for i := range f.Findings {
		for range 100 {
			e := f.Findings[i].Evidence[0]
			e.Message = long
			f.Findings[i].Evidence = append(f.Findings[i].Evidence, e)
		}
		f.Findings[i].Captures[0].Values = make([]string, 1000)
	}
	f.Endpoints = make([]matcher.Endpoint, 10000)
	f.ReportIDs = make([]matcher.ReportID, 10000)
	return p
}

func writePage(t *testing.T, p *Page) string {
	t.Helper()
	var out bytes.Buffer
	if err := WritePage(&out, p); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

var (
	pageScripts = regexp.MustCompile(`(?is)<script[^>]*>(.*?)</script>`)
	pageStyles  = regexp.MustCompile(`(?is)<style[^>]*>(.*?)</style>`)
	pageTags    = regexp.MustCompile(`<([a-zA-Z][a-zA-Z0-9]*)((?:\s+[^\s"'<>=/]+(?:="[^"]*")?)*)\s*/?>`)
	pageAttrs   = regexp.MustCompile(`\s([^\s"'<>=/]+)(?:="([^"]*)")?`)
)

// code is the script that runs: the last.
func code(page string) string {
	all := pageScripts.FindAllStringSubmatch(page, -1)
	return all[len(all)-1][1]
}

// withoutCode is a page without its own style and script.
func withoutCode(page string) string {
	return pageScripts.ReplaceAllString(pageStyles.ReplaceAllString(page, ""), "")
}

func TestPageIsSafe(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"en", "fr"} {
		page := writePage(t, hostilePage(t, lang))
		if n := len(pageScripts.FindAllString(page, -1)); n != 2 { // what runs, and the events as data
			t.Errorf("%s: %d scripts", lang, n)
		}
		if i := strings.IndexAny(page, "\x00\x1b\x7f\u202e\u2028\u200f\ufeff\r"); i >= 0 {
			t.Errorf("%s: a character that cannot be seen: %q", lang, page[i:i+20])
		}
		if !strings.Contains(page, `\u202e\u2028\u200f`) || !strings.Contains(page, `\x1b[2J`) {
			t.Errorf("%s: what cannot be seen is not shown", lang)
		}
		rest := withoutCode(page)
		if strings.Count(rest, "<") != len(pageTags.FindAllString(rest, -1))+strings.Count(rest, "</")+strings.Count(rest, "<!DOCTYPE") {
			t.Errorf("%s: a < that begins no tag of the page's", lang)
		}
		for _, tag := range pageTags.FindAllStringSubmatch(rest, -1) {
			checkTag(t, lang, tag[1], tag[2])
		}
	}
}

// checkTag: nothing that runs, loads, or leads elsewhere than to the web.
func checkTag(t *testing.T, lang, name, attrs string) {
	t.Helper()
	switch strings.ToLower(name) {
	case "img", "iframe", "object", "embed", "link", "base", "form", "script", "style", "image", "use", "foreignobject", "video", "audio":
		t.Errorf("%s: <%s%s>", lang, name, attrs)
	}
	for _, a := range pageAttrs.FindAllStringSubmatch(attrs, -1) {
		key, value := strings.ToLower(a[1]), html.UnescapeString(a[2])
		switch {
		case strings.HasPrefix(key, "on"), key == "style", key == "src", key == "srcset", key == "action", key == "xlink:href":
			t.Errorf("%s: attribute %s of <%s>", lang, key, name)
		case key == "href" && !strings.HasPrefix(value, "#") && !strings.HasPrefix(value, "https://learn.microsoft.com/") &&
			!strings.HasPrefix(value, "https://example.com/%22%3E%3Cscript"):
			t.Errorf("%s: a link to %q", lang, value)
		}
	}
}

func TestPageLinks(t *testing.T) {
	t.Parallel()
	for reference, want := range map[string]string{
		"https://learn.microsoft.com/a?b=1&c=2#d": "https://learn.microsoft.com/a?b=1&c=2#d",
		"http://example.com":                      "http://example.com",
		"javascript:alert(1)":                     "",
		"java\nscript:alert(1)":                   "",
		" https://example.com":                    "",
		"https://user@example.com":                "",
		"https:alert(1)":                          "",
		"//example.com/a":                         "",
		"data:text/html,x":                        "",
		"file:///etc/passwd":                      "",
		"https://example.com/%zz":                 "",
		"":                                        "",
	} {
		if got := webAddress(reference); got != want {
			t.Errorf("%q: %q, want %q", reference, got, want)
		}
	}
}

func TestPageIsDeterministic(t *testing.T) {
	t.Parallel()
	first := writePage(t, wholePage(t, "en"))
	for range 5 {
		if writePage(t, wholePage(t, "en")) != first {
			t.Fatal("the same page, other bytes")
		}
	}
}

// TestPagePolicy: only the style and the script that stand in the page may be used.
func TestPagePolicy(t *testing.T) {
	t.Parallel()
	page := writePage(t, wholePage(t, "en"))
	policy := regexp.MustCompile(`<meta http-equiv="Content-Security-Policy" content="([^"]*)">`).FindStringSubmatchIndex(page)
	if policy == nil {
		t.Fatal("no policy")
	}
	if first := strings.Index(page, "<style"); first < policy[0] {
		t.Error("the policy comes after the style")
	}
	style := pageStyles.FindStringSubmatch(page)
	want := "default-src 'none'; style-src '" + pageHash([]byte(style[1])) + "'; script-src '" + pageHash([]byte(code(page))) +
		"'; img-src 'none'; base-uri 'none'; form-action 'none'"
	if got := page[policy[2]:policy[3]]; got != want {
		t.Errorf("policy\n%s, want\n%s", got, want)
	}
}

// TestPageLoadsNothing: the only addresses are those of links and, as text, of logs.
func TestPageLoadsNothing(t *testing.T) {
	t.Parallel()
	page := writePage(t, wholePage(t, "en"))
	for _, code := range []string{code(page), pageStyles.FindString(page)} {
		if i := strings.Index(code, "//"); strings.Contains(code, "http") || strings.Contains(code, "url(") || strings.Contains(code, "@import") {
			t.Errorf("code that loads something: %q", code[max(i, 0):])
		}
	}
	for _, tag := range pageTags.FindAllStringSubmatch(withoutCode(page), -1) {
		checkTag(t, "en", tag[1], tag[2])
	}
}

func TestPageLanguages(t *testing.T) {
	t.Parallel()
	for lang, wants := range map[string][]string{
		"en": {`<html lang="en">`, "Gateway diagnosis", "What to do", "All times are UTC.", "once, on", "This log tells why", "37 more events"},
		"fr": {`<html lang="fr">`, "Diagnostic de la passerelle", "Que faire", "Toutes les heures sont UTC.",
			"Ce journal dit pourquoi", "37 autres événements"},
	} {
		p := wholePage(t, lang)
		p.Diagnosis.Findings[2].Count = 1
		page := html.UnescapeString(writePage(t, p))
		for _, want := range wants {
			if !strings.Contains(page, want) {
				t.Errorf("%s: no %q", lang, want)
			}
		}
		if n := strings.Count(page, words.In(lang).Say("page.all-utc")); n != 1 {
			t.Errorf("%s: that times are UTC is said %d times", lang, n)
		}
	}
	if page := writePage(t, wholePage(t, "de")); !strings.Contains(page, `<html lang="en">`) {
		t.Error("a language without words is not English")
	}
}

// TestPageHasAll: what was found is in the page, in the order that people need it.
func TestPageHasAll(t *testing.T) {
	t.Parallel()
	page := html.UnescapeString(writePage(t, wholePage(t, "en")))
	at := 0
	for _, want := range []string{
		"6f1c2b7e-93d4-4b0a-8e55-0d1f2a3b4c5d", "since 2017-04-24 00:00:00", "2017-05-01 00:00:00 to 2017-05-07 23:59:00", "GW-PROD-01",
		`<h2 id="status-title">`, "they end on 2017-05-07", "limited", "GW-PROD-01", "since 2017-05-06", "unknown: the log does not " +
			"say", "GW-PROD-02",
		`<h2 id="findings-title">`, "HIGH", `<a href="#problem-1">The gateway cannot connect`, `<svg class="spark"`, "ongoing · 1,204", "2017-05-07 06:00:00", "over",
		`<h2 id="endpoints-title">`, "wu2.frontend.clouddatahub.net:443\ngateway-prod.servicebus.windows.net:5671\n[2603:1030:20e:3::23c]:443", "<caption",
		`<h2 id="problems-title">`, "ongoing · 1,204 times, from 2017-05-01 11:40:00", "on GW-PROD-01", "The gateway cannot connect to the remote server", "<ol", "wu2.frontend.clouddatahub.net:443",
		"What the log says (the last 3 of 1,204)", "System.Net.WebException", `<a href="https://learn.microsoft.com/`,
		`<h2 id="timeline-title">`, "<svg", "Nothing logged", `class="gap"`, `<a href="#problem-1" class="problem high">`, "1. The gateway cannot connect", `class="events" d="M`, "<caption",
		`<h2 id="groups-title">`, "Unable to connect to the remote server", `<a href="#problem-1">`, "DIAHost", "Something failed.\nUnable", "  <System>\n    <Provider Name=\"DIAHost\"/>",
		"37 more events",
		`<h2 id="reportids-title">`, "0b9d3c52-6a1f-4f55-9a7c-3f0d4d2b1a90",
		`<h2 id="coverage-title">`, "Nothing is known of the time from 2017-04-24", "5,210 of 18,240", "1201–19452", "no events", "Security.evtx", "access is denied",
		`<h2 id="redaction-title">`, "Passwords, keys and tokens were taken out", "sas-signature", "crash.dmp", "gwlogs 1.4.0",
	} {
		i := strings.Index(page[at:], want)
		if i < 0 {
			t.Fatalf("no %q (there, or at all: %v)", want, strings.Contains(page, want))
		}
		at += i
	}
}

// TestPageOfNothing: a page of a healthy gateway says so, and one without anything does not fail.
func TestPageOfNothing(t *testing.T) {
	t.Parallel()
	page := html.UnescapeString(writePage(t, &Page{Diagnosis: &Diagnosis{Analysis: new(matcher.Analysis)}}))
	for _, want := range []string{"No known problem was found.", "Nor is there any error or warning"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q", want)
		}
	}
	if n := strings.Count(page, "<section"); n != 1 || strings.Count(page, `<li><a href="#`) != 1 {
		t.Errorf("%d sections, though there is nothing in them", n)
	}
	p := wholePage(t, "en")
	p.Diagnosis.Findings = nil
	if page := writePage(t, p); !strings.Contains(page, "There are errors or warnings all the same") {
		t.Error("errors are not pointed to")
	}
	for _, p := range []*Page{nil, {}, {Diagnosis: &Diagnosis{}}} {
		if err := WritePage(&bytes.Buffer{}, p); err == nil {
			t.Error("a page without a diagnosis")
		}
	}
}

func TestPageIsBounded(t *testing.T) {
	t.Parallel()
	page := writePage(t, hugePage(t))
	if len(page) > 8<<20 {
		t.Errorf("%d bytes", len(page))
	}
	if n := strings.Count(page, "<li data-level="); n != maxPageGroups {
		t.Errorf("%d groups", n)
	}
	for _, want := range []string{
		words.Thousands(500*200+37) + " more events", "… (the rest is left out here)", "Left out, to keep this page small", "and 9,500 more", "and 950 more",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q", want)
		}
	}
	if strings.Contains(page, "error of kind500 ") || !strings.Contains(page, "error of kind499 ") {
		t.Error("other groups than the first")
	}
}

func TestShown(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text, want string
		limit      int
	}{
		{"short", "short", 5},
		{"longer", "longe+", 5},
		{"aéé", "aé+", 4},
		{"\x1b\x1b", "\\x1b+", 7},
		{"a\r\nb\tc\rd", "a\nb\tc\\x0dd", 50},
		{"", "", 0},
		{"é", "+", 1},
	} {
		got := shown(tt.text, tt.limit, "+")
		if tt.text == "\x1b\x1b" {
			tt.want = `\x1b\x1+`
		}
		if got != tt.want {
			t.Errorf("%q: %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestIndentXML(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`<a><b x="1"/><c>text</c><d><e></e></d></a>`: "<a>\n  <b x=\"1\"/>\n  <c>text</c>\n  <d>\n    <e></e>\n  </d>\n</a>",
		"": "", "no xml": "no xml", "<a>\n<b></b></a>": "<a>\n<b></b></a>", "></></": "></></", "><><": "><><",
	} {
		got := indentXML(text)
		if got != want && strings.HasPrefix(text, "<a><b") {
			t.Errorf("%s:\n%s, want\n%s", text, got, want)
		}
		if strings.NewReplacer("\n", "", " ", "").Replace(got) != strings.NewReplacer("\n", "", " ", "").Replace(text) {
			t.Errorf("%q became %q", text, got)
		}
	}
}

// A finding that is only likely says so in its title, as it does in text.
func TestPageLikely(t *testing.T) {
	p := wholePage(t, "en")
	p.Diagnosis.Findings[0].Likely = true
	title := p.Diagnosis.Findings[0].Text("en").Title
	page := writePage(t, p)
	if n := strings.Count(page, html.EscapeString(title+" (likely)")); n < 2 { // in the list, and above the finding
		t.Errorf("%d times", n)
	}
}

// Many sources are one line until it is opened.
func TestPageFoldsSources(t *testing.T) {
	p := wholePage(t, "en")
	if strings.Contains(writePage(t, p), "<summary>3 logs</summary>") {
		t.Error("3 logs are folded")
	}
	p.Diagnosis.Sources = make([]matcher.Source, 600)
	if page := writePage(t, p); !strings.Contains(page, "<summary>600 logs</summary>") {
		t.Error("600 logs are not folded")
	}
}
