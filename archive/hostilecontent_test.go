package archive

import (
	"hash/crc32"
	"strings"
	"testing"
	"time"
)

// extra adds an entry that should not be there.
func extra(name string) func(testing.TB, *sample) {
	return func(_ testing.TB, s *sample) { s.zipOnly(name, []byte("x")) }
}

// inLog changes the sample's log.
func inLog(change func(log []byte) []byte) func(testing.TB, *sample) {
	return func(_ testing.TB, s *sample) { e := s.entry(sampleLog); e.data = change(e.data) }
}

// resum puts the checksums of the first chunk right.
func resum(log []byte) []byte {
	c := log[4096:]
	le.PutUint32(c[52:], crc32.ChecksumIEEE(c[512:le.Uint32(c[48:])]))
	return sumHeader(log)
}

// sumHeader puts the checksum of the first chunk's header right.
func sumHeader(log []byte) []byte {
	c := log[4096:]
	le.PutUint32(c[124:], crc32.Update(crc32.ChecksumIEEE(c[:120]), crc32.IEEETable, c[128:512]))
	return log
}

func hostileManifests() []hostile {
	bad := func(what, text, problem string) hostile {
		return hostile{
			name:  what,
			after: func(_ testing.TB, s *sample) { s.raw = []byte(text) },
			open:  "manifest.json: " + problem,
			want:  []string{"manifest.json: " + problem},
		}
	}
	heavy := func(h hostile) hostile { h.heavy = true; return h }
	said := func(what, problem string, after func(m *Manifest)) hostile {
		return hostile{name: what, after: func(_ testing.TB, s *sample) { after(s.manifest) }, want: []string{problem}}
	}
	return []hostile{
		bad("no JSON", "{\x1b", "is no manifest: invalid character '\\x1b' looking for beginning of object key string"),
		bad("no schema", "{}", "is no manifest: it has no schema"),
		bad("wrong schema", `{"schema": "gwlogs.bundle/2\u001b"}`,
			`has the schema "gwlogs.bundle/2\x1b", and this program knows gwlogs.bundle/1`),
		heavy(bad("large", strings.Repeat(" ", maxManifest+1), "is larger than 16 MiB")),
		heavy(bad("long list", `{"entries": [`+strings.Repeat("{},", maxList)+`{}]}`,
			"is no manifest: a list of 100001 items: no more than 100000 are read")),
		heavy(bad("long list of something else", `{"redaction": {"not_inspected": [`+strings.Repeat("0,", maxList)+`0]}}`,
			"is no manifest: a list of 100001 items: no more than 100000 are read")),
		said("report ID", "manifest.json: report ID is no UUID: 4c9e0b58-6e0f-4f0e-9a44-1b1f5ce0c1dg",
			func(m *Manifest) { m.ReportID = "4c9e0b58-6e0f-4f0e-9a44-1b1f5ce0c1dg" }),
		said("created", "manifest.json: does not say when the bundle was created", func(m *Manifest) { m.Created = time.Time{} }),
		bad("no window", `{"schema": "gwlogs.bundle/1"}`, "is no manifest: it has no window"),
		bad("null window", `{"schema": "gwlogs.bundle/1", "window": {"requested": null}}`, "is no manifest: it has no window"),
		said("listed twice", "manifest.json: lists README.txt more than once",
			func(m *Manifest) { m.Entries = append(m.Entries, m.Entries[0]) }),
		said("lists itself", "manifest.json: lists itself",
			func(m *Manifest) { m.Entries = append(m.Entries, Entry{Path: ManifestName}) }),
		{
			name: "window the wrong way round",
			after: func(_ testing.TB, s *sample) {
				s.manifest.Window.Requested = Span{&windowEnd, &windowStart}
			},
			want: []string{
				"logs/Test.evtx: records outside of the window: 3, the first is record 100 of 2017-05-01T01:00:00Z",
				"manifest.json: window ends before it begins",
			},
		},
	}
}

func hostileLogs() []hostile {
	told := func(what, problem string, tell func(e *Entry)) hostile {
		return hostile{
			name:  what,
			after: func(_ testing.TB, s *sample) { tell(s.listed(sampleLog)) },
			want:  []string{sampleLog + ": " + problem},
		}
	}
	log := func(what string, change func(log []byte) []byte, problems ...string) hostile {
		for i := range problems {
			problems[i] = sampleLog + ": " + problems[i]
		}
		return hostile{name: what, content: inLog(change), want: problems}
	}
	at := windowStart
	return []hostile{
		told("fewer records", "has 3 records, and the manifest says 4", func(e *Entry) { e.Records = 4 }),
		told("another channel", `has the channel Test, and the manifest says "System\x1b"`, func(e *Entry) { e.Channel = "System\x1b" }),
		told("another beginning", "begins at 2017-05-01T01:00:00Z, and the manifest says 2017-05-01T00:00:00Z", func(e *Entry) { e.First = &at }),
		told("another end", "ends at 2017-05-01T03:00:00Z, and the manifest says no time", func(e *Entry) { e.Last = nil }),
		log("no log", func([]byte) []byte { return []byte("text") }, "is a text file, not an event log (.evtx)"),
		log("damaged record", func(b []byte) []byte { b[4096+700] ^= 1; return b },
			"chunk 0 at 0x1000: checksum of the event records is wrong"),
		log("stale data", func(b []byte) []byte { b[4096+65000] = 'x'; return b }, "chunk 0 at 0x10de8: holds data in its unused space"),
		log("data behind the records", func(b []byte) []byte {
			c := b[4096:]
			free := le.Uint32(c[48:])
			copy(c[free:], "hidden")
			le.PutUint32(c[48:], free+8)
			return resum(b)
		}, "chunk 0 at 0x1840: holds 8 bytes behind its records that are none"),
		log("data in the header of a chunk", func(b []byte) []byte { b[4096+100] = 'x'; return resum(b) },
			"chunk 0 at 0x1064: holds data in its header's reserve"),
		log("no checksums", func(b []byte) []byte { b[4096+120] = 4; return resum(b) }, "chunk 0 at 0x1078: has no checksums"),
		log("data in the file header", func(b []byte) []byte { b[3000] = 'x'; return b }, "file header at 0xbb8: holds data in its reserve"),
		log("data in the front of the file header", func(b []byte) []byte {
			b[50] = 'x'
			le.PutUint32(b[124:], crc32.ChecksumIEEE(b[:120]))
			return b
		}, "file header at 0x32: holds data in its reserve"),
		log("records that end too early", func(b []byte) []byte { le.PutUint32(b[4096+48:], 100); return sumHeader(b) },
			"chunk 0 at 0x1000: free space offset 0x64 is impossible"),
		log("records that end too late", func(b []byte) []byte { le.PutUint32(b[4096+48:], 1<<31); return sumHeader(b) },
			"chunk 0 at 0x1000: free space offset 0x80000000 is impossible"),
		log("not closed", func(b []byte) []byte { b[120] = 1; return b },
			"file header at 0x78: flags are 0x1: it was not closed, or has no checksums"),
		log("bytes behind the last chunk", func(b []byte) []byte { return append(b, make([]byte, 65536)...) },
			"file header at 0x2a: counts 1 chunks, and there is room for 2"),
		log("few bytes behind the last chunk", func(b []byte) []byte { return append(b, 0) },
			"file header at 0x2a: counts 1 chunks, and there is room for 2"),
		log("cut off", func(b []byte) []byte { return b[:4096+60000] }, "chunk 0 at 0xfa60: file is cut off after 60000 bytes of the chunk"),
		{
			name: "outside of the window",
			after: func(_ testing.TB, s *sample) {
				from := windowStart.Add(90 * time.Minute)
				s.manifest.Window.Requested.From = &from
			},
			want: []string{"logs/Test.evtx: records outside of the window: 1, the first is record 100 of 2017-05-01T01:00:00Z"},
		},
		{
			name: "behind the window",
			after: func(_ testing.TB, s *sample) {
				to := windowStart.Add(150 * time.Minute)
				s.manifest.Window.Requested.To = &to
			},
			want: []string{"logs/Test.evtx: records outside of the window: 1, the first is record 102 of 2017-05-01T03:00:00Z"},
		},
		{
			name: "text among the logs",
			content: func(_ testing.TB, s *sample) {
				s.add("logs/notes.txt", []byte("x"), Entry{})
			},
			want: []string{"logs/notes.txt: is no .evtx log"},
		},
	}
}

func hostilePages() []hostile {
	page := func(what, old, text, problem string) hostile {
		return hostile{
			name: what,
			content: func(t testing.TB, s *sample) {
				e := s.entry(PageName)
				if !strings.Contains(samplePage, old) {
					t.Fatalf("no %q in the page", old)
				}
				e.data = []byte(strings.Replace(samplePage, old, text, 1))
			},
			want: []string{"report.html: " + problem},
		}
	}
	findings := func(what, text, problem string) hostile {
		return hostile{
			name:    what,
			content: func(_ testing.TB, s *sample) { s.entry(FindingsName).data = []byte(text) },
			want:    []string{"findings.json: " + problem},
		}
	}
	none := errNoPolicy.Error()
	equiv := "has a meta element that it should not have: http-equiv "
	return []hostile{
		page("no policy", "http-equiv", "name", none),
		page("loads from anywhere", "style-src 'sha256-abc='", "style-src *", equiv+"Content-Security-Policy"),
		page("loads by default", "'none'; style", "'self'; style", equiv+"Content-Security-Policy"),
		page("data by default", "'none'; style", "data:; style", equiv+"Content-Security-Policy"),
		page("another kind of policy", `"Content-Security-Policy"`, `"refresh"`, equiv+"refresh"),
		page("two policies in one", "<meta http", `<meta content="x" http`, "has a meta element that cannot be read"),
		page("no default", "default-src", "img-src", equiv+"Content-Security-Policy"),
		page("element in front", "<head>", "<head><script src=x></script>", none),
		page("text in front", "<head>", "<head>text", none),
		page("policy in a comment", "<meta http", "<!--<meta http", none),
		page("style in front", `<html lang="en">`, `<html style="background:url(x)">`, none),
		page("refresh", "<title>", `<meta http-equiv="refresh" content="0;url=x"><title>`, equiv+"refresh"),
		page("charset", "utf-8", "iso-2022-jp", "has a meta element that it should not have: charset iso-2022-jp"),
		page("form", "<p>", `<FORM action="x"><p>`, "has an element that it should not have: form"),
		page("meta that is not closed", "<p>", `<meta http-equiv="refresh`, "has a meta element that cannot be read"),
		page("empty", samplePage, "", none),
		findings("findings of another schema", `{"a": {"schema": "gwlogs.findings/1"}, "b": "schema", "schema": "x\u001b"}`,
			`has the schema "x\x1b", and this program knows gwlogs.findings/1`),
		findings("findings without a schema", `{"b": "schema", "c": "gwlogs.findings/1"}`,
			`has the schema "", and this program knows gwlogs.findings/1`),
		findings("findings cut off", `{"schema": "gwlogs.findings/1", `, "is no JSON: it is no whole object"),
		findings("findings and more", `{"schema": "gwlogs.findings/1"} {}`, "is no JSON: it does not end with the object"),
		findings("findings that are a list", `["schema", "gwlogs.findings/1"]`, "is no JSON: it is no whole object"),
		findings("deep findings", strings.Repeat(`{"a":`, 200), "is no JSON: it is nested more than 100 deep"),
	}
}
