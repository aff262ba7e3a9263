package eventtext

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/gwlogs/gwlogs/evtx"
)

// read is everything that a text gives.
func read(t *testing.T, data []byte) (Kind, []*evtx.Event) {
	t.Helper()
	var all []*evtx.Event
	kind, err := Read(bytes.NewReader(data), func(e *evtx.Event) error {
		all = append(all, e)
		return nil
	})
	if err != nil {
		t.Fatalf("Read(%.80q): %v", data, err)
	}
	return kind, all
}

// said is the text of an event.
func said(e *evtx.Event) string {
	parts := append([]string(nil), e.Strings...)
	for _, d := range e.Data {
		parts = append(parts, d.Name+"="+d.Value.String())
	}
	return strings.Join(parts, "\n")
}

const chain = `ErrorCode=SqlFailedToConnect,'Type=Microsoft.DataTransfer.Common.Shared.HybridDeliveryException,Message=Cannot connect to SQL Server: 'sql01',Source=X,''Type=System.Data.SqlClient.SqlException,Message=Login failed for user 'etl'.,Source=.Net SqlClient Data Provider,'`

func TestPlainShapes(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"as it is", chain, []string{chain}},
		{"JSON-escaped", strings.NewReplacer(`'`, `\u0027`).Replace(chain), []string{chain}},
		{"JSON-escaped twice", `\"errors\":[\"` + strings.NewReplacer(`'`, `\\u0027`).Replace(chain) + `\"]`,
			[]string{`"errors":["` + chain + `"]`}},
		{"HTML", `<p>Operation failed<br/>&lt;none&gt; ` + strings.ReplaceAll(chain, "'", "&#39;") + `</p>`,
			[]string{"Operation failed\n<none> " + chain}},
		{"HTML in HTML", `&amp;quot;not found&amp;quot;`, []string{`"not found"`}},
		{"a quoted mail", "> The gateway failed:\n> Key is invalid\n", []string{"The gateway failed:\nKey is invalid"}},
		{"terminal colours", "\x1b[31mError: denied\x1b[0m", []string{"Error: denied"}},
		{"a path stays", `Access to the path C:\new\tables\report.csv is denied`,
			[]string{`Access to the path C:\new\tables\report.csv is denied`}},
		{"a share of letters that are escapes", `Cannot connect to '\\nas01\reports$'. The error is "denied"`,
			[]string{`Cannot connect to '\\nas01\reports$'. The error is "denied"`}},
		{"paths of letters that are escapes", `Copy of C:\reports\new\table.csv to \\nas\t failed.`,
			[]string{`Copy of C:\reports\new\table.csv to \\nas\t failed.`}},
		{"an escaped share", `{\"message\": \"Cannot connect to '\\\\nas01\\reports'.\"}`,
			[]string{`{"message": "Cannot connect to '\\nas01\reports'."}`}},
		{"a share stays", `Cannot connect to '\\server\new'. Detail Message: x`, []string{`Cannot connect to '\\server\new'. Detail Message: x`}},
		{"escaped lines and path", `Could not find C:\\new\\a.txt.\r\n   at System.IO.File`,
			[]string{"Could not find C:\\new\\a.txt.\r\n   at System.IO.File"}},
		{"stack trace after a blank line", "System.IO.IOException: broken\n\n   at System.IO.File.Open()\n\n--- End of inner",
			[]string{"System.IO.IOException: broken\n\n   at System.IO.File.Open()\n\n--- End of inner"}},
		{"several", "1. ErrorCode=A, failed\n\n2. ErrorCode=B, failed", []string{"1. ErrorCode=A, failed", "2. ErrorCode=B, failed"}},
		{"table", "Name\tStatus\tError\nCopy1\tFailed\tErrorCode=A\nCopy2\tFailed\tErrorCode=B",
			[]string{"Name \t Status \t Error", "Copy1 \t Failed \t ErrorCode=A", "Copy2 \t Failed \t ErrorCode=B"}},
		{"fragment of JSON", `"errorCode": "2200", "message": "Failure happened on 'Sink' side.",`,
			[]string{"2200\nFailure happened on 'Sink' side."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			kind, all := read(t, []byte(tt.text))
			var got []string
			for _, e := range all {
				got = append(got, said(e))
				if e.Level != 2 || e.Channel != gatewayChannel {
					t.Errorf("level %d, channel %q: want an error of the gateway", e.Level, e.Channel)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || kind != Plain {
				t.Errorf("kind %q (-want +got):\n%s", kind, diff)
			}
		})
	}
}

func TestEncodings(t *testing.T) {
	const text = "Erreur : la clé n’est pas valide\nfin"
	utf16Of := func(order binary.AppendByteOrder, mark bool) []byte {
		var out []byte
		if mark {
			out = order.AppendUint16(out, 0xfeff)
		}
		for _, u := range utf16.Encode([]rune(strings.ReplaceAll(text, "\n", "\r\n"))) {
			out = order.AppendUint16(out, u)
		}
		return out
	}
	for name, data := range map[string][]byte{
		"UTF-8": []byte(text), "UTF-8 with mark": []byte("\ufeff" + text),
		"UTF-16": utf16Of(binary.LittleEndian, true), "UTF-16 without mark": utf16Of(binary.LittleEndian, false),
		"UTF-16BE": utf16Of(binary.BigEndian, true), "UTF-16BE without mark": utf16Of(binary.BigEndian, false),
		"Windows-1252": []byte("Erreur : la cl\xe9 n\x92est pas valide\nfin"),
	} {
		if _, all := read(t, data); len(all) != 1 || said(all[0]) != text {
			t.Errorf("%s: %q", name, said(all[0]))
		}
		if !IsText(data[:min(len(data), 512)]) {
			t.Errorf("%s: IsText says no", name)
		}
	}
}

func TestRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		data []byte
		want error
	}{
		"empty":     {nil, ErrEmpty},
		"blanks":    {[]byte(" \n\t\n"), ErrEmpty},
		"binary":    {append([]byte("ElfChnk\x00"), make([]byte, 500)...), ErrNotText},
		"too large": {bytes.Repeat([]byte("x"), MaxSize+1), ErrTooLarge},
	} {
		if _, err := Read(bytes.NewReader(tt.data), func(*evtx.Event) error { return nil }); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
	stop := errors.New("enough")
	if _, err := Parse([]byte("a failed\n"), func(*evtx.Event) error { return stop }); err != stop {
		t.Errorf("the error of yield: %v", err)
	}
}

// An exported event, in each of the forms that people export it in.
func TestExports(t *testing.T) {
	at := time.Date(2017, 5, 4, 18, 0, 5, 0, time.UTC)
	tests := []struct {
		name string
		kind Kind
		text string
		want evtx.Event
	}{
		{"XML of Event Viewer", XML, `<?xml version="1.0" encoding="utf-8" standalone="yes"?>
<Events><Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Data Management Gateway'/><EventID Qualifiers='0'>401</EventID><Level>2</Level><TimeCreated SystemTime='2017-05-04T18:00:05.0000000Z'/><EventRecordID>7</EventRecordID><Channel>Data Management Gateway</Channel><Computer>GW01</Computer></System><EventData><Data>blocked &amp; refused</Data></EventData></Event></Events>`,
			evtx.Event{Provider: "Data Management Gateway", EventID: 401, Level: 2, TimeCreated: at, EventRecordID: 7,
				Channel: "Data Management Gateway", Computer: "GW01", Strings: []string{"blocked & refused"}}},
		{"wevtutil", XML, `<Event xmlns='x'><System><Provider Name='Service Control Manager'/><EventID>7038</EventID><Level>2</Level><TimeCreated SystemTime='2017-05-04T18:00:05Z'/><EventRecordID>9</EventRecordID><Channel>System</Channel><Computer>GW01</Computer></System><EventData><Data Name='param1'>DIAHostService</Data></EventData></Event>`,
			evtx.Event{Provider: "Service Control Manager", EventID: 7038, Level: 2, TimeCreated: at, EventRecordID: 9,
				Channel: "System", Computer: "GW01", Data: []evtx.Data{{Name: "param1", Value: evtx.StringValue("DIAHostService")}}}},
		{"CSV of Event Viewer", CSV, "Level,Date and Time,Source,Event ID,Task Category\nError,5/4/2017 6:00:05 PM,Data Management " +
			"Gateway,401,None,\"blocked,\nand refused\"\n",
			evtx.Event{Provider: "Data Management Gateway", EventID: 401, Level: 2, TimeCreated: at, Channel: "Data Management Gateway",
				Strings: []string{"blocked,\nand refused"}}},
		{"French CSV", CSV, "Niveau;Date et heure;Source;ID de l’événement;Catégorie de la tâche\nErreur;04/05/2017 18:00:05;Data " +
			"Management Gateway;401;Aucun;bloqué\n",
			evtx.Event{Provider: "Data Management Gateway", EventID: 401, Level: 2, TimeCreated: at, Channel: "Data Management Gateway",
				Strings: []string{"bloqué"}}},
		{"Export-Csv", CSV, "#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord\n\"Message\",\"Id\",\"Version\",\"Level\",\"RecordId\",\"ProviderName\",\"LogName\",\"MachineName\",\"TimeCreated\",\"LevelDisplayName\"\n\"blocked\",\"401\",,\"2\",\"7\",\"Integration Runtime\",\"Integration Runtime\",\"GW01\",\"5/4/2017 6:00:05 PM\",\"Error\"\n",
			evtx.Event{Provider: "Integration Runtime", EventID: 401, Level: 2, TimeCreated: at, EventRecordID: 7,
				Channel: "Integration Runtime", Computer: "GW01", Strings: []string{"blocked"}}},
		{"Log Analytics, CSV", CSV, "\"TimeGenerated " +
			"[UTC]\",Source,EventLog,Computer,EventLevelName,EventID,RenderedDescription\n\"5/4/2017, 6:00:05.000 PM\",\"Integration " +
			"Runtime\",\"Integration Runtime\",GW01,Error,401,blocked\n",
			evtx.Event{Provider: "Integration Runtime", EventID: 401, Level: 2, TimeCreated: at, Channel: "Integration Runtime",
				Computer: "GW01", Strings: []string{"blocked"}}},
		{"ConvertTo-Json", JSON, `[{"Message":"blocked","Id":401,"Level":2,"RecordId":7,"ProviderName":"Integration Runtime","LogName":"Integration Runtime","MachineName":"GW01","TimeCreated":"\/Date(1493920805000)\/","Properties":[{"Value":"x"}]}]`,
			evtx.Event{Provider: "Integration Runtime", EventID: 401, Level: 2, TimeCreated: at, EventRecordID: 7,
				Channel: "Integration Runtime", Computer: "GW01", Strings: []string{"blocked"}}},
		{"Log Analytics, API", JSON, `{"tables":[{"name":"PrimaryResult","columns":[{"name":"TimeGenerated","type":"datetime"},{"name":"Source","type":"string"},{"name":"EventLog","type":"string"},{"name":"Computer","type":"string"},{"name":"EventLevel","type":"int"},{"name":"EventID","type":"int"},{"name":"RenderedDescription","type":"string"}],"rows":[["2017-05-04T18:00:05Z","Integration Runtime","Integration Runtime","GW01",2,401,"blocked"]]}]}`,
			evtx.Event{Provider: "Integration Runtime", EventID: 401, Level: 2, TimeCreated: at, Channel: "Integration Runtime",
				Computer: "GW01", Strings: []string{"blocked"}}},
		{"gwlogs events --format jsonl", JSON, `{"Event":{"#attributes":{"xmlns":"x"},"System":{"Provider":{"#attributes":{"Name":"Integration Runtime"}},"EventID":{"#attributes":{"Qualifiers":0},"#text":401},"Level":2,"TimeCreated":{"#attributes":{"SystemTime":"2017-05-04T18:00:05.000000Z"}},"EventRecordID":7,"Channel":"Integration Runtime","Computer":"GW01"},"EventData":{"Data":{"#text":["blocked"]}}}}`,
			evtx.Event{Provider: "Integration Runtime", EventID: 401, Level: 2, TimeCreated: at, EventRecordID: 7,
				Channel: "Integration Runtime", Computer: "GW01", Data: []evtx.Data{{Name: "Data", Value: evtx.StringValue("blocked")}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			kind, all := read(t, []byte(tt.text))
			if kind != tt.kind || len(all) != 1 {
				t.Fatalf("kind %q, %d events; want %q, 1", kind, len(all), tt.kind)
			}
			if diff := cmp.Diff(tt.want, *all[0], cmp.AllowUnexported(evtx.Event{}, evtx.Value{})); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestActivityOutput(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"error of an activity", `{"errorCode":"2200","message":"ErrorCode=X,'Type=Y,Message=Z failed,Source=,'","failureType":"UserError","target":"Copy1","details":[]}`,
			[]string{"ErrorCode=2200: ErrorCode=X,'Type=Y,Message=Z failed,Source=,'"}},
		{"in a pipeline run", `{"value":[{"activityName":"Copy1","status":"Failed","error":{"errorCode":"2200","message":"a failed: one","failureType":"UserError"}},{"activityName":"Copy2","status":"Succeeded","error":{"errorCode":"","message":"","failureType":""}}]}`,
			[]string{"ErrorCode=2200: a failed: one"}},
		{"output of a copy", `{"dataRead":1,"errors":[{"Code":9011,"Message":"ErrorCode=Q failed","EventType":0,"Category":5,"Data":{}}],"executionDetails":[{"status":"Failed"}]}`,
			[]string{"ErrorCode=9011: ErrorCode=Q failed"}},
		{"JSON in the message", `{"error":{"code":"BadRequest","message":"{\"error\":{\"code\":\"400\",\"message\":\"the inner one failed\"}}"}}`,
			[]string{"ErrorCode=400: the inner one failed"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			kind, all := read(t, []byte(tt.text))
			var got []string
			for _, e := range all {
				got = append(got, said(e))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || kind != JSON {
				t.Errorf("kind %q (-want +got):\n%s", kind, diff)
			}
		})
	}
}

func TestLogs(t *testing.T) {
	kind, all := read(t, []byte("2017-05-04 18:00:05.123 ERROR Worker: it failed\n   at X.Y()\n2017-05-04 18:00:06 INFO all is well\n"))
	if kind != Lines || len(all) != 2 || all[0].Level != 2 || all[1].Level != 4 || !strings.HasSuffix(said(all[0]), "at X.Y()") {
		t.Errorf("trace log: kind %q, %d events", kind, len(all))
	}
	if want := time.Date(2017, 5, 4, 18, 0, 5, 123e6, time.UTC); !all[0].TimeCreated.Equal(want) {
		t.Errorf("time %v, want %v", all[0].TimeCreated, want)
	}
	msi := "=== Verbose logging started: 04/05/2017  18:00:00  Build type: SHIP UNICODE 5.00 ===\r\n" +
		"MSI (s) (A4:10) [18:00:01:200]: Doing action: InstallFiles\r\n" +
		"MSI (s) (A4:10) [18:00:02:200]: Product: Microsoft Integration Runtime -- Error 1714. The older version of X cannot be " +
		"removed.\r\n\r\n" +
		"MSI (s) (A4:10) [18:00:03:200]: Property(S): A = b\r\n"
	kind, all = read(t, []byte(msi))
	if kind != MSI || len(all) != 1 || all[0].EventID != 11714 || all[0].Provider != "MsiInstaller" || all[0].Channel != "Application" {
		t.Errorf("MSI log: kind %q, %d events: %+v", kind, len(all), all)
	}
}

func TestClues(t *testing.T) {
	got := Clues(`ErrorCode=UserErrorThing,'Type=System.Net.WebException,Message=host sql01.contoso.com:1433 refused (0x80131904), ORA-12650, WebException at 10.0.0.4:443`)
	want := []Clue{
		{ClueCode, "UserErrorThing"}, {ClueCode, "ORA-12650"}, {ClueCode, "0x80131904"}, {ClueType, "System.Net.WebException"},
		{ClueHost, "sql01.contoso.com"}, {ClueHost, "10.0.0.4"}, {CluePort, "1433"}, {CluePort, "443"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Whatever comes, it is read in bounds, and a text of words is an event at least.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		chain, "<Events><Event><System/></Event>", "Level,Date and Time,Source,Event ID,Task Category\nError,1/1/2020 1:00:00,x,1,None,y",
		`{"error":{"message":"{\"a\":1}"}}`, "2017-05-04 18:00:05 ERROR x\n2017-05-04 18:00:05 y", "=== Verbose logging started: " +
			"x\nMSI (s) (A4:10) [18:00:02:200]: Return value 3",
		"a\tb\tc\nd\te\tf", `\\u0027 \\"`, "&amp;amp;lt;", "\xff\xfea\x00",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		size := 0
		kind, err := Parse(data, func(e *evtx.Event) error {
			size += len(said(e))
			if e.Channel == "" || e.Provider == "" {
				t.Errorf("an event from nowhere: %+v", e)
			}
			return nil
		})
		if err == nil && kind == None {
			t.Error("no kind and no error")
		}
		if size > 20*len(data)+1000 {
			t.Errorf("%d bytes of text from %d", size, len(data))
		}
		Clues(string(data[:min(len(data), 10000)]))
	})
}

// Texts that somebody made to be slow: tenths of a second, where each was read again and again.
func TestHostile(t *testing.T) {
	for name, text := range map[string]string{
		"escapes without a blank": strings.Repeat(`\n`, 1<<20) + `\"`,
		"paragraphs":              strings.Repeat("2017-01-01\n\n", 1<<14),
		"elements":                strings.Repeat("<Event>", 1<<17),
		"nested JSON":             strings.Repeat("[", 1<<17),
		"quotations":              strings.Repeat(">", 1<<20),
		"tags":                    strings.Repeat("<p ", 1<<16),
		"entities":                strings.Repeat("&amp;", 1<<18),
	} {
		t.Run(name, func(t *testing.T) {
			count := 0
			if _, err := Parse([]byte(text), func(*evtx.Event) error { count++; return nil }); err != nil || count == 0 {
				t.Errorf("%d events: %v", count, err)
			}
		})
	}
}
