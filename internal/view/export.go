package view

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/report"
)

type exportParams struct {
	Filter Filter `json:"filter"`
	Order  string `json:"order"`
	Format string `json:"format"`
}

type exportResult struct {
	Path   string `json:"path,omitempty"`
	Name   string `json:"name"`
	Mime   string `json:"mime"`
	Events int    `json:"events"`
}

// An export is the events of a list as they were asked for, to be written once.
type export struct {
	name, mime string
	format     report.Format
	result     *result
	newest     bool
	made       time.Time
}

// tickets are exports that somebody may fetch.
type tickets struct {
	mu  sync.Mutex
	all map[string]*export
}

const (
	maxTickets     = 16
	ticketLifetime = 5 * time.Minute
	maxExportBlob  = 512 << 20 // in memory
)

// exportFormat is the format of a name, its file's ending and its type.
func exportFormat(name string) (f report.Format, ending, mime string, err error) {
	f, ok := report.ParseFormat(name)
	switch {
	case !ok:
		return "", "", "", &Error{Message: fmt.Sprintf("no format is called %q", name), Hint: "evtx, csv, tsv, json, jsonl, xml, text or rows"}
	case f == report.CSV:
		return f, "csv", "text/csv; charset=utf-8", nil
	case f == report.JSON:
		return f, "json", "application/json", nil
	case f == report.XML:
		return f, "xml", "application/xml", nil
	case f == report.EVTX:
		return f, "evtx", "application/octet-stream", nil
	case f == report.Text || f == report.Table || f == report.TSV:
		return f, "txt", "text/plain; charset=utf-8", nil
	}
	return f, "jsonl", "application/x-ndjson", nil
}

// export prepares the file with the events of a list.
func (e *Engine) export(ctx context.Context, p *exportParams) (any, error) {
	x, err := e.newExport(ctx, p)
	if err != nil {
		return nil, err
	}
	return &exportResult{Name: x.name, Mime: x.mime, Events: len(x.result.events), Path: "/export/" + e.tickets.add(x)}, nil
}

// Export writes the events that a request "export" asks for, where there is no server to fetch them from.
func (e *Engine) Export(ctx context.Context, params json.RawMessage, w io.Writer) (name, mime string, err error) {
	defer recovered("export", &err)
	p := new(exportParams)
	if err := json.Unmarshal(params, p); err != nil {
		return "", "", &Error{Message: "the request cannot be understood: " + err.Error()}
	}
	x, err := e.newExport(ctx, p)
	if err == nil {
		err = e.writeExport(ctx, x, &bounded{w: w, left: maxExportBlob})
	}
	if err != nil {
		return "", "", wordError(err)
	}
	return x.name, x.mime, nil
}

func (e *Engine) newExport(ctx context.Context, p *exportParams) (*export, error) {
	newest, err := newestFirst(p.Order)
	if err != nil {
		return nil, err
	}
	format, ending, mime, err := exportFormat(p.Format)
	if err != nil {
		return nil, err
	}
	if format != report.EVTX {
		if _, err := report.NewEvents(io.Discard, format, report.Style{}); err != nil {
			return nil, &Error{Message: fmt.Sprintf("%q is no format of a list of events", p.Format)}
		}
	}
	r, err := e.result(ctx, &p.Filter)
	if err != nil {
		return nil, err
	}
	if len(r.events) == 0 {
		return nil, &Error{Message: "there is no event to export", Hint: "switch a condition off"}
	}
	return &export{name: r.s.exportName(&p.Filter, len(r.events), ending), mime: mime, format: format, result: r, newest: newest, made: e.o.Now()}, nil
}

// add keeps an export until somebody fetches it, and returns its ticket.
func (t *tickets) add(x *export) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.all == nil {
		t.all = make(map[string]*export)
	}
	for ticket, old := range t.all {
		if len(t.all) >= maxTickets || x.made.Sub(old.made) > ticketLifetime {
			delete(t.all, ticket)
		}
	}
	ticket := rand.Text()
	t.all[ticket] = x
	return ticket
}

// take gives an export out, once.
func (t *tickets) take(ticket string, now time.Time) *export {
	t.mu.Lock()
	defer t.mu.Unlock()
	x := t.all[ticket]
	delete(t.all, ticket)
	if x == nil || now.Sub(x.made) > ticketLifetime {
		return nil
	}
	return x
}

// writeExport writes the events in the order of the list. Events that are gone are left out.
func (e *Engine) writeExport(ctx context.Context, x *export, w io.Writer) error {
	if x.format == report.EVTX {
		log := evtx.NewWriter(w)
		defer log.Discard()
		err := e.eachOf(ctx, x, func(rec *evtx.Record) error {
			err := log.WriteRecord(rec)
			var refused *evtx.RecordError
			if errors.As(err, &refused) {
				return nil
			}
			return err
		})
		if err != nil {
			return err
		}
		return log.Close()
	}
	doc, err := report.NewEvents(w, x.format, report.Style{BOM: x.format == report.CSV})
	if err != nil {
		return err
	}
	renderer := doc.Renderer()
	var out []byte
	err = e.eachOf(ctx, x, func(rec *evtx.Record) error {
		var err error
		if out, err = renderer.Append(out, rec); err != nil {
			return nil // longer than any event that Windows wrote
		}
		if len(out) < 64<<10 {
			return nil
		}
		err = doc.Add(out)
		out = out[:0]
		return err
	})
	if err == nil && len(out) > 0 {
		err = doc.Add(out)
	}
	if err != nil {
		return err
	}
	return doc.Close()
}

// eachOf gives the events of an export in their order.
func (e *Engine) eachOf(ctx context.Context, x *export, use func(*evtx.Record) error) error {
	for i := range x.result.events {
		if i%256 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			e.pause()
		}
		var stop error
		n := int(x.result.events[x.result.turned(i, x.newest)])
		err := e.record(ctx, x.result.s, n, func(rec *evtx.Record) error {
			stop = use(rec)
			return nil
		})
		if stop != nil {
			return stop
		}
		if err != nil && ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// bounded ends a document that grows too large. It can seek as far as what it writes to can.
type bounded struct {
	w    io.Writer
	left int
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, &Error{Message: "the export would be larger than 512 MB", Hint: "narrow the filter, or use gwlogs view"}
	}
	return b.w.Write(p)
}

func (b *bounded) Seek(offset int64, whence int) (int64, error) {
	if s, ok := b.w.(io.Seeker); ok {
		return s.Seek(offset, whence)
	}
	return 0, errors.ErrUnsupported
}
