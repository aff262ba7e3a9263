package cli

import (
	"context"
	"errors"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
)

// session is one run over the logs of a command line: what was asked for, and what came of it.
type session struct {
	ios     *IOStreams
	options *options
	console *console
	logs    *eventlog.Set
	out     *output

	selection evtx.Selection // with the times
	progress  *progress

	totals eventlog.Totals // of the pass that visits the selected events
	failed int             // sources and logs that could not be read, or not to their end
	window *eventlog.Window
}

// openSession finds the logs, settles the time window and opens the output.
// The caller ends the session with finish.
func openSession(ctx context.Context, ios *IOStreams, o *options, sources []string) (*session, error) {
	s := &session{ios: ios, options: o, selection: o.selection, window: o.window(ios.Now)}
	s.console = &console{w: ios.Err, quiet: o.quiet, each: o.verbose}
	if err := checkBinary(ios, o); err != nil {
		return nil, err
	}
	if err := checkSources(ios, sources, ios.Channels != nil || len(o.texts) > 0); err != nil {
		return nil, err
	}
	if len(sources)+len(o.texts) == 0 && ios.InPipe {
		s.console.note("standard input is not read: - asks for it")
	}
	s.logs = eventlog.Find(sources, eventlog.Options{
		Stdin: ios.In, StdinTerminal: ios.InTerminal, CodePage: o.codePage, Recover: o.recover, Identities: o.identities, Text: o.text, Texts: o.texts,
		Shard:    o.shard,
		Channels: ios.Channels, Defaults: append(o.channels(), o.defaults...),
	})
	for _, err := range s.logs.Failed {
		s.fail(err)
	}
	err := s.prepare(ctx)
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// checkSources finds what is wrong with the arguments. On Windows there may be none: the gateway's channels are read then.
func checkSources(ios *IOStreams, sources []string, live bool) error {
	stdin := 0
	for _, source := range sources {
		if source == "-" {
			stdin++
		}
		if form, ok := otherFlag(source); ok {
			return usage(form, "%s is no log, and no flag here", source)
		}
		if source == "" {
			return usage("give a file, a folder, a zip archive, or - for standard input", "a SOURCE is empty")
		}
	}
	switch {
	case len(sources) == 0 && !live && ios.InPipe:
		return usage("to read what is piped in, give -: "+ios.verb()+" -; or a file, a folder, a zip archive", "no SOURCE given: which log?")
	case len(sources) == 0 && !live:
		return usage("give a file, a folder, a zip archive, or - for standard input: "+ios.verb()+" FILE.evtx", "no SOURCE given: which log?")
	case stdin > 1:
		return usage("give - once", "standard input can be read once only")
	}
	return nil
}

func (s *session) prepare(ctx context.Context) error {
	if err := s.settled(s.logs.Prepare(ctx, s.window, &s.selection, func(err *eventlog.Error) { s.fail(err) })); err != nil {
		return err
	}
	if len(s.logs.Logs) == 0 && (s.logs.Spared == 0 || s.failed > 0) {
		return errNothing // otherwise this shard is empty, which is said by an empty result
	}
	total := s.logs.Size()
	passes := int64(1)
	if s.window.NeedsNewest() {
		passes++
	}
	if s.options.merge {
		passes++
	}
	if total > 0 {
		total *= passes
	}
	// The program that reads a pipe may be a pager, which has the terminal.
	piped := s.ios.OutPipe && (s.options.output == "" || s.options.output == "-")
	s.progress = startProgress(s.ios, s.options.quiet || piped, total)
	s.console.status = s.progress.status()
	ahead := s.lookAhead(s.logs.Logs, nil)
	ahead.Progress = s.progress.behind()
	if err := s.settled(s.window.Settle(ctx, ahead, &s.selection)); err != nil {
		return err
	}
	var err error
	if s.out, err = openOutput(s.options.output, s.ios, s.logs); err != nil {
		return err
	}
	s.out.status = s.progress.status()
	if s.options.byEnding {
		s.console.note("%s is written as %s: --format says otherwise", s.options.output, s.options.format)
	}
	return nil
}

// settled words an error of settling the window.
func (s *session) settled(err error) error {
	if errors.Is(err, eventlog.ErrBackwards) {
		return orderError(s.options.since.with(s.selection.Since), s.options.until.with(s.selection.Until))
	}
	return err
}

// fail shows what is wrong with a source; the others go on.
func (s *session) fail(err error) {
	s.failed++
	s.console.fail(err)
}

// finish makes the output appear if err is nil and anything came out at all,
// and sums up. It returns the error that decides on the exit code.
func (s *session) finish(ctx context.Context, err error) error {
	defer s.close()
	if err == nil && !s.options.follow { // which goes on until ctx ends
		err = ctx.Err()
	}
	if err != nil {
		return err
	}
	s.console.sayDamage(s.totals.Damaged, s.totals.LogsDamaged, len(s.logs.Logs))
	s.console.sayDuplicates(s.totals.Duplicates, s.totals.Forgot)
	if s.nothingRead() {
		return errNothing
	}
	if err := s.out.commit(); err != nil {
		return err
	}
	if s.incomplete() {
		return errPartial
	}
	return nil
}

// incomplete says whether anything could not be read.
func (s *session) incomplete() bool { return s.failed > 0 || s.totals.Damaged > 0 }

// nothingRead says that of all there was to read nothing could be.
func (s *session) nothingRead() bool { return s.incomplete() && s.totals.Stats.Records == 0 }

func (s *session) close() {
	s.progress.status().end()
	s.console.status = nil
	if s.out != nil {
		s.out.discard()
	}
	if err := s.logs.Close(); err != nil {
		s.console.note("%v", err)
	}
}
