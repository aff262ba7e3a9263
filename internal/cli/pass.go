package cli

import (
	"context"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/words"
)

// visit gives the selected events of all logs to a consumer, one log after the other or by time, and shows what is wrong with
// the logs. The error is that of the consumer or of ctx.
func visit[B any](ctx context.Context, s *session, byTime bool, c eventlog.Consumer[B]) error {
	pass := watched(s.console, s.logs.Logs, s.options.recover)
	pass.Select, pass.Threads, pass.ByTime = &s.selection, s.options.threads, byTime
	pass.Progress = s.progress.behind()
	pass.Failed = func(in *eventlog.Reading) { s.fail(in.Err) }
	totals, err := eventlog.Run(ctx, pass, c)
	s.totals = *totals
	return err
}

// watched is a pass that shows what is wrong with the logs, and what is in them that is not shown.
func watched(c *console, logs []*eventlog.Log, recovering bool) *eventlog.Pass {
	return &eventlog.Pass{
		Logs:   logs,
		Damage: func(in *eventlog.Reading, place *evtx.FormatError) { c.problem("%s: %v", in.Log.Name, place) },
		Failed: func(in *eventlog.Reading) { c.fail(in.Err) },
		Ended: func(in *eventlog.Reading) {
			if more := in.Damaged - in.Told; more > 0 {
				c.problem("%s: … and %s more", in.Log.Name, words.Thousands(uint64(more)))
			}
			c.sayIntegrity(in, recovering)
		},
	}
}

// lookAhead is a pass that finds out about the logs, which are read again.
func (s *session) lookAhead(logs []*eventlog.Log, want *evtx.Selection) *eventlog.Pass {
	return &eventlog.Pass{Logs: logs, Select: want, Threads: s.options.threads, Ahead: true}
}
