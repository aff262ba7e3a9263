package cli

import (
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/internal/tables"
)

// origins know where events are from, for the formats that say so of each.
type origins struct {
	logs    *eventlog.Set
	bundles map[*eventlog.Archive]string // their report IDs
	wanted  bool
}

func (s *session) origins(events *report.Events) *origins {
	return &origins{s.logs, make(map[*eventlog.Archive]string), events.Sourced()}
}

// begin looks into the bundle of a log, before other goroutines ask for it.
func (o *origins) begin(in *eventlog.Reading) error {
	a := o.logs.ArchiveOf(in.Log)
	if a == nil || !o.wanted {
		return nil
	}
	if _, known := o.bundles[a]; !known {
		id := ""
		if m := manifestOf(a); m != nil {
			id = m.ReportID
		}
		o.bundles[a] = id
	}
	return nil
}

func (o *origins) of(l *eventlog.Log) tables.Origin {
	return tables.Origin{Source: l.Source(), Path: l.Name, Bundle: o.bundles[o.logs.ArchiveOf(l)]}
}

// enter tells a renderer, if it wants to know, where the events that follow are from.
func (o *origins) enter(r report.Renderer, l *eventlog.Log) {
	if sourced, ok := r.(report.Sourced); ok && o.wanted {
		sourced.From(o.of(l))
	}
}
