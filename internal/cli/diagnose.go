package cli

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/check"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/matcher"
	"github.com/gwlogs/gwlogs/sigma"
)

func newDiagnoseCommand(ios *IOStreams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "diagnose [SOURCE...]",
		Short: "Say what is wrong with the gateway, and what to do about it",
		Long: `Look for known problems of the gateway in one or more event logs (.evtx), and
say what each means and what to do about it, the worst first.

` + sourceHelp + `
With them, it reads what Windows' own logs tell of the gateway: in System of the
Service Control Manager and Schannel, in Application of the installer and of
programs that crashed.

Addresses that a firewall blocked are put together in a list for the people who
run it. Errors that no known problem explains are counted by what they say. At
the end stands what was looked at, and what of it is missing.

With --report the same goes to a page for a browser, with a timeline and all errors
to search in. The page is one file, and loads nothing from the network.

At the top stands how the gateway is when its log ends, and which problems go on:
those after which the log has no sign that it works again.

With --exit-code a script can tell: 4 means that a known problem was found, 5 that
there are errors, but none that is known.`,
		Example: `  gwlogs diagnose testdata/gateway-en.evtx
  gwlogs diagnose --lang fr --since 7d testdata/gateway-fr.evtx
  gwlogs diagnose --format json -o findings.json testdata
  gwlogs diagnose --report report.html testdata/gateway-en.evtx
  gwlogs diagnose --severity high --exit-code testdata/gateway-en.evtx
  gwlogs diagnose --signatures my-rules.yml testdata/gateway-en.evtx`,
	}
	var f diagnoseFlags
	addEventVerb(cmd, ios, report.DiagnosisFormats(), func(ctx context.Context, o *options, sources []string) error {
		d, err := f.parse(o)
		if err != nil {
			return err
		}
		if f.carried {
			return runCarried(ctx, ios, o, d, sources)
		}
		return runDiagnose(ctx, ios, o, d, sources)
	}, f.register(ios))
	f.complete(cmd)
	return cmd
}

// diagnoseFlags are the flags of diagnose, as they were typed.
type diagnoseFlags struct {
	lang, severity string
	signatures     []string
	only, exitCode bool
	evidence       int
	page           string
	explain        bool // of the verb explain
	carried        bool // what bundles carry, in place of what their logs show
}

func (f *diagnoseFlags) register(ios *IOStreams) flagGroup {
	fs := newFlagSet()
	addLanguage(fs, &f.lang, ios, "causes and steps")
	fs.StringVar(&f.severity, "severity", "informational", "leave out problems below this `SEVERITY`: "+strings.Join(severities(), ", "))
	fs.StringArrayVar(&f.signatures, "signatures", nil, "also look for the Sigma rules in this `FILE` or folder; repeatable")
	fs.BoolVar(&f.only, "only", false, "with --signatures: look for these alone, not for the built-in ones")
	fs.IntVar(&f.evidence, "evidence", -1, "show at most the last `N` events of each problem (10, as text 3)")
	fs.Lookup("evidence").DefValue = "0" // -1 would tell nobody anything: do not show it
	fs.StringVar(&f.page, "report", "", "also write a page for a browser to this `FILE`: report.html")
	if !f.explain {
		fs.BoolVar(&f.carried, "findings-of-bundles", false,
			"show what was found when bundles were made, as a table: of thousands of them in seconds, as no log is read")
	}
	fs.BoolVar(&f.exitCode, "exit-code", false,
		"end with exit code 4 if a known problem was found, with 5 if none was, but errors that nothing explains")
	return flagGroup{"Known problems", fs}
}

func (f *diagnoseFlags) complete(cmd *cobra.Command) {
	for name, offers := range map[string][]string{"lang": matcher.Languages(), "severity": severities(), "evidence": nil} {
		_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(offers, cobra.ShellCompDirectiveNoFileComp))
	}
	_ = cmd.RegisterFlagCompletionFunc("signatures", cobra.FixedCompletions([]string{"yml", "yaml"}, cobra.ShellCompDirectiveFilterFileExt))
}

func severities() []string {
	var names []string
	for level := sigma.Critical; level >= sigma.Informational; level-- {
		names = append(names, level.String())
	}
	return names
}

// diagnoseOptions are the flags of diagnose, understood.
type diagnoseOptions struct {
	lang      string
	severity  sigma.Level
	catalogue *matcher.Catalogue
	evidence  int
	exitCode  bool
	page      string   // file of the page; empty for none
	explain   bool     // a text is what it is about
	typed     []string // sources, quoted for a shell
	all       bool     // logs have lines of their own
}

func (f *diagnoseFlags) parse(o *options) (*diagnoseOptions, error) {
	d := &diagnoseOptions{lang: strings.ToLower(f.lang), evidence: f.evidence, exitCode: f.exitCode, page: f.page,
		explain: f.explain, all: o.verbose}
	if err := checkLang(d.lang); err != nil {
		return nil, err
	}
	var ok bool
	if d.severity, ok = sigma.ParseLevel(strings.ToLower(f.severity)); !ok {
		return nil, usage("severities are "+strings.Join(severities(), ", ")+": --severity high", "--severity: unknown %q", f.severity)
	}
	if f.only && len(f.signatures) == 0 {
		return nil, usage("name them: --only --signatures my-rules.yml", "--only needs --signatures")
	}
	switch {
	case f.page == "-" || f.page != "" && f.page == o.output:
		return nil, usage("--report report.html", "--report: the page needs a file of its own")
	case f.evidence < -1:
		return nil, usage("--evidence 0 shows none", "--evidence: %d is less than nothing", f.evidence)
	case f.evidence == -1 && o.format == report.Text:
		d.evidence = 3
	case f.evidence == -1:
		d.evidence = 10
	}
	var err error
	d.catalogue, err = openCatalogue(f.signatures, f.only)
	return d, err
}

func runDiagnose(ctx context.Context, ios *IOStreams, o *options, d *diagnoseOptions, sources []string) error {
	s, err := openSession(ctx, ios, o.but(func(o *options) { o.text, o.neighbours = true, true }), sources)
	if err != nil {
		return err
	}
	for _, source := range sources {
		if source != "-" && !d.explain {
			d.typed = append(d.typed, shellQuoted(source))
		}
	}
	a, err := s.diagnose(ctx, d)
	err = s.finish(ctx, err)
	if !d.exitCode || a == nil || err != nil && !errors.Is(err, errPartial) {
		return err
	}
	switch {
	case len(a.Findings) > 0:
		return errFound
	case a.GatewayLogs() == 0 && !d.explain:
		s.console.note("none of the logs is a gateway's: the exit code says nothing about one")
	case err == nil && a.UnexplainedErrors() > 0:
		return errUnexplained
	}
	return err
}

// diagnose runs over the logs and writes what came of it, which is nil if
// nothing could be read.
func (s *session) diagnose(ctx context.Context, o *diagnoseOptions) (analysis *matcher.Analysis, err error) {
	var page *output
	if o.page != "" { // made now, so that what is wrong with its folder is said before the work
		if page, err = openOutput(o.page, s.ios, s.logs); err != nil {
			return nil, err
		}
		defer page.discard()
	} else {
		s.selection.Any = o.catalogue.Selections()
	}
	analysis, err = s.analyze(ctx, o)
	if err != nil || s.nothingRead() {
		return nil, err
	}
	d := &report.Diagnosis{Tool: "gwlogs", Version: version(), Lang: o.lang, Analysis: analysis, AboutText: o.explain, AllSources: o.all, Suggestion: check.Suggest(analysis, o.typed),
		Bundle: s.onlyBundle()}
	if o.explain {
		d.Clues = cluesOf(analysis)
	}
	if page != nil {
		if err := report.WritePage(page, &report.Page{Diagnosis: d}); err != nil {
			return nil, err
		}
		if err := page.commit(); err != nil {
			return nil, err
		}
	}
	err = report.WriteDiagnosis(s.out, s.options.format, s.out.style(s.ios, s.options), d)
	s.coverage().sayUncovered()
	return analysis, err
}

// analyze runs over the logs.
func (s *session) analyze(ctx context.Context, o *diagnoseOptions) (*matcher.Analysis, error) {
	a := o.catalogue.Analyze(matcher.Options{Evidence: o.evidence, Severity: o.severity, Now: s.ios.Now(), Detail: o.page != ""})
	// Not by time: sequences are put into that order in any case.
	err := visit(ctx, s, false, eventlog.Consumer[*matcher.Worker]{
		New:   a.Worker,
		Visit: func(w *matcher.Worker, rec *evtx.Record) (bool, error) { return w.Visit(rec), nil },
		Again: (*matcher.Worker).Again,
		Flush: func(w *matcher.Worker, in *eventlog.Reading) error {
			a.Take(w, in.Log.Source())
			return nil
		},
		End: func(in *eventlog.Reading) error {
			a.EndLog(matcher.Source{
				Name: in.Log.Source(), Stats: in.Stats, Damaged: in.Damaged, Duplicates: int(in.Duplicates), Failed: in.Err != nil,
			})
			return nil
		},
	})
	if err != nil {
		return nil, err
	}
	since, until := s.asked()
	analysis := a.Analysis(since, until)
	if analysis.GatewayLogs() == 0 {
		err = s.nameLogs(ctx, analysis)
	}
	return analysis, err
}

// maxNamed is how many logs are looked into to say what they are.
const maxNamed = 20

// errEnough ends a pass that has seen what it wanted.
var errEnough = errors.New("enough")

// nameLogs finds the channels of logs of which no event was visited: they are
// no gateway's, and are to be called something.
func (s *session) nameLogs(ctx context.Context, a *matcher.Analysis) error {
	asked := 0
	for i := range a.Sources {
		source := &a.Sources[i]
		if source.Channel != "" || i >= len(s.logs.Logs) {
			continue
		}
		if live := s.logs.Logs[i].Live(); live != nil {
			source.Channel = live.Name
			continue
		}
		if source.Records == 0 || asked == maxNamed {
			continue
		}
		asked++
		pass := s.lookAhead(s.logs.Logs[i:i+1], nil)
		_, err := eventlog.Run(ctx, pass, eventlog.Consumer[*string]{
			New: func() *string { return new(string) },
			Visit: func(channel *string, rec *evtx.Record) (bool, error) {
				*channel = rec.Channel()
				return true, nil
			},
			Flush: func(channel *string, _ *eventlog.Reading) error {
				source.Channel = *channel
				return errEnough
			},
		})
		if err != nil && !errors.Is(err, errEnough) {
			return err
		}
	}
	return nil
}
