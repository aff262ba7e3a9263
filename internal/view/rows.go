package view

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/matcher"
)

// maxRows is how many rows a request may ask for, maxRowMessage how much of a message they have, in bytes.
const (
	maxRows       = 500
	maxRowMessage = 400
	maxCell       = 1000
	maxColumns    = 50
	maxHeadline   = 64 << 10
)

type rowsParams struct {
	Filter  Filter   `json:"filter"`
	Order   string   `json:"order"`
	From    int      `json:"from"`
	Count   int      `json:"count"`
	Columns []string `json:"columns"`
}

type rowsResult struct {
	Version int   `json:"version"`
	Total   int   `json:"total"`
	Matched int   `json:"matched"`
	From    int   `json:"from"`
	Rows    []row `json:"rows"`
}

type row struct {
	N        int               `json:"n"`
	Time     string            `json:"time"`
	Level    uint8             `json:"level"`
	ID       uint16            `json:"id"`
	Provider string            `json:"provider"`
	Channel  string            `json:"channel"`
	Computer string            `json:"computer"`
	Message  string            `json:"message"`
	Source   string            `json:"source"`
	Record   uint64            `json:"record"`
	Findings []string          `json:"findings"`
	Shape    string            `json:"shape,omitempty"`
	Data     map[string]string `json:"data,omitempty"`
	Gone     bool              `json:"gone,omitempty"` // the log has been written over since
}

func (e *Engine) rows(ctx context.Context, p *rowsParams) (any, error) {
	newest, err := newestFirst(p.Order)
	if err != nil {
		return nil, err
	}
	if p.From < 0 || p.Count < 0 || len(p.Columns) > maxColumns {
		return nil, &Error{Message: "from and count are not below 0, and there are at most 50 columns"}
	}
	r, err := e.result(ctx, &p.Filter)
	if err != nil {
		return nil, err
	}
	out := &rowsResult{Version: r.s.version, Total: r.s.n, Matched: len(r.events), From: min(p.From, len(r.events)), Rows: []row{}}
	count := min(p.Count, maxRows, len(r.events)-out.From)
	out.Rows = make([]row, count)
	for i := range out.Rows {
		n := int(r.events[r.turned(out.From+i, newest)])
		out.Rows[i] = r.s.row(n)
	}
	return out, e.fillRows(ctx, r.s, out.Rows, p.Columns)
}

// row is what the index knows of an event.
func (s *snapshot) row(n int) row {
	x := s.at(n)
	o := &s.origins[x.origin]
	v := s.of(n)
	return row{
		N: n, Time: textOf(x.time), Level: shownLevel(x.level), ID: x.id, Provider: o.provider, Channel: o.channel, Computer: o.computer,
		Source: s.logs[x.log].source, Record: x.record, Findings: list(v.findings), Shape: shapeOf(v.group),
	}
}

// list is never nil, so that JSON has [] and not null.
func list(all []string) []string {
	if all == nil {
		return []string{}
	}
	return all
}

// fillRows reads what the index does not know, chunk by chunk.
func (e *Engine) fillRows(ctx context.Context, s *snapshot, rows []row, columns []string) error {
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return s.byPlace(rows[a].N, rows[b].N) })
	var text []byte
	for _, i := range order {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := e.record(ctx, s, rows[i].N, func(rec *evtx.Record) error {
			text = rec.AppendMessage(text[:0])
			rows[i].Message = oneLine([]byte(matcher.Headline(string(words.Clip(text, maxHeadline)))), maxRowMessage)
			for _, c := range columns {
				if rows[i].Data == nil {
					rows[i].Data = make(map[string]string, len(columns))
				}
				text = appendColumn(text[:0], rec, c)
				rows[i].Data[c] = oneLine(text, maxCell)
			}
			return nil
		})
		if err != nil {
			rows[i].Gone, rows[i].Message = true, wordError(err).Message
		}
	}
	return nil
}

// byPlace orders events as they lie in their logs.
func (s *snapshot) byPlace(a, b int) int {
	x, y := s.at(a), s.at(b)
	switch {
	case x.log < y.log || x.log == y.log && x.place < y.place:
		return -1
	case x.log == y.log && x.place == y.place:
		return 0
	}
	return 1
}

// record gives an event to use, if it is still where it was.
func (e *Engine) record(ctx context.Context, s *snapshot, n int, use func(*evtx.Record) error) error {
	x := s.at(n)
	return e.fetch.Record(ctx, s.logs[x.log].log, x.place, func(rec *evtx.Record) error {
		if rec.EventRecordID() != x.record || ticksOf(rec.TimeCreated()) != x.time {
			return &Error{Message: fmt.Sprintf("record %d is no longer in %s: the log has been written over", x.record, s.logs[x.log].source)}
		}
		return use(rec)
	})
}

// oneLine is a text on one line, with what acts on a screen made visible.
func oneLine(text []byte, most int) string {
	cut := words.Clip(text, 2*most)
	line := report.Visible(strings.Join(strings.Fields(string(cut)), " "))
	if short := words.Clip(line, most); len(short) < len(line) || len(cut) < len(text) {
		return short + "…"
	}
	return line
}

// appendColumn appends what a column of the page shows of an event.
func appendColumn(dst []byte, rec *evtx.Record, column string) []byte {
	if name, ok := dataName(column); ok {
		begin := len(dst)
		for n, v := range rec.All() {
			if !strings.EqualFold(n, name) {
				continue
			}
			if len(dst) > begin {
				dst = append(dst, ' ')
			}
			dst = v.AppendText(dst)
		}
		return dst
	}
	for name, f := range map[string]evtx.Field{
		"user": evtx.FieldUserID, "process": evtx.FieldProcessID, "thread": evtx.FieldThreadID, "activity": evtx.FieldActivityID,
		"task": evtx.FieldTask, "opcode": evtx.FieldOpcode, "keywords": evtx.FieldKeywords, "version": evtx.FieldVersion,
	} {
		if name == column {
			return rec.Value(f).AppendText(dst)
		}
	}
	return dst
}

type locateParams struct {
	Filter Filter `json:"filter"`
	Order  string `json:"order"`
	N      *int   `json:"n"`
	Ref    string `json:"ref"`
	Time   string `json:"time"` // the event nearest to it
}

type locateResult struct {
	Matched  int  `json:"matched"`
	Position int  `json:"position"` // -1: there is no event
	Exact    bool `json:"exact"`
	N        int  `json:"n"` // the event that was asked for; -1 if there is no such event
	Version  int  `json:"version"`
}

func (e *Engine) locate(ctx context.Context, p *locateParams) (any, error) {
	newest, err := newestFirst(p.Order)
	if err != nil {
		return nil, err
	}
	r, err := e.result(ctx, &p.Filter)
	if err != nil {
		return nil, err
	}
	out := &locateResult{Matched: len(r.events), Position: -1, N: -1, Version: r.s.version}
	switch {
	case p.N != nil:
		out.N = *p.N
	case p.Ref != "":
		out.N = r.s.findRef(r.sorted, p.Ref)
	case p.Time != "":
		ticks, err := parseTicks(p.Time, false)
		if err != nil {
			return nil, err
		}
		out.N = r.nearTime(ticks)
	}
	if out.N < 0 || out.N >= r.s.n {
		out.N = -1
		return out, nil
	}
	at, exact := r.nearest(out.N)
	out.Position, out.Exact = r.turned(at, newest), exact
	return out, nil
}
