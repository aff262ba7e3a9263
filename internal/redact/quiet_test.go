package redact_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/redact"
)

// FuzzQuiet: what a Redactor remembers changes nothing, whatever stands in whatever event, and again.
func FuzzQuiet(f *testing.F) {
	for _, c := range secretCases() {
		f.Add(c.text+"\n"+c.text+"\tsecond\n"+c.text, "")
		f.Add("first\t"+c.text+"\nfirst\n"+c.text+"\tfirst", "ApiKey\tx")
	}
	for _, c := range identityCases() {
		f.Add(c.text+"\n"+c.text, "TargetUserName\tx")
	}
	f.Add("Password\tHunter22x\nHunter22x\nPassword\nPassword\nHunter22x\tPassword\tHunter22x", "")
	f.Add("Hunter22x\nValue\tHunter22x\nPassword\tValue\tHunter22x", "Name\tValue\tValue")
	f.Add("MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEA\n-----END PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEA\t-----END PRIVATE KEY-----", "")
	f.Add("a\nb\nc\nd\nto 192.168.10.44:1433\nto 192.168.10.44:1433", "")
	f.Add("handed over xK7dQ2mZ9pLw4RtY8vBn to the node\nzz=Kestrel!Nine04 at start", "")
	f.Add("the key of gw01\ngw01\nconnect to gw01", "Computer")
	f.Fuzz(func(t *testing.T, lines, names string) {
		if len(lines) > 2000 || len(names) > 200 {
			return
		}
		log := logOf(t, lines, strings.Split(names, "\t"))
		for _, mode := range []redact.Mode{redact.Secrets, redact.Identities} {
			want, wantCounts := redactTwice(t, log, mode, true)
			got, gotCounts := redactTwice(t, log, mode, false)
			if !bytes.Equal(got, want) || !slices.Equal(gotCounts, wantCounts) {
				t.Fatalf("%s: %v\n%s\nnot %v\n%s", mode, gotCounts, got, wantCounts, want)
			}
		}
	})
}

// logOf has an event for each line, with its parts between tabs as values.
func logOf(t *testing.T, lines string, names []string) *evtx.Reader {
	var out bytes.Buffer
	w := evtx.NewWriter(&out)
	for i, line := range strings.Split(lines, "\n") {
		e := &evtx.Event{Provider: "p", Channel: "c", Computer: "GW01.contoso.local", EventID: 500, TimeCreated: time.Unix(1.7e9, 0)}
		if i%5 == 4 {
			e.EventID = 401
		}
		texts := strings.Split(line, "\t")
		for k, text := range texts {
			if i%3 == 0 && k < len(names) && names[k] != "" {
				e.Data = append(e.Data, evtx.Data{Name: names[k], Value: evtx.StringValue(text)})
			}
		}
		if e.Data == nil {
			e.Strings = texts
		}
		if err := w.WriteEvent(e); err != nil {
			t.Skip(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	log, err := evtx.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return log
}

// redactTwice redacts a log, and once more with the same Redactor.
func redactTwice(t *testing.T, log *evtx.Reader, mode redact.Mode, forget bool) ([]byte, []redact.Count) {
	o := redact.Options{Mode: mode}
	o.Tokens, _ = redact.NewTokens(make([]byte, redact.KeySize))
	each := func(visit func(*evtx.Record)) {
		for range 2 {
			for rec, err := range log.Records() {
				if err != nil {
					t.Fatal(err)
				}
				visit(rec)
			}
		}
	}
	if mode == redact.Identities {
		learner, err := redact.New(o)
		if err != nil {
			t.Fatal(err)
		}
		o.Names = new(redact.Names)
		each(func(rec *evtx.Record) {
			if forget {
				learner.Forget()
			}
			learner.Learn(o.Names, rec)
		})
	}
	r, err := redact.New(o)
	if err != nil {
		t.Fatal(err)
	}
	var out []byte
	each(func(rec *evtx.Record) {
		r.Begin(rec)
		for _, d := range rec.AppendData(nil) {
			if forget {
				r.Forget()
			}
			out = append(append(out, r.Value(d.Name, d.Value).String()...), '\n')
		}
	})
	return out, append(r.TakeCounts(), r.TakeSuspects()...)
}
