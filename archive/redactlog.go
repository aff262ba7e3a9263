package archive

import (
	"context"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
)

// redactLog redacts all logs of the sources into one.
func (m *maker) redactLog(ctx context.Context) error {
	if err := m.open(ctx); err != nil {
		return err
	}
	if err := m.create(); err != nil {
		return err
	}
	if err := m.openRedactor(ctx); err != nil {
		return err
	}
	log := &redactedLog{w: evtx.NewWriter(m.o.Out), redactor: m.redactor}
	defer log.w.Discard()
	err := m.slice(ctx, func(*eventlog.Reading) (*redactedLog, error) { return log, nil }, nil)
	if err == nil {
		err = log.w.Close()
	}
	if err != nil {
		return err
	}
	counts, suspects, _ := log.counts()
	m.result.Manifest = &Manifest{Redaction: Redaction{Mode: string(m.o.Redact), Rules: ruleCounts("", counts),
		Suspects: ruleCounts("", suspects)}}
	return m.appear()
}
