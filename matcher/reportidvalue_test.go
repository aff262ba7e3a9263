package matcher

import (
	"bytes"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// TestReportIDByName: a value that is called so is the report ID, in a gateway's log, beside any other GUID.
func TestReportIDByName(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		channel, name, want string
	}{
		{"Integration Runtime", "ReportId", guidA},
		{"INTEGRATION\u00a0RUNTIME", "report_id", guidA},
		{"Connectors \u2013 Integration Runtime", "ReportID", guidA},
		{"Integration Runtime", "RunId", ""},
		{"Microsoft-Windows-Sysmon/Operational", "ReportId", ""},
	} {
		var log bytes.Buffer
		w := evtx.NewWriter(&log)
		err := w.WriteEvent(&evtx.Event{
			EventID: 25, Channel: tt.channel, Provider: "x", TimeCreated: time.Date(2017, 5, 4, 0, 0, 0, 0, time.UTC),
			Data: []evtx.Data{
				{Name: "SendId", Value: evtx.StringValue(guidB)},
				{Name: tt.name, Value: evtx.StringValue("{" + guidA + "}")},
			},
		})
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		r, err := evtx.NewReader(bytes.NewReader(log.Bytes()), int64(log.Len()))
		if err != nil {
			t.Fatal(err)
		}
		f := NewReportIDFinder()
		for rec, err := range r.Records() {
			if err != nil {
				t.Fatal(err)
			}
			if got := f.FindIn(rec, string(rec.AppendMessage(nil))); got != tt.want {
				t.Errorf("%s, %s: %q, want %q", tt.channel, tt.name, got, tt.want)
			}
		}
	}
}
