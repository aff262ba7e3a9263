package cli

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// forms are the ways in which a secret can be in a file.
func forms(secret string) map[string][]byte {
	var wide []byte
	for _, u := range utf16.Encode([]rune(secret)) {
		wide = binary.LittleEndian.AppendUint16(wide, u)
	}
	quoted, _ := json.Marshal(secret)
	var plain bytes.Buffer
	enc := json.NewEncoder(&plain)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(secret)
	return map[string][]byte{
		"UTF-8": []byte(secret), "UTF-16": wide, "JSON": bytes.Trim(quoted, `"`), "plain JSON": bytes.Trim(plain.Bytes(), "\"\n"),
		"HTML": []byte(html.EscapeString(secret)), "a URL": []byte(url.QueryEscape(secret)), "hex": fmt.Appendf(nil, "%X", wide),
	}
}

// plantedSecrets are those of testdata/secrets.evtx and of the shared logs, by log.
func plantedSecrets(t *testing.T) map[string][]string {
	t.Helper()
	var spec struct {
		Events []struct{ Secrets []string }
	}
	data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "spec", "secrets.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(data, &spec); err != nil {
		t.Fatal(err)
	}
	all := make(map[string][]string)
	for _, e := range spec.Events {
		name := filepath.Join("..", "..", "testdata", "secrets.evtx")
		all[name] = append(all[name], e.Secrets...)
	}
	shared := os.Getenv("GWLOGS_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	truths, err := filepath.Glob(filepath.Join(shared, "fixtures", "public", "*secrets*.expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, truth := range truths {
		var want struct{ Secrets []struct{ Value string } }
		data, err := os.ReadFile(truth)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &want); err != nil {
			t.Fatal(err)
		}
		log := strings.TrimSuffix(truth, ".expected.json") + ".evtx"
		for _, s := range want.Secrets {
			all[log] = append(all[log], s.Value)
		}
	}
	return all
}

// TestNoSecretInBundle looks for every planted secret in every byte of a
// bundle, and in what every verb says about it.
func TestNoSecretInBundle(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	t.Setenv("LOCALAPPDATA", t.TempDir())
	for log, secrets := range plantedSecrets(t) {
		for _, mode := range []string{"secrets", "identities"} {
			bundle := filepath.Join(t.TempDir(), "b.zip")
			notes := filepath.Join(t.TempDir(), "install.log")
			if err := os.WriteFile(notes, []byte(strings.Join(secretLines(secrets), "\n")), 0o600); err != nil {
				t.Fatal(err)
			}
			made := runWith(t, nil, "archive", "--redact", mode, "--include", notes, "-o", bundle, log)
			if made.code != 0 {
				t.Fatalf("exit code %d: %s", made.code, made.err)
			}
			content := map[string][]byte{"what archive says": []byte(made.out + made.err)}
			addEntries(t, content, bundle)
			page := filepath.Join(t.TempDir(), "r.html")
			for _, args := range [][]string{
				{"events", "--format", "jsonl"}, {"events", "--format", "xml"}, {"events", "--format", "csv"}, {"events", "--format", "text"},
				{"errors"}, {"diagnose"}, {"diagnose", "--format", "json"}, {"diagnose", "--report", page}, {"report-id"}, {"verify"},
			} {
				got := runWith(t, nil, append(args, bundle)...)
				if got.code != 0 {
					t.Errorf("%v: exit code %d, %s", args, got.code, got.err)
				}
				content[strings.Join(args[:min(2, len(args))], " ")] = []byte(got.out + got.err)
			}
			content["the page"], _ = os.ReadFile(page)
			for where, data := range content {
				for _, secret := range secrets {
					for how, form := range forms(secret) {
						if bytes.Contains(data, form) {
							t.Errorf("%s, %s: %q is in %s, as %s", filepath.Base(log), mode, secret, where, how)
						}
					}
				}
			}
		}
	}
}

// secretLines puts secrets into the lines of an installer's log.
func secretLines(secrets []string) []string {
	lines := []string{"Property(S): INSTALLDIR = C:\\Program Files\\Gateway"}
	for _, s := range secrets {
		if strings.ContainsAny(s, "\"';") || len(s) > 400 {
			continue
		}
		lines = append(lines, "Server=sql01;Password="+s+";Timeout=30")
	}
	return lines
}

// addEntries adds the zip's raw bytes and every entry.
func addEntries(t *testing.T, content map[string][]byte, bundle string) {
	t.Helper()
	raw, err := os.ReadFile(bundle)
	if err != nil {
		t.Fatal(err)
	}
	content["the zip itself"] = raw
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		content[f.Name] = data
	}
}

// TestRedactionKeepsFindings: what is wrong is the same with and without.
func TestRedactionKeepsFindings(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	t.Setenv("LOCALAPPDATA", t.TempDir())
	logs, err := filepath.Glob(filepath.Join("..", "..", "testdata", "*.evtx"))
	if err != nil || len(logs) == 0 {
		t.Fatal(logs, err)
	}
	for _, log := range logs {
		want := foundIn(t, log)
		for _, mode := range []string{"secrets", "identities"} {
			bundle := filepath.Join(t.TempDir(), "b.zip")
			if made := runWith(t, nil, "archive", "--since", "365d", "--redact", mode, "-q", "-o", bundle, log); made.code != 0 {
				t.Fatalf("exit code %d: %s", made.code, made.err)
			}
			if diff := cmp.Diff(want, foundIn(t, bundle)); diff != "" {
				t.Errorf("%s, %s: findings (-before +after):\n%s", filepath.Base(log), mode, diff)
			}
		}
	}
}

// found is what a diagnosis comes to, without texts that redaction may change.
type foundProblems struct {
	Findings []struct {
		Signature string
		Count     int
		First     string
	}
	Endpoints []struct {
		Address string
		Port    int
		Count   int
	}
	ReportIDs []struct {
		ID string `json:"report_id"`
	} `json:"report_ids"`
}

func foundIn(t *testing.T, source string) (f foundProblems) {
	t.Helper()
	got := runWith(t, nil, "diagnose", "--format", "json", source)
	if err := json.Unmarshal([]byte(got.out), &f); err != nil {
		t.Fatalf("%v: %s", err, got.err)
	}
	return f
}
