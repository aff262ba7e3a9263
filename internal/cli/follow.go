package cli

import (
	"context"
	"errors"

	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/report"
)

const (
	followedLimit = 10 // events that --follow shows first, as tail and journalctl do
	newOnly       = -1 // none of them
)

// checkFollow finds what does not go with --follow.
func (f *orderFlags) checkFollow(o *options) error {
	switch {
	case o.format.Binary():
		return usage("--follow --format jsonl", "--follow does not fit --format %s, which is complete at its end alone", o.format)
	case f.reverse:
		return usage("leave --reverse out", "--follow shows the newest event last")
	case o.until.given():
		return usage("leave --until out", "--follow waits for what is to come")
	case o.recover:
		return usage("leave --recover out", "--follow shows new events, and --recover old ones")
	}
	return nil
}

// followEvents prints events that are there, and then those that come, until ctx ends.
func followEvents(ctx context.Context, s *session, events *report.Events) error {
	follower, err := s.logs.Follow(ctx, &s.selection)
	var cannot *eventlog.Error
	if errors.As(err, &cannot) {
		return usage(cannot.Hint, "--follow: %v", cannot)
	}
	if err != nil {
		return err
	}
	defer follower.Close()
	follower.Notice = s.console.tell
	if err := printFound(ctx, s, events); err != nil {
		return interrupted(ctx, err)
	}
	if s.nothingRead() {
		return nil
	}
	s.progress.status().end()
	if s.ios.OutTerminal && s.ios.ErrTerminal && s.out.terminal {
		s.console.note("waiting for new events; Ctrl-C ends")
	}
	for {
		logs, err := follower.Next(ctx)
		if err != nil {
			return interrupted(ctx, err)
		}
		if err := printNew(ctx, s, events, logs); err != nil {
			return interrupted(ctx, err)
		}
	}
}

// interrupted is no error: it is how following ends.
func interrupted(ctx context.Context, err error) error {
	if err == ctx.Err() {
		return nil
	}
	return err
}

// printNew prints the events of logs that came up, by time.
func printNew(ctx context.Context, s *session, events *report.Events, logs []*eventlog.Log) error {
	before := s.totals
	err := printAll(ctx, s, events, func(p *eventlog.Pass) { p.ByTime, p.Logs = true, logs })
	s.totals.Visited += before.Visited
	s.totals.Damaged += before.Damaged
	s.totals.LogsDamaged = max(s.totals.LogsDamaged, before.LogsDamaged)
	s.totals.Stats.Records += before.Stats.Records
	return err
}
