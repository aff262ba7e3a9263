package report

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/matcher"
)

// findingsSchema names the shape of the JSON; a change that could break a
// reader changes its number.
const findingsSchema = "gwlogs.findings/1"

type jsonDiagnosis struct {
	Schema      string         `json:"schema"`
	Tool        jsonTool       `json:"tool"`
	Window      jsonWindow     `json:"window"`
	Sources     []jsonSource   `json:"sources"`
	GatewayLogs int            `json:"gateway_logs"`
	Duplicates  int            `json:"duplicates"`
	Status      []jsonStatus   `json:"status"`
	Findings    []jsonFinding  `json:"findings"`
	Unexplained []jsonGroup    `json:"unexplained"`
	Endpoints   []jsonEndpoint `json:"endpoints"`
	ReportIDs   []jsonReportID `json:"report_ids"`
	Clues       []jsonClue     `json:"clues,omitempty"` // of a text that nothing explains
}

type jsonStatus struct {
	Computer string        `json:"computer"`
	State    matcher.State `json:"state"`
	Since    *string       `json:"since"`
	Last     *string       `json:"last"`
	Event    *jsonEvidence `json:"event"`
	Version  *jsonRuntime  `json:"version"` // null: the log does not name it
}

// jsonRuntime is the version of the integration runtime, and its age when the log named it last.
type jsonRuntime struct {
	Number  string  `json:"number"`
	Built   *string `json:"built"`
	Ends    *string `json:"ends"` // null: of Data Management Gateway, of which none is known
	Seen    *string `json:"seen"`
	Expired bool    `json:"expired"` // by then
}

type jsonGroup struct {
	Shape   string       `json:"shape"`
	EventID uint16       `json:"event_id"`
	Channel string       `json:"channel"`
	Count   int          `json:"count"`
	First   *string      `json:"first"`
	Last    *string      `json:"last"`
	Example jsonEvidence `json:"example"`
}

type jsonClue struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
}

type jsonTool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type jsonWindow struct {
	From *string `json:"from"`
	To   *string `json:"to"`
}

type jsonSource struct {
	Name     string  `json:"name"`
	Channel  string  `json:"channel"`
	Records  int     `json:"records"`
	Selected int     `json:"selected"`
	Damaged  int     `json:"damaged"`
	First    *string `json:"first"`
	Last     *string `json:"last"`
	Missing  uint64  `json:"missing_records"`

	Integrity matcher.Integrity `json:"integrity"`
}

type jsonFinding struct {
	Signature  string              `json:"signature"`
	ID         string              `json:"id"`
	Title      string              `json:"title"`
	Severity   string              `json:"severity"`
	Count      int                 `json:"count"`
	Likely     bool                `json:"likely"`
	First      *string             `json:"first"`
	Last       *string             `json:"last"`
	Ongoing    bool                `json:"ongoing"`
	Computers  []string            `json:"computers"`
	On         []jsonOnComputer    `json:"per_computer"`
	Cause      string              `json:"cause"`
	Resolution []string            `json:"resolution"`
	Reasons    []string            `json:"reasons"` // the known problems inside, where the finding only wraps them
	References []string            `json:"references"`
	Captures   map[string][]string `json:"captures"`
	Evidence   []jsonEvidence      `json:"evidence"`
}

// jsonOnComputer is how the problem is on one of its computers.
type jsonOnComputer struct {
	Computer string  `json:"computer"`
	Count    int     `json:"count"`
	First    *string `json:"first"`
	Last     *string `json:"last"`
	Ongoing  bool    `json:"ongoing"`
}

type jsonEvidence struct {
	Source   string  `json:"source"`
	Channel  string  `json:"channel"`
	RecordID uint64  `json:"record_id"`
	EventID  uint16  `json:"event_id"`
	Level    string  `json:"level"`
	Time     *string `json:"time"`
	Computer string  `json:"computer"`
	Message  string  `json:"message"`
	Code     string  `json:"code"`
	Outer    string  `json:"outermost"`
	Inner    string  `json:"innermost"`
	Account  string  `json:"account"`
	Path     string  `json:"path"`
}

type jsonEndpoint struct {
	Address   string   `json:"address"`
	Port      *int     `json:"port"` // null: the log does not name it
	Count     int      `json:"count"`
	First     *string  `json:"first"`
	Last      *string  `json:"last"`
	Computers []string `json:"computers"`
	Problems  []string `json:"problems"`
}

type jsonReportID struct {
	ReportID string `json:"report_id"`
	Time     string `json:"time"`
	Computer string `json:"computer"`
	Channel  string `json:"channel"`
	RecordID uint64 `json:"record_id"`
	Source   string `json:"source"`
	Sent     string `json:"sent,omitempty"` // of the journal alone
}

// diagnosisJSON has every key always: an empty list is [], an unknown time null.
func diagnosisJSON(s Style, d *Diagnosis) ([]byte, error) {
	unexplained := d.Unexplained()
	out := jsonDiagnosis{
		Schema:      findingsSchema,
		Tool:        jsonTool{d.Tool, d.Version},
		Window:      jsonWindow{jsonTime(d.From), jsonTime(d.To)},
		Sources:     make([]jsonSource, len(d.Sources)),
		GatewayLogs: d.GatewayLogs(),
		Duplicates:  d.Duplicates,
		Status:      make([]jsonStatus, len(d.Status)),
		Findings:    make([]jsonFinding, len(d.Findings)),
		Unexplained: make([]jsonGroup, len(unexplained)),
		Endpoints:   make([]jsonEndpoint, len(d.Endpoints)),
		ReportIDs:   make([]jsonReportID, len(d.ReportIDs)),
	}
	for i := range d.Status {
		status := &d.Status[i]
		out.Status[i] = jsonStatus{Computer: status.Computer, State: status.State, Since: jsonTime(status.Since), Last: jsonTime(status.Last)}
		if status.Event != nil {
			out.Status[i].Event = new(newJSONEvidence(status.Event))
		}
		if r := status.Runtime; r != nil {
			out.Status[i].Version = &jsonRuntime{r.Number, jsonTime(r.Built), jsonTime(r.Ends()), jsonTime(r.Seen), r.Expired(r.Seen)}
		}
	}
	for i := range unexplained {
		g := &unexplained[i]
		out.Unexplained[i] = jsonGroup{
			g.Shape, g.EventID, g.Channel, g.Count, jsonTime(g.First), jsonTime(g.Last), newJSONEvidence(&g.Example),
		}
	}
	for i := range d.Sources {
		source := &d.Sources[i]
		out.Sources[i] = jsonSource{
			source.Name, source.Channel, source.Records, source.Selected, source.Damaged,
			jsonTime(source.First), jsonTime(source.Last), source.Missing(),
			matcher.NewIntegrity(source.Stats),
		}
	}
	for i := range d.Findings {
		out.Findings[i] = newJSONFinding(&d.Findings[i], d.Lang)
	}
	for i := range d.Endpoints {
		out.Endpoints[i] = newJSONEndpoint(&d.Endpoints[i])
	}
	for i, id := range d.ReportIDs {
		out.ReportIDs[i] = newJSONReportID(id)
	}
	for _, c := range d.Clues {
		out.Clues = append(out.Clues, jsonClue{string(c.Kind), c.Text})
	}
	return indentedJSON(s, out)
}

// indentedJSON is a value for programs that people can read, too.
func indentedJSON(s Style, v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	if s.Terminal {
		return escapeLines(nil, b.Bytes(), appendJSONEscape), nil
	}
	return b.Bytes(), nil
}

func newJSONFinding(f *matcher.Finding, lang string) jsonFinding {
	text := f.Text(lang)
	out := jsonFinding{
		Signature: f.Signature.Name, ID: f.Signature.Rule.ID, Title: text.Title, Severity: f.Signature.Rule.Level.String(),
		Count: f.Count, Likely: f.Likely, First: jsonTime(f.First), Last: jsonTime(f.Last), Ongoing: f.Ongoing, Computers: list(f.Computers),
		Cause: causeOf(words.In(lang), f), Resolution: list(text.Resolution), Reasons: names(f.Within), References: list(f.References()),
		Captures: make(map[string][]string, len(f.Captures)), Evidence: make([]jsonEvidence, len(f.Evidence)),
		On: make([]jsonOnComputer, len(f.PerComputer)),
	}
	for i, on := range f.PerComputer {
		out.On[i] = jsonOnComputer{on.Computer, on.Count, jsonTime(on.First), jsonTime(on.Last), on.Ongoing}
	}
	for _, c := range f.Captures {
		out.Captures[c.Name] = list(c.Values)
	}
	for i := range f.Evidence {
		out.Evidence[i] = newJSONEvidence(&f.Evidence[i])
	}
	return out
}

func newJSONEvidence(e *matcher.Evidence) jsonEvidence {
	return jsonEvidence{
		Source: e.Source, Channel: e.Channel, RecordID: e.RecordID, EventID: e.EventID, Level: LevelName(e.Level), Time: jsonTime(e.Time),
		Computer: e.Computer, Message: e.Message,
		Code: e.Detail.Code, Outer: e.Detail.Outer, Inner: innermost(e), Account: e.Detail.Account, Path: e.Detail.Path,
	}
}

// innermost is the innermost message in an event; nothing if none is wrapped in it.
func innermost(e *matcher.Evidence) string {
	if e.Cause == oneLine(e.Message) {
		return ""
	}
	return e.Cause
}

func newJSONEndpoint(e *matcher.Endpoint) jsonEndpoint {
	out := jsonEndpoint{
		Address: e.Address, Count: e.Count, First: jsonTime(e.First), Last: jsonTime(e.Last),
		Computers: list(e.Computers), Problems: make([]string, len(e.Signatures)),
	}
	if e.Port != 0 {
		out.Port = &e.Port
	}
	for i, s := range e.Signatures {
		out.Problems[i] = s.Name
	}
	return out
}

func newJSONReportID(id matcher.ReportID) jsonReportID {
	return jsonReportID{id.ID, string(appendTime(nil, id.Time, fullTime, time.UTC)), id.Computer, id.Channel, id.RecordID, id.Source, id.Sent}
}

// names are those of signatures.
func names(signatures []*matcher.Signature) []string {
	all := make([]string, len(signatures))
	for i, s := range signatures {
		all[i] = s.Name
	}
	return all
}

// jsonTime is nil for a time that is not known.
func jsonTime(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return new(string(appendTime(nil, t, fullTime, time.UTC)))
}

// list is never nil, so that JSON has [] and not null.
func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}
