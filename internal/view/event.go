package view

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strconv"
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/matcher"
)

type eventParams struct {
	N    int    `json:"n"`
	Lang string `json:"lang"`
}

type eventResult struct {
	N         int            `json:"n"`
	Ref       string         `json:"ref"`
	Time      string         `json:"time"`
	Level     uint8          `json:"level"`
	LevelName string         `json:"level_name"`
	ID        uint16         `json:"id"`
	Version   uint8          `json:"version"`
	Qualify   uint16         `json:"qualifiers"`
	Provider  string         `json:"provider"`
	GUID      string         `json:"provider_guid"`
	Channel   string         `json:"channel"`
	Computer  string         `json:"computer"`
	Record    uint64         `json:"record"`
	Process   uint32         `json:"process"`
	Thread    uint32         `json:"thread"`
	User      string         `json:"user"`
	Keywords  string         `json:"keywords"`
	KeyNames  []string       `json:"keyword_names"`
	Task      uint16         `json:"task"`
	Opcode    uint8          `json:"opcode"`
	Activity  string         `json:"activity"`
	Related   string         `json:"related_activity"`
	Source    string         `json:"source"`
	Bundle    string         `json:"bundle"`
	Recovered bool           `json:"recovered"`
	Message   string         `json:"message"`
	Cut       bool           `json:"message_cut"` // it is longer than is shown
	Data      []eventData    `json:"data"`
	Unfolded  []eventText    `json:"unfolded"`
	Findings  []eventFinding `json:"findings"`
	Shape     string         `json:"shape"`
	XML       string         `json:"xml"`
	JSON      string         `json:"json"`
	Text      string         `json:"text"`
}

type eventData struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type eventText struct {
	Label string `json:"label"`
	Text  string `json:"text"`
}

type eventFinding struct {
	Name     string `json:"name"`
	Title    string `json:"title"`
	Severity string `json:"severity"`
}

// Bounds of what is shown of one event: 32 KB is what Windows lets a program write.
const (
	maxMessage = 256 << 10
	maxData    = 2000
	maxValue   = 64 << 10
	maxBody    = 1 << 20
)

func (e *Engine) event(ctx context.Context, p *eventParams) (any, error) {
	s := e.snapshot()
	if p.N < 0 || p.N >= s.n {
		return nil, &Error{Message: "there is no event of that number"}
	}
	var out *eventResult
	err := e.record(ctx, s, p.N, func(rec *evtx.Record) (err error) {
		out, err = e.eventOf(s, p.N, rec, e.lang(p.Lang))
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (e *Engine) eventOf(s *snapshot, n int, rec *evtx.Record, lang string) (*eventResult, error) {
	x := s.at(n)
	w := words.In(lang)
	out := &eventResult{
		N: n, Ref: s.ref(n), Time: textOf(x.time), Level: shownLevel(x.level), LevelName: levelName(w, x.level), ID: x.id, Version: rec.Version(),
		Qualify: rec.Qualifiers(), Provider: rec.Provider(), GUID: guid(rec.ProviderGUID()), Channel: rec.Channel(), Computer: rec.Computer(),
		Record: x.record, Process: rec.ProcessID(), Thread: rec.ThreadID(), User: rec.UserID(), Keywords: rec.Value(evtx.FieldKeywords).String(),
		KeyNames: keywordNames(rec.Keywords()), Task: rec.Task(), Opcode: rec.Opcode(), Activity: guid(rec.ActivityID()),
		Related: guid(rec.RelatedActivityID()), Source: s.logs[x.log].source, Bundle: s.logs[x.log].bundle, Recovered: rec.Recovered(),
		Data: []eventData{}, Unfolded: []eventText{}, Findings: []eventFinding{}, Shape: shapeOf(s.of(n).group),
	}
	message := rec.AppendMessage(nil)
	out.Message = words.Clip(string(message), maxMessage)
	out.Cut = len(out.Message) < len(message)
	for name, v := range rec.All() {
		if len(out.Data) == maxData {
			break
		}
		out.Data = append(out.Data, eventData{name, words.Clip(v.String(), maxValue)})
	}
	out.Unfolded = unfolded(w, out.Message)
	out.Findings = e.findingsOf(s.of(n).findings, lang)
	var err error
	if out.XML, err = text(rec.AppendXML(nil)); err != nil {
		return nil, err
	}
	if out.JSON, err = indented(rec); err != nil {
		return nil, err
	}
	out.Text, err = ticket(rec)
	return out, err
}

func guid(g evtx.GUID) string {
	if g == (evtx.GUID{}) {
		return ""
	}
	return g.String()
}

// levelName is a level in the words of a language.
func levelName(w *words.Words, level uint8) string {
	name := report.LevelName(evtx.Level(level))
	if key := "level." + name; w.Has(key) {
		return w.Say(key)
	}
	return name
}

func keywordNames(k evtx.Keywords) []string {
	names := []string{}
	for bit := evtx.KeywordResponseTime; bit <= evtx.KeywordClassic && bit != 0; bit <<= 1 {
		if k&bit != 0 {
			names = append(names, bit.String())
		}
	}
	return names
}

// unfolded is what a message has inside: chains of errors, the messages in JSON of LogProperties, and what of them is worth reading.
func unfolded(w *words.Words, message string) []eventText {
	u := matcher.Unfold(message)
	all := []eventText{}
	add := func(label, text string) {
		if text != "" {
			all = append(all, eventText{label, text})
		}
	}
	add(w.Say("viewer.unfolded-code"), u.Detail.Code)
	add(w.Say("viewer.unfolded-account"), u.Detail.Account)
	add(w.Say("viewer.unfolded-path"), u.Detail.Path)
	for i, m := range u.Messages {
		label := w.Say("viewer.unfolded-message", "n", i+1)
		if i == len(u.Messages)-1 && i > 0 {
			label = w.Say("viewer.unfolded-innermost")
		}
		all = append(all, eventText{label, m})
	}
	return all
}

func (e *Engine) findingsOf(names []string, lang string) []eventFinding {
	all := []eventFinding{}
	for _, name := range names {
		f := eventFinding{Name: name, Title: name}
		if s := e.signature(name); s != nil {
			f.Title, f.Severity = s.In(lang).Title, s.Rule.Level.String()
		}
		all = append(all, f)
	}
	return all
}

// signature is that of a name; nil if there is none.
func (e *Engine) signature(name string) *matcher.Signature {
	c, err := e.catalogue()
	if err != nil {
		return nil
	}
	for _, s := range c.All() {
		if s.Name == name {
			return s
		}
	}
	return nil
}

func text(b []byte, err error) (string, error) {
	if len(b) > maxBody {
		return words.Clip(string(b), maxBody) + "…", err
	}
	return string(b), err
}

func indented(rec *evtx.Record) (string, error) {
	raw, err := rec.AppendJSON(nil)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, raw, "", "  "); err != nil {
		return text(raw, nil)
	}
	return text(b.Bytes(), nil)
}

// ticket is an event as a block of lines for a ticket.
func ticket(rec *evtx.Record) (string, error) {
	doc, err := report.NewEvents(io.Discard, report.Text, report.Style{})
	if err != nil {
		return "", err
	}
	b, err := doc.Renderer().Append(nil, rec)
	return strings.TrimRight(string(b), "\n") + "\n", err
}

// number is a number as a value of a condition.
func number[N uint8 | uint16 | uint32](n N) string { return strconv.FormatUint(uint64(n), 10) }
