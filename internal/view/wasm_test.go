//go:build !js

package view

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A workerAnswer is what the worker of gwlogs.html posts.
type workerAnswer struct {
	ID     int             `json:"id"`
	Result json.RawMessage `json:"result"`
	Error  *Error          `json:"error"`
}

// askWorker gives files to the worker of gwlogs.html, as node runs it, and returns its answers to requests.
func askWorker(t *testing.T, requests [][2]any, files ...string) []workerAnswer {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is missing: .ci/install gets it with npm")
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "gwlogs.wasm")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, "./wasm")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	raw, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z, _ := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	z.Write(raw)
	z.Close()
	write := func(name string, data []byte) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, data, 0o666); err != nil {
			t.Fatal(err)
		}
		return name
	}
	asked, err := json.Marshal(requests)
	if err != nil {
		t.Fatal(err)
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	args := append([]string{
		filepath.Join("testdata", "node.js"), filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"),
		filepath.Join("wasm", "worker.js"), write("packed", []byte(base64.StdEncoding.EncodeToString(packed.Bytes()))), write("requests", asked),
	}, files...)
	var stderr bytes.Buffer
	run := exec.Command(node, args...)
	run.Stderr = &stderr
	out, err := run.Output()
	if err != nil {
		t.Fatalf("%v\n%.500s\n%.2000s", err, out, stderr.Bytes())
	}
	var answers []workerAnswer
	for line := range bytes.Lines(out) {
		var a workerAnswer
		if err := json.Unmarshal(line, &a); err != nil {
			t.Fatalf("%v in %.300s", err, line)
		}
		if a.ID != 0 {
			answers = append(answers, a)
		}
	}
	return answers
}

// The worker answers what the server answers: of a log, of a bundle, of a compressed log, of what is none.
func TestWorkerAnswersAsServer(t *testing.T) {
	t.Parallel()
	files := []string{testdata("gateway-en.evtx"), testdata("problems-fr.evtx")}
	filter := map[string]any{"conditions": []any{map[string]any{"field": "level", "values": []any{1, 2}}}}
	text := map[string]any{"conditions": []any{map[string]any{"field": "text", "values": []any{"proxy"}}}}
	requests := [][2]any{
		{"rows", map[string]any{"count": 100, "filter": filter}},
		{"rows", map[string]any{"count": 100, "filter": text, "order": "oldest"}},
		{"facets", map[string]any{"fields": []string{"level", "id", "provider", "computer", "finding"}, "filter": filter}},
		{"timeline", map[string]any{"buckets": 50}},
		{"event", map[string]any{"n": 17}},
		{"findings", map[string]any{"lang": "fr"}},
		{"find", map[string]any{"text": "proxy"}},
		{"explain", map[string]any{"text": "The remote name could not be resolved: 'x.servicebus.windows.net'"}},
		{"rows", map[string]any{"order": "sideways"}},
	}
	all := append([][2]any{{"open", map[string]any{}}, {"wait", map[string]any{"findings": true}}}, requests...)
	all = append(all, [2]any{"export", map[string]any{"format": "jsonl", "filter": filter}}, [2]any{"export", map[string]any{"format": "evtx"}})
	answers := askWorker(t, all, files...)
	e := openEngine(t, Options{}, files...)
	answers = answers[1:] // of open
	for i, r := range requests {
		params, _ := json.Marshal(r[1])
		want, err := e.Call(t.Context(), r[0].(string), params)
		if (err != nil) != (answers[i].Error != nil) {
			t.Errorf("%v: error %v, of the server %v", r, answers[i].Error, err)
			continue
		}
		got, have := comparable(t, answers[i].Result), comparable(t, want)
		if got != have {
			t.Errorf("%v:\n got %.600s\nwant %.600s", r, got, have)
		}
	}
	var exported struct {
		Name, Head string
		Lines      int
	}
	if err := json.Unmarshal(answers[len(requests)].Result, &exported); err != nil {
		t.Fatal(err, answers[len(requests)].Error)
	}
	rows := call[rowsResult](t, e, "rows", `{"filter":{"conditions":[{"field":"level","values":[1,2]}]}}`)
	if n := exported.Lines; n != rows.Matched {
		t.Errorf("exported %d lines of %d events", n, rows.Matched)
	}
	if err := json.Unmarshal(answers[len(requests)+1].Result, &exported); err != nil || !strings.HasPrefix(exported.Head, "ElfFile\x00") {
		t.Errorf("%v: no event log was exported: %.20q", answers[len(requests)+1].Error, exported.Head)
	}
}

// comparable is an answer without what may differ: versions, and how often the state has changed.
func comparable(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	var v any
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatal(err)
		}
	}
	if m, ok := v.(map[string]any); ok {
		delete(m, "version")
		if page, ok := m["page"].(map[string]any); ok {
			delete(page, "tool")
		}
		delete(m, "tool")
	}
	out, _ := json.Marshal(v)
	return string(out)
}

// What no log is, and a bundle that somebody encrypted, are errors of a source, and the worker goes on.
func TestWorkerHostile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.zip")
	if err := os.WriteFile(bad, []byte("PK\x03\x04 this is no archive"), 0o666); err != nil {
		t.Fatal(err)
	}
	answers := askWorker(t, [][2]any{
		{"open", map[string]any{}}, {"wait", map[string]any{"findings": true}}, {"status", map[string]any{}},
		{"rows", map[string]any{"count": -1}}, {"event", map[string]any{"n": 1 << 40}}, {"nonsense", map[string]any{}},
		{"rows", map[string]any{"count": 1}},
	}, bad, testdata("gateway-en.evtx"))
	status := new(statusResult)
	if err := json.Unmarshal(answers[1].Result, status); err != nil {
		t.Fatal(err)
	}
	if len(status.Sources) != 2 || status.Sources[1].Error == "" || status.Events == 0 {
		t.Errorf("%+v", status)
	}
	for i, a := range answers[2:5] {
		if a.Error == nil || a.Error.Message == "" {
			t.Errorf("request %d: no error", i)
		}
	}
	if answers[5].Error != nil {
		t.Error("it does not go on:", answers[5].Error)
	}
}

// The page stays small: what is large and of no use in a browser is no part of it.
func TestWorkerImports(t *testing.T) {
	t.Parallel()
	list := exec.Command("go", "list", "-deps", "./wasm")
	list.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	for dep := range strings.FieldsSeq(string(out)) {
		for _, large := range []string{
			"net/http", "html/template", "text/template", "github.com/spf13/", "github.com/Azure/", "github.com/parquet-go/", "crypto/tls",
		} {
			if dep == large || strings.HasSuffix(large, "/") && strings.HasPrefix(dep, large) {
				t.Errorf("gwlogs.html would hold %s: keep it out with a build tag (!js)", dep)
			}
		}
	}
}
