package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/internal/words"
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
	s.console = &console{w: ios.Err, quiet: o.quiet}
	if err := checkSources(sources, ios.Channels != nil || len(o.texts) > 0); err != nil {
		return nil, err
	}
	s.logs = eventlog.Find(sources, eventlog.Options{
		Stdin: ios.In, StdinTerminal: ios.InTerminal, CodePage: o.codePage, Recover: o.recover, Identities: o.identities, Text: o.text, Texts: o.texts,
		Channels: ios.Channels, Defaults: append(gatewayChannels(), o.defaults...),
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
func checkSources(sources []string, live bool) error {
	stdin := 0
	for _, source := range sources {
		if source == "-" {
			stdin++
		}
		if source == "" {
			return usage("give a file, a folder, a zip archive, or - for standard input", "a SOURCE is empty")
		}
	}
	switch {
	case len(sources) == 0 && !live:
		return usage("give a file, a folder, a zip archive, or - for standard input: gwlogs errors FILE.evtx", "no SOURCE given: which log?")
	case stdin > 1:
		return usage("give - once", "standard input can be read once only")
	}
	return nil
}

func (s *session) prepare(ctx context.Context) error {
	if err := s.settled(s.logs.Prepare(ctx, s.window, &s.selection, func(err *eventlog.Error) { s.fail(err) })); err != nil {
		return err
	}
	if len(s.logs.Logs) == 0 {
		return errNothing
	}
	s.startProgress()
	ahead := s.lookAhead(s.logs.Logs, nil)
	ahead.Progress = s.progressFrom()
	if err := s.settled(s.window.Settle(ctx, ahead, &s.selection)); err != nil {
		return err
	}
	var err error
	s.out, err = openOutput(s.options.output, s.ios, s.logs)
	return err
}

// settled words an error of settling the window.
func (s *session) settled(err error) error {
	if errors.Is(err, eventlog.ErrBackwards) {
		return orderError(s.options.since.with(s.selection.Since), s.options.until.with(s.selection.Until))
	}
	return err
}

func (s *session) startProgress() {
	if !s.ios.ErrTerminal || s.options.quiet {
		return
	}
	total := s.logs.Size()
	if s.window.NeedsNewest() && total > 0 {
		total *= 2
	}
	p := newProgress(s.ios.Err, s.ios.Width, s.ios.Now, total)
	s.progress, s.console.progress = p, p
	ticker := time.NewTicker(progressEvery)
	go func() {
		defer ticker.Stop()
		p.run(ticker.C)
	}()
}

// style is what the output is like for a format.
func (s *session) style() report.Style {
	terminal := s.ios.OutTerminal && s.out.file == nil
	return report.Style{
		Terminal:  terminal,
		Width:     s.ios.Width,
		Color:     terminal && s.ios.Color && !s.options.noColor,
		Recovered: s.options.recover,
	}
}

// write lets f write to the output, the progress line out of the way.
func (s *session) write(f func() error) error {
	if s.ios.OutTerminal && s.out.file == nil {
		s.progress.hide()
	}
	return f()
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
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return err
	}
	s.console.sayDamage(&s.totals, len(s.logs.Logs))
	if s.nothingRead() {
		return errNothing
	}
	if err := s.out.commit(); err != nil {
		return err
	}
	if s.trouble() {
		return errPartial
	}
	return nil
}

// trouble says whether anything could not be read.
func (s *session) trouble() bool { return s.failed > 0 || s.totals.Damaged > 0 }

// nothingRead says that of all there was to read nothing could be.
func (s *session) nothingRead() bool { return s.trouble() && s.totals.Stats.Records == 0 }

func (s *session) close() {
	s.progress.end()
	s.progress, s.console.progress = nil, nil
	if s.out != nil {
		s.out.discard()
	}
	if err := s.logs.Close(); err != nil {
		s.console.note("%v", err)
	}
}

// windowText says in words which time was looked at.
func (s *session) windowText() string {
	since, until := s.selection.Since, s.selection.Until
	switch {
	case !since.IsZero() && !until.IsZero():
		return fmt.Sprintf("between %s and %s (UTC)", shownTime(since), shownTime(until))
	case !since.IsZero():
		return fmt.Sprintf("since %s (UTC)", shownTime(since))
	case !until.IsZero():
		return fmt.Sprintf("until %s (UTC)", shownTime(until))
	}
	return ""
}

// span says in words what the logs hold.
func (s *session) span() string {
	n := words.Thousands(uint64(s.totals.Stats.Records))
	if s.totals.Stats.Records == 1 {
		return fmt.Sprintf("1 event of %s (UTC)", shownTime(s.totals.Stats.First))
	}
	if s.totals.Stats.First.IsZero() {
		return n + " events"
	}
	return fmt.Sprintf("%s events from %s to %s (UTC)", n, shownTime(s.totals.Stats.First), shownTime(s.totals.Stats.Last))
}

// sayNothingFound tells that no event was selected, and where we looked. what is "errors", for example.
func (s *session) sayNothingFound(what string) {
	if window := s.windowText(); window != "" {
		s.console.note("no %s found %s: looked at %s", what, window, s.span())
		return
	}
	s.console.note("no %s found: looked at %s", what, s.span())
}

// sayUncovered tells that the logs do not reach as far back as was asked for.
func (s *session) sayUncovered() {
	defer s.sayRetention()
	since := s.selection.Since
	if since.IsZero() || s.totals.Stats.First.IsZero() || !s.totals.Stats.First.After(since) {
		return
	}
	s.console.note("the logs begin at %s (UTC): nothing is known of the time from %s on until then",
		shownTime(s.totals.Stats.First), shownTime(since))
}
