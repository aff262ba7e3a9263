package cli

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// expected is the truth beside a synthetic log: what was planted in it.
type expected struct {
	Records int `json:"records"`
	Levels  map[string]int
	Errors  []struct {
		RecordID uint64 `json:"record_id"`
		Time     string `json:"time"`
		EventID  int    `json:"event_id"`
		Message  string `json:"message"`
	}
	ReportIDs []struct {
		ReportID string `json:"report_id"`
		Time     string `json:"time"`
		RecordID uint64 `json:"record_id"`
	} `json:"report_ids"`
	Problems []struct {
		ID        string
		Count     int
		RecordIDs []uint64 `json:"record_ids"`
	}
	Endpoints []struct {
		IP    string
		Port  int
		Count int
	}
	LastSevenDays struct{ Records int } `json:"last_seven_days"`
	Damage        *struct {
		Optional []uint64 `json:"optional_record_ids"`
	}
}

// TestFixtures runs the verbs over the synthetic logs of the shared folder.
func TestFixtures(t *testing.T) {
	t.Parallel()
	shared := os.Getenv("GWLOGS_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	for _, folder := range []string{"public", filepath.Join("public", "damaged")} {
		truths, err := filepath.Glob(filepath.Join(shared, "fixtures", folder, "*.expected.json"))
		if err != nil {
			t.Fatal(err)
		}
		if len(truths) == 0 {
			t.Skip("no fixtures: GWLOGS_SHARED does not name the folder that holds them")
		}
		for _, truth := range truths {
			t.Run(filepath.Base(truth), func(t *testing.T) {
				t.Parallel()
				data, err := os.ReadFile(truth)
				if err != nil {
					t.Fatal(err)
				}
				var want expected
				if err := json.Unmarshal(data, &want); err != nil {
					t.Fatal(err)
				}
				checkFixture(t, strings.TrimSuffix(truth, ".expected.json")+".evtx", want)
			})
		}
	}
}

func checkFixture(t *testing.T, log string, want expected) {
	t.Helper()
	var ids []struct {
		ReportID string `json:"report_id"`
		Time     string `json:"time"`
		RecordID uint64 `json:"record_id"`
	}
	got := runWith(t, nil, "report-id", "--format", "json", log)
	if want.Damage == nil && (got.code != 0 || strings.Contains(got.err, "0x")) {
		t.Errorf("report-id: exit code %d, %s", got.code, got.err)
	}
	if want.Records == 0 {
		if got.out != "" || got.code != exitFailed {
			t.Errorf("nothing to read, but exit code %d and %q", got.code, got.out)
		}
		return
	}
	if err := json.Unmarshal([]byte(got.out), &ids); err != nil {
		t.Fatalf("report-id: %v in %.200q", err, got.out)
	}
	if diff := cmp.Diff(fmt.Sprint(want.ReportIDs), fmt.Sprint(ids)); diff != "" {
		t.Errorf("report IDs (-want +got):\n%s", diff)
	}
	if want.Damage == nil {
		checkErrors(t, log, want)
		for _, lang := range []string{"en", "fr"} {
			checkDiagnosis(t, log, lang, want)
		}
	}
	if lines := strings.Count(runWith(t, nil, "events", "--format", "jsonl", log).out, "\n"); lines < want.Records-optional(want) {
		t.Errorf("%d events, want %d at least", lines, want.Records)
	}
	week := strings.Count(runWith(t, nil, "events", "--format", "jsonl", "--since", "7d", log).out, "\n")
	if want.Damage == nil && week != want.LastSevenDays.Records {
		t.Errorf("%d events of the last seven days, want %d", week, want.LastSevenDays.Records)
	}
}

func optional(want expected) int {
	if want.Damage == nil {
		return 0
	}
	return len(want.Damage.Optional)
}

// checkErrors compares every error, with its whole message.
func checkErrors(t *testing.T, log string, want expected) {
	t.Helper()
	got := runWith(t, nil, "errors", "--format", "csv", log)
	rows, err := csv.NewReader(strings.NewReader(got.out)).ReadAll()
	if err != nil || got.code != 0 {
		t.Fatalf("errors: exit code %d, %v", got.code, err)
	}
	var wantRows, gotRows []string
	for _, e := range want.Errors {
		message := strings.ReplaceAll(e.Message, "\r\n", "\n") // as Go's reader of CSV gives it
		wantRows = append(wantRows, fmt.Sprintf("%s %d %d %q", e.Time, e.EventID, e.RecordID, message))
	}
	for _, row := range rows[1:] {
		gotRows = append(gotRows, fmt.Sprintf("%s %s %s %q", row[0], row[2], row[6], row[7]))
	}
	if diff := cmp.Diff(wantRows, gotRows); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}

// plantedProblems are the problems of the events. Where several are planted in one, it is the one that tells most: each of these cases was
// looked at by hand.
func plantedProblems(t *testing.T, want expected) map[uint64]string {
	t.Helper()
	tellsMost := map[string]string{
		// The name that nobody knows says more than the code of it, and than the operation that needed it.
		"connector-adls-gen2-operation-failed shir-remote-name-not-resolved winsock-11001-no-such-host": "shir-remote-name-not-resolved",
		"shir-remote-name-not-resolved winsock-11001-no-such-host":                                      "shir-remote-name-not-resolved",
		// Who did not answer, and how, says more than that somebody was not reached.
		"cannot-connect-remote-server winsock-10060-timeout": "winsock-10060-timeout",
		"cannot-connect-remote-server winsock-10061-refused": "winsock-10061-refused",
		// What was not reached says more than the code: the store with its steps by error, the other node of the runtime.
		"copy-failed-to-connect-sqlserver winsock-10060-timeout":          "copy-failed-to-connect-sqlserver",
		"shir-node-inactive-no-dns winsock-11001-no-such-host":            "shir-node-inactive-no-dns",
		"shir-node-inactive-worker-manager-refused winsock-10061-refused": "shir-node-inactive-worker-manager-refused",
		// What the request was for says more than that it failed.
		"shir-processed-http-request-failed shir-service-token-failed": "shir-service-token-failed",
	}
	all := map[uint64][]string{}
	for _, p := range want.Problems {
		for _, id := range p.RecordIDs {
			all[id] = append(all[id], p.ID)
		}
	}
	one := map[uint64]string{}
	for id, names := range all {
		slices.Sort(names)
		one[id] = names[0]
		if len(names) > 1 {
			if one[id] = tellsMost[strings.Join(names, " ")]; one[id] == "" {
				t.Errorf("record %d: nobody has said which of %v tells most", id, names)
			}
		}
	}
	return one
}

// checkDiagnosis compares what is found with what was planted.
func checkDiagnosis(t *testing.T, log, lang string, want expected) {
	t.Helper()
	got := runWith(t, nil, "diagnose", "--lang", lang, "--format", "json", "--evidence", "100000", log)
	var found struct {
		Sources []struct {
			Records int
			Missing uint64 `json:"missing_records"`
		}
		Findings []struct {
			Signature string
			Count     int
			Evidence  []struct {
				RecordID uint64 `json:"record_id"`
			}
		}
		Endpoints []struct {
			Address     string
			Port, Count int
		}
	}
	if err := json.Unmarshal([]byte(got.out), &found); err != nil || got.code != 0 {
		t.Fatalf("diagnose: exit code %d, %v", got.code, err)
	}
	problems, planted := map[uint64]string{}, plantedProblems(t, want)
	for _, f := range found.Findings {
		if f.Count != len(f.Evidence) {
			t.Errorf("%s: %d events, evidence of %d", f.Signature, f.Count, len(f.Evidence))
		}
		for _, e := range f.Evidence {
			problems[e.RecordID] += f.Signature
		}
	}
	endpoints, plantedEndpoints := map[string]int{}, map[string]int{}
	for _, e := range found.Endpoints {
		endpoints[fmt.Sprint(e.Address, " ", e.Port)] = e.Count
	}
	for _, e := range want.Endpoints {
		plantedEndpoints[fmt.Sprint(e.IP, " ", e.Port)] = e.Count
	}
	if diff := cmp.Diff(planted, problems); diff != "" {
		t.Errorf("problems (-planted +found):\n%s", diff)
	}
	if diff := cmp.Diff(plantedEndpoints, endpoints); diff != "" {
		t.Errorf("endpoints (-planted +found):\n%s", diff)
	}
	if len(found.Sources) != 1 || found.Sources[0].Records != want.Records {
		t.Errorf("sources: %+v", found.Sources)
	}
}
