package archive

import (
	"cmp"
	"context"
	"io"
	"io/fs"
	"path/filepath"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/check"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/fileerror"
	"github.com/gwlogs/gwlogs/internal/redact"
	"github.com/gwlogs/gwlogs/internal/wholefile"
	"github.com/gwlogs/gwlogs/matcher"
)

// Make makes a bundle. It appears under its name when it is complete, or not at all; what is wrong with the sources is no error
// as long as something of them could be read. The same events, report ID and options give the same bytes, unless they are
// encrypted. Memory does not grow with the logs; temporary files, redacted and without a name, take as much room as the bundle,
// and as its largest log. The Result of an error is what is known until then, and may be nil.
func Make(ctx context.Context, o Options) (*Result, error) {
	m, err := newMaker(o)
	if err != nil {
		return nil, err
	}
	defer m.close()
	err = m.make(ctx)
	if err == nil {
		err = ctx.Err()
	}
	return m.result, err
}

// RedactLog redacts a single log: the first of the sources, into an event log of the name Options.File. What concerns bundles alone is
// not looked at in the options, nor is anything but Redaction set in the manifest.
func RedactLog(ctx context.Context, o Options) (*Result, error) {
	o.Since, o.AllLogs = cmp.Or(o.Since, At(time.Time{})), true
	m, err := newMaker(o)
	if err != nil {
		return nil, err
	}
	defer m.close()
	err = m.redactLog(ctx)
	if err == nil {
		err = ctx.Err()
	}
	return m.result, err
}

// A maker makes a bundle.
type maker struct {
	o      Options
	result *Result

	redact redact.Options
	set    *eventlog.Set
	window eventlog.Window
	want   evtx.Selection // with the window
	end    time.Time      // of the window

	leftOut []LeftOut
	behind  Progress // of the passes that are done

	checked  *check.Report // nil without a check
	redactor *redact.Redactor
	watching sync.Mutex // while Options.Watch is called
	builder  *builder
	file     *wholefile.File // nil where there is none
}

// newMaker checks what can be wrong before anything is read.
func newMaker(o Options) (*maker, error) {
	m := &maker{o: o, result: new(Result), want: o.Select}
	if o.Lang == "" {
		m.o.Lang = "en"
	}
	if o.Tool == (Tool{}) {
		m.o.Tool = Tool{Name: "gwlogs", Version: "devel"}
	}
	if o.Now == nil {
		m.o.Now = time.Now
	}
	if o.Redact == "" {
		m.o.Redact = Secrets
	}
	if o.Bundle != nil {
		m.o.ReportID = o.Bundle.Manifest.ReportID
	}
	if m.o.ReportID == "" {
		m.o.ReportID = uuid.NewString()
	}
	switch {
	case o.Since.given || o.Bundle != nil:
	default:
		o.Since = Ago(DefaultWindow)
	}
	m.window = eventlog.Window{Since: o.Since.moment, Until: o.Until.moment, To: eventlog.Reference(o.RelativeTo), Now: m.o.Now}
	if err := m.openCheck(); err != nil {
		return nil, err
	}
	return m, m.openRules()
}

// openRules reads the rules of redaction, and tries them.
func (m *maker) openRules() (err error) {
	m.redact.Mode = redact.Mode(m.o.Redact)
	if m.o.Rules != "" {
		if m.redact.Extra, err = redact.LoadRules(m.o.Rules); err != nil {
			return &RulesError{fileerror.Reason(err)}
		}
	}
	if m.redact.Mode == redact.Identities {
		if m.redact.Tokens, err = redact.NewTokens(m.o.TokenKey); err != nil {
			return err
		}
	}
	if _, err = redact.New(m.redact); err != nil {
		err = &RulesError{err}
	}
	return err
}

func (m *maker) close() {
	if m.builder != nil {
		m.builder.close()
	}
	m.file.Discard()
	if m.set != nil {
		if err := m.set.Close(); err != nil {
			m.notify(eventlog.Notice{Text: err.Error()})
		}
	}
}

func (m *maker) make(ctx context.Context) error {
	if err := m.open(ctx); err != nil {
		return err
	}
	if err := m.settleEnd(ctx); err != nil {
		return err
	}
	if err := m.create(); err != nil {
		return err
	}
	if err := m.openRedactor(ctx); err != nil {
		return err
	}
	if err := m.collect(ctx); err != nil {
		return err
	}
	m.include()
	if m.checked != nil {
		if err := m.builder.check(m.checked); err != nil {
			return err
		}
	}
	return m.write()
}

// open finds the logs and settles the window.
func (m *maker) open(ctx context.Context) error {
	m.set = eventlog.Find(m.o.Sources, eventlog.Options{
		Stdin: m.o.Stdin, StdinTerminal: m.o.Stdin == nil, CodePage: m.o.CodePage, Recover: m.o.Recover, Identities: m.o.Identities,
		Channels: m.channels(ctx),
		Defaults: eventlog.Defaults(matcher.CanonicalChannels(), matcher.SameChannel, matcher.FromGateway(), matcher.Neighbours()),
	})
	for _, r := range m.o.Readers {
		m.set.AddReader(r.Name, r.Data, r.Size)
	}
	if b := m.o.Bundle; b != nil {
		m.set.AddReader(b.name, b.data, b.size)
	}
	for _, err := range m.set.Failed {
		m.fail(err)
	}
	if err := m.choose(ctx); err != nil {
		return err
	}
	if err := m.set.Prepare(ctx, &m.window, &m.want, m.fail); err != nil {
		return err
	}
	m.result.Logs = len(m.set.Logs)
	if m.result.Logs == 0 {
		return ErrNothingRead
	}
	err := m.window.Settle(ctx, m.pass(m.set.Logs, nil), &m.want)
	m.result.Since, m.result.Until = m.want.Since, m.want.Until
	m.result.Retention = notices(m.set.Retention(m.want.Since))
	return err
}

// channels are the live ones, where they are read without being named.
func (m *maker) channels(ctx context.Context) eventlog.Channels {
	if len(m.o.Sources) == 0 && (len(m.o.Readers) > 0 || m.o.Bundle != nil) {
		return nil
	}
	return eventlog.ChannelsOf(ctx)
}

// settleEnd finds the end of the window: what was asked for, or else the newest event. No clock, so that the same logs
// give the same bundle.
func (m *maker) settleEnd(ctx context.Context) (err error) {
	switch {
	case m.o.Bundle != nil:
		m.end = m.o.Bundle.Manifest.Created
	case !m.want.Until.IsZero():
		m.end = m.want.Until
	default:
		m.end, err = m.window.End(ctx, &eventlog.Pass{Logs: m.set.Logs, Threads: m.o.Threads})
	}
	return err
}

// span is the window as the manifest has it.
func (m *maker) span() Span {
	if m.o.Bundle != nil {
		return m.o.Bundle.Manifest.Window.Requested
	}
	return Span{known(m.want.Since), known(m.end)}
}

// onlyTimes says that nothing but the time decides which events are wanted.
func onlyTimes(s *evtx.Selection) bool {
	return len(s.IDs)+len(s.Levels)+len(s.Providers)+len(s.Channels)+len(s.Computers)+len(s.Contains) == 0
}

// create makes the file that becomes the bundle, before the work, so that what is wrong with its folder is said at once.
func (m *maker) create() (err error) {
	if m.o.DryRun {
		m.o.Out = io.Discard
	}
	if m.o.Out != nil {
		return nil
	}
	name := m.o.File
	if name == "" {
		name = filepath.Join(m.o.Folder, "gwlogs-bundle.zip") // the computer, which the name has, is known later
	}
	m.file, err = wholefile.Create(name, 0o600, func(file fs.FileInfo) bool { return m.set.Holds(file) || m.o.Bundle.holds(file) })
	m.o.Out = m.file
	return err
}

// pass is one that looks ahead, with its progress.
func (m *maker) pass(logs []*eventlog.Log, want *evtx.Selection) *eventlog.Pass {
	return &eventlog.Pass{Logs: logs, Select: want, Threads: m.o.Threads, Ahead: true, Progress: m.progress()}
}

// progress takes that of a pass, behind the passes before it.
func (m *maker) progress() func(bytes int64, events uint64) {
	if m.o.Progress == nil {
		return nil
	}
	before := m.behind
	total := m.set.Size()
	if m.window.NeedsNewest() && total > 0 {
		total *= 2
	}
	return func(bytes int64, events uint64) {
		m.behind = Progress{before.Bytes + bytes, total, before.Events + events}
		m.o.Progress(m.behind)
	}
}

func (m *maker) notify(n eventlog.Notice) {
	if m.o.Notify != nil {
		m.o.Notify(Notice(n))
	}
}

// fail tells of a source that cannot be read.
func (m *maker) fail(err *eventlog.Error) {
	m.result.Failed++
	m.notify(err.Notice())
}

func notices(of []eventlog.Notice) []Notice {
	var all []Notice
	for _, n := range of {
		all = append(all, Notice(n))
	}
	return all
}
