package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/gwlogs/gwlogs/archive"
	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/state"
)

// findingsOf are what diagnose finds in a log: signatures, how often and when.
func findingsOf(t *testing.T, log string, change func(*IOStreams)) []string {
	t.Helper()
	r := runWith(t, change, "diagnose", "--format", "json", log)
	var d struct {
		Findings []struct {
			Signature, Severity, First, Last string
			Count                            int
		}
		Unexplained json.RawMessage
	}
	if err := json.Unmarshal([]byte(r.out), &d); err != nil {
		t.Fatalf("%s: %v: %s", log, err, r.err)
	}
	var all []string
	for _, f := range d.Findings {
		all = append(all, fmt.Sprint(f.Signature, " ", f.Severity, " ", f.Count, " ", f.First, " ", f.Last))
	}
	return all
}

// knownTokens puts a key there, so that the tokens are the same in every run.
func knownTokens(t *testing.T, folder string) {
	t.Helper()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	key := []byte(strings.Repeat("5a", archive.TokenKeySize) + "\n")
	if err := os.WriteFile(state.In(folder).Path("redaction-key"), key, 0o600); err != nil {
		t.Fatal(err)
	}
}

// sameFindings: redaction takes nothing that diagnose needs.
func sameFindings(t *testing.T, log string, least int) {
	t.Helper()
	folder := t.TempDir()
	knownTokens(t, filepath.Join(folder, "state"))
	change := func(ios *IOStreams) {
		ios.State = func() (state.Folder, error) { return state.In(filepath.Join(folder, "state")), nil }
	}
	before := findingsOf(t, log, change)
	if len(before) < least {
		t.Fatalf("%s has only %d findings", log, len(before))
	}
	for _, mode := range []string{"secrets", "identities"} {
		redacted := filepath.Join(folder, mode+".evtx")
		if r := runWith(t, change, "redact", "--redact", mode, "-o", redacted, log); r.code != 0 && r.code != 3 {
			t.Fatalf("redact %s: exit code %d: %s", log, r.code, r.err)
		}
		if diff := cmp.Diff(before, findingsOf(t, redacted, change)); diff != "" {
			t.Errorf("%s: --redact %s changes the findings (-before +after):\n%s", filepath.Base(log), mode, diff)
		}
	}
}

func TestFindingsOutliveRedaction(t *testing.T) {
	t.Parallel()
	logs, err := filepath.Glob(filepath.Join("..", "..", "testdata", "*.evtx"))
	if err != nil || len(logs) < 5 {
		t.Fatalf("only %d logs: %v", len(logs), err)
	}
	shared, err := filepath.Glob(filepath.Join(sharedFolder(), "fixtures", "public", "*.evtx"))
	if err != nil {
		t.Fatal(err)
	}
	for _, log := range append(logs, shared...) {
		t.Run(filepath.Base(log), func(t *testing.T) {
			t.Parallel()
			sameFindings(t, log, 0)
		})
	}
}

// TestFieldFindingsOutliveRedaction does the same with the texts that people met, each an event an hour from the next.
func TestFieldFindingsOutliveRedaction(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile(filepath.Join(sharedFolder(), "field", "cases.yaml"))
	if err != nil {
		t.Skip("no field/cases.yaml: GWLOGS_SHARED does not name the folder that holds it")
	}
	var cases []struct {
		Channel, Provider, Text string
		EventID                 uint16 `yaml:"event_id"`
		Data                    []string
	}
	if err := yaml.Unmarshal(src, &cases); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(t.TempDir(), "field.evtx")
	f, err := os.Create(log)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := evtx.NewWriter(f)
	for i, c := range cases {
		if len(c.Data) == 0 {
			c.Data = []string{c.Text}
		}
		for k := range c.Data {
			c.Data[k] = strings.ToValidUTF8(c.Data[k], "?")
		}
		e := &evtx.Event{Provider: c.Provider, Channel: c.Channel, Computer: "GW01.contoso.local", EventID: c.EventID, Level: 2,
			TimeCreated: time.Date(2017, 5, 1, i, 0, 0, 0, time.UTC), Strings: c.Data}
		if err := w.WriteEvent(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	sameFindings(t, log, 40)
}

// sharedFolder holds what is not committed.
func sharedFolder() string {
	if shared := os.Getenv("GWLOGS_SHARED"); shared != "" {
		return shared
	}
	return filepath.Join("..", "..", "..", "shared")
}
