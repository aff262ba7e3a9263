package redact_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"go.yaml.in/yaml/v3"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/redact"
)

// planted are the secrets of testdata/secrets.evtx, to the byte.
func planted(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "spec", "secrets.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var spec struct {
		Events []struct{ Secrets []string }
	}
	if err := yaml.Unmarshal(data, &spec); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range spec.Events {
		all = append(all, e.Secrets...)
	}
	if len(all) < 60 {
		t.Fatalf("only %d secrets are planted", len(all))
	}
	return all
}

// redactLog returns a log redacted, as bytes and as JSON.
func redactLog(t *testing.T, name string, r *redact.Redactor) (raw []byte, text string) {
	t.Helper()
	in, err := evtx.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var out bytes.Buffer
	w := evtx.NewWriter(&out)
	w.Edit = r.Value
	for rec, err := range in.Records() {
		if err != nil {
			t.Fatal(err)
		}
		r.Begin(rec)
		if err := w.WriteRecord(rec); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := evtx.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var lines []byte
	for rec, err := range again.Records() {
		if err != nil {
			t.Fatal(err)
		}
		if lines, err = rec.AppendJSON(lines); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, '\n')
	}
	return out.Bytes(), string(lines)
}

// survives says in which form a secret is still there.
func survives(raw []byte, text, secret string) string {
	var wide []byte
	for _, u := range utf16.Encode([]rune(secret)) {
		wide = binary.LittleEndian.AppendUint16(wide, u)
	}
	quoted, _ := json.Marshal(secret)
	switch {
	case bytes.Contains(raw, []byte(secret)):
		return "as UTF-8"
	case bytes.Contains(raw, wide):
		return "as UTF-16"
	case strings.Contains(text, secret) || strings.Contains(text, strings.Trim(string(quoted), `"`)):
		return "in the events"
	}
	return ""
}

func TestPlantedSecrets(t *testing.T) {
	t.Parallel()
	r, err := redact.New(redact.Options{Mode: redact.Secrets})
	if err != nil {
		t.Fatal(err)
	}
	raw, text := redactLog(t, filepath.Join("..", "..", "testdata", "secrets.evtx"), r)
	if os.Getenv("SHOW") != "" {
		t.Log(text)
		t.Log(r.TakeCounts())
	}
	for _, secret := range planted(t) {
		if how := survives(raw, text, secret); how != "" {
			t.Errorf("%q survives %s", secret, how)
		}
	}
	for _, keep := range []string{
		"00000016-1111-4222-8333-000000000016", "5.40.8312.1", "PublicKeyToken=cc7b13ffcd2ddd51", "Password policy: minimum length 12",
		"RootManageSharedAccessKey", "Timeout=30", "sr=b&sp=r", "GW01.contoso.local", "CONTOSO\\\\jdupont", "00000015-1111-4222-8333-000000000015",
		"BEGIN RSA PRIVATE KEY", "fingerprint ok", "0000000d-1111-4222-8333-00000000000d", "User ID=svc", "InvalidGatewayKey",
	} {
		if !strings.Contains(text, keep) {
			t.Errorf("%q is gone", keep)
		}
	}
}

// TestSharedSecrets does the same with the log of the shared folder.
func TestSharedSecrets(t *testing.T) {
	t.Parallel()
	shared := os.Getenv("GWLOGS_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	logs, err := filepath.Glob(filepath.Join(shared, "fixtures", "public", "*secrets*.evtx"))
	if err != nil {
		t.Fatal(err)
	}
	if len(logs) == 0 {
		t.Skip("no fixtures: GWLOGS_SHARED does not name the folder that holds them")
	}
	for _, log := range logs {
		var truth struct {
			Secrets    []struct{ Value string }
			MustKeep   []string `json:"must_keep"`
			Identities []struct{ Value string }
		}
		data, err := os.ReadFile(strings.TrimSuffix(log, ".evtx") + ".expected.json")
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &truth); err != nil {
			t.Fatal(err)
		}
		for _, mode := range []redact.Mode{redact.Secrets, redact.Identities} {
			tokens, err := redact.NewTokens(make([]byte, redact.KeySize))
			if err != nil {
				t.Fatal(err)
			}
			r, err := redact.New(redact.Options{Mode: mode, Tokens: tokens})
			if err != nil {
				t.Fatal(err)
			}
			raw, text := redactLog(t, log, r)
			for _, s := range truth.Secrets {
				if how := survives(raw, text, s.Value); how != "" {
					t.Errorf("%s: %q survives %s", mode, s.Value, how)
				}
			}
			for _, keep := range truth.MustKeep {
				if !strings.Contains(text, keep) {
					t.Errorf("%s: %q is gone", mode, keep)
				}
			}
			if mode == redact.Identities {
				for _, id := range truth.Identities {
					if how := survives(raw, text, id.Value); how != "" {
						t.Errorf("%q survives %s", id.Value, how)
					}
				}
			}
			if os.Getenv("SHOW") != "" {
				t.Log(text)
			}
		}
	}
}
