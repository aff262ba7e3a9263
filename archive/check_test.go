package archive_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/archive"
)

const checkResult = `{"schema":"gwlogs.check/1","tool":{"name":"gwlogs","version":"1"},"time":"2026-11-26T18:00:00Z","computer":"GW-CHECK-07",
"product":"shir","cloud":"public","proxy":null,"took_ms":12,"interrupted":false,"counts":{"fault":1},
"results":[{"probe":"connection","status":"fault","layer":"network","finding":"dropped",
"target":{"host":"sql-plant9.corp.example","port":1433,"protocol":"sqlserver","role":"store","needed":"required","source":"target"},
"seen":"old words","do":["old"],"ticket":"old","values":{"address":"10.9.8.7","from":"10.9.8.1","host":"sql-plant9.corp.example","port":"1433","role":"store",
"target":"sql-plant9.corp.example:1433","ticket":"open","seconds":"10.0","computer":"GW-CHECK-07"},"raw":["password=hunter2hunter2;dial tcp 10.9.8.7:1433: i/o timeout"],"took_ms":10}]}`

func bundleWithCheck(t *testing.T, o archive.Options) (*archive.Bundle, []byte) {
	t.Helper()
	var out bytes.Buffer
	o.Out = &out
	if _, err := archive.Make(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	b, err := archive.Open(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return b, out.Bytes()
}

func entryText(t *testing.T, b *archive.Bundle, name string) string {
	t.Helper()
	in, err := b.Entry(name)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	data, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestCheckInBundle: the result of a check is in the bundle, redacted as everything is, on its page and in its README, and stays there
// when the bundle is redacted once more.
func TestCheckInBundle(t *testing.T) {
	o := archive.Options{Sources: []string{"../testdata/gateway-en.evtx"}, Since: archive.At(time.Unix(0, 0)), Check: []byte(checkResult), Lang: "fr"}
	b, data := bundleWithCheck(t, o)
	got := entryText(t, b, archive.CheckName)
	if strings.Contains(got, "hunter2") || !strings.Contains(got, "sql-plant9.corp.example") || !json.Valid([]byte(got)) {
		t.Errorf("check.json: %s", got)
	}
	if strings.Contains(got, "old words") || !strings.Contains(got, "les paquets sont jetés en route") {
		t.Error("the sentences are not those of the bundle's language")
	}
	for name, want := range map[string]string{
		archive.PageName: "les paquets sont jetés en route", archive.ReadmeName: "check.json", archive.ManifestName: `"check.json"`,
	} {
		if !strings.Contains(entryText(t, b, name), want) {
			t.Errorf("%s lacks %q", name, want)
		}
	}
	v, err := archive.Verify(context.Background(), bytes.NewReader(data), int64(len(data)))
	if err != nil || len(v.Problems) > 0 {
		t.Errorf("%v %v", err, v.Problems)
	}

	again, _ := bundleWithCheck(t, archive.Options{Bundle: b, Redact: archive.Identities, TokenKey: make([]byte, archive.TokenKeySize)})
	hidden := entryText(t, again, archive.CheckName)
	for _, name := range []string{"plant9", "10.9.8.7", "GW-CHECK-07", "10.9.8.1"} {
		if strings.Contains(hidden, name) || strings.Contains(entryText(t, again, archive.PageName), name) {
			t.Errorf("%s is still there:\n%s", name, hidden)
		}
	}
	if !strings.Contains(hidden, `"finding": "dropped"`) || !strings.Contains(hidden, "packets are dropped on the way") {
		t.Errorf("what was found is gone:\n%s", hidden)
	}

	without, _ := bundleWithCheck(t, archive.Options{Sources: o.Sources, Since: o.Since})
	if _, err := without.Entry(archive.CheckName); err == nil || strings.Contains(entryText(t, without, archive.ReadmeName), archive.CheckName) {
		t.Error("a bundle without a check speaks of one")
	}
}

func TestWrongCheck(t *testing.T) {
	for _, text := range []string{"", "{}", `{"schema":"gwlogs.check/9"}`, "[1", strings.Repeat(" ", 9<<20)} {
		_, err := archive.Make(context.Background(), archive.Options{Sources: []string{"../testdata/gateway-en.evtx"}, Check: []byte(text), Out: io.Discard})
		var wrong *archive.CheckError
		if !errors.As(err, &wrong) {
			t.Errorf("%.20q: %v", text, err)
		}
	}
}
