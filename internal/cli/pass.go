package cli

import (
	"context"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
)

// visit gives the selected events of all logs to a consumer, one log after the other or by time, and shows what is wrong with
// the logs. The error is that of the consumer or of ctx.
func visit[B any](ctx context.Context, s *session, byTime bool, c eventlog.Consumer[B]) error {
	return visitWith(ctx, s, func(p *eventlog.Pass) { p.ByTime, p.Sort = byTime, byTime }, c)
}

// visitWith is visit in another order.
func visitWith[B any](ctx context.Context, s *session, order func(*eventlog.Pass), c eventlog.Consumer[B]) error {
	pass := &eventlog.Pass{
		Logs: s.logs.Logs, Select: &s.selection, Threads: s.options.threads, Once: !s.options.duplicates, Progress: s.progress.behind(),
	}
	order(pass)
	s.options.narrow(pass)
	pass.Tell(s.console.tell, s.options.verbose)
	totals, err := eventlog.Run(ctx, pass, c)
	s.totals = *totals
	s.failed += totals.LogsFailed
	return err
}

// lookAhead is a pass that finds out about the logs, which are read again.
func (s *session) lookAhead(logs []*eventlog.Log, want *evtx.Selection) *eventlog.Pass {
	return &eventlog.Pass{Logs: logs, Select: want, Threads: s.options.threads, Ahead: true}
}
