package archive

import (
	"archive/zip"
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// TestManifestIntegrity: what a log shows of events that are gone is in the manifest, without a user's name, and for people.
func TestManifestIntegrity(t *testing.T) {
	o := sampleOptions(t)
	cleared := t.TempDir() + "/Security.evtx"
	if err := writeCleared(cleared); err != nil {
		t.Fatal(err)
	}
	o.Sources, o.Include, o.Notify = []string{"../testdata/damaged/hidden.evtx", cleared}, nil, nil
	data, r := made(t, o)
	if in := r.Manifest.Entries[3].Integrity; in == nil || in.Hidden != 1 || len(in.Gaps) == 0 {
		t.Errorf("hidden.evtx: %+v", in)
	}
	in := r.Manifest.Entries[4].Integrity
	if in == nil || len(in.Cleared) != 1 || in.Cleared[0].RecordID != 2 || in.Cleared[0].Channel != "Security" || in.Cleared[0].User != "" {
		t.Errorf("Security.evtx: %+v", in)
	}
	if r.Manifest.Entries[0].Integrity != nil {
		t.Error("the text is no log")
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		switch text := string(unzip(t, f)); f.Name {
		case ManifestName:
			if strings.Contains(text, "eve") {
				t.Errorf("the manifest names a user:\n%s", text)
			}
		case ReadmeName:
			for _, want := range []string{"1 record is hidden inside of another", "Security was cleared on 2017-05-04"} {
				if !strings.Contains(text, want) {
					t.Errorf("the text lacks %q:\n%s", want, text)
				}
			}
		}
	}
}

// writeCleared writes a log with the event that says that Security was cleared.
func writeCleared(name string) error {
	var log bytes.Buffer
	w := evtx.NewWriter(&log)
	at := time.Date(2017, 5, 4, 12, 0, 0, 0, time.UTC)
	events := []evtx.Event{
		{Provider: "Microsoft-Windows-Security-Auditing", EventID: 4624, Strings: []string{"x"}},
		{Provider: "Microsoft-Windows-Eventlog", EventID: 1102, UserData: &evtx.Element{
			Name: "LogFileCleared", Children: []evtx.Element{{Name: "SubjectUserName", Text: "eve"}, {Name: "SubjectDomainName", Text: "CORP"}},
		}},
	}
	for i := range events {
		e := &events[i]
		e.Channel, e.Computer, e.TimeCreated, e.EventRecordID = "Security", "DC01", at, uint64(i+1)
		if err := w.WriteEvent(e); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile(name, log.Bytes(), 0o600)
}
