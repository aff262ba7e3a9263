package cli

import (
	"context"
	"errors"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gwlogs/gwlogs/evtx"
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

Addresses that a firewall blocked are put together in a list for the people who
run it. Errors that no known problem explains are counted by what they say. At
the end stands what was looked at, and what of it is missing.

With --report the same goes to a page for a browser, with a timeline and all errors
to search in. The page is one file, and loads nothing from the network.

With --exit-code a script can tell: 4 means that a known problem was found.`,
		Example: `  gwlogs diagnose testdata/gateway-en.evtx
  gwlogs diagnose --lang fr --since 7d testdata/gateway-fr.evtx
  gwlogs diagnose --format json -o findings.json testdata
  gwlogs diagnose --report report.html testdata/gateway-en.evtx
  gwlogs diagnose --severity high --exit-code testdata/gateway-en.evtx
  gwlogs diagnose --signatures my-rules.yml testdata/gateway-en.evtx`,
	}
	var f diagnoseFlags
	addSourceVerb(cmd, report.DiagnosisFormats(), func(ctx context.Context, o *options, sources []string) error {
		d, err := f.parse(o)
		if err != nil {
			return err
		}
		return runDiagnose(ctx, ios, o, d, sources)
	}, f.register())
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
}

func (f *diagnoseFlags) register() flagGroup {
	fs := newFlagSet()
	fs.StringVar(&f.lang, "lang", "en", "`LANGUAGE` of causes and steps: "+strings.Join(matcher.Languages(), ", "))
	fs.StringVar(&f.severity, "severity", "informational", "leave out problems below this `SEVERITY`: "+strings.Join(severities(), ", "))
	fs.StringArrayVar(&f.signatures, "signatures", nil, "also look for the Sigma rules in this `FILE` or folder; repeatable")
	fs.BoolVar(&f.only, "only", false, "with --signatures: look for these alone, not for the built-in ones")
	fs.IntVar(&f.evidence, "evidence", -1, "show at most the last `N` events of each problem (10, as text 3)")
	fs.Lookup("evidence").DefValue = "0" // -1 would tell nobody anything: do not show it
	fs.StringVar(&f.page, "report", "", "also write a page for a browser to this `FILE`: report.html")
	fs.BoolVar(&f.exitCode, "exit-code", false, "end with exit code 4 if a known problem was found")
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
	page      string // file of the page; empty for none
}

func (f *diagnoseFlags) parse(o *options) (*diagnoseOptions, error) {
	d := &diagnoseOptions{lang: strings.ToLower(f.lang), evidence: f.evidence, exitCode: f.exitCode, page: f.page}
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

func checkLang(lang string) error {
	if slices.Contains(matcher.Languages(), lang) {
		return nil
	}
	return usage("languages are "+strings.Join(matcher.Languages(), " and ")+": --lang fr", "--lang: %q is not there yet", lang)
}

// openCatalogue compiles the built-in signatures, unless only others are
// wanted, and those of the files.
func openCatalogue(files []string, only bool) (*matcher.Catalogue, error) {
	var all []*matcher.Signature
	if !only {
		builtin, err := matcher.Builtin()
		if err != nil {
			return nil, err
		}
		all = builtin
	}
	for _, name := range files {
		own, err := matcher.Load(name)
		if err != nil {
			return nil, signatureError(err)
		}
		all = append(all, own...)
	}
	c, err := matcher.New(all)
	return c, signatureError(err)
}

// diagnosing is a diagnosis on its way through the logs.
type diagnosing struct {
	s       *session
	d       *matcher.Diagnosis
	sources []report.Source
	channel string // of the log that is being read
	lang    string
	page    *pageWriter // nil for no page
}

func runDiagnose(ctx context.Context, ios *IOStreams, o *options, d *diagnoseOptions, sources []string) error {
	o.merge = false // sequences are put into the order of time in any case
	s, err := openSession(ctx, ios, o, sources)
	if err != nil {
		return err
	}
	found, err := s.diagnose(ctx, d)
	err = s.finish(ctx, err)
	if d.exitCode && found && (err == nil || errors.Is(err, errPartial)) {
		return errFound
	}
	return err
}

// diagnose runs over the logs and writes what came of it. It reports whether
// a known problem was found.
func (s *session) diagnose(ctx context.Context, o *diagnoseOptions) (found bool, err error) {
	run := &diagnosing{s: s, d: o.catalogue.Diagnose(matcher.Options{Evidence: o.evidence}), lang: o.lang}
	if o.page != "" {
		if run.page, err = s.openPage(ctx, o.page); err != nil {
			return false, err
		}
		defer run.page.discard()
	} else {
		s.selection.Any = o.catalogue.Selections()
	}
	if err := run.scan(ctx); err != nil || s.nothingRead() {
		return false, err
	}
	findings := run.d.Findings()
	findings.Findings = slices.DeleteFunc(findings.Findings, func(f matcher.Finding) bool {
		return f.Signature.Rule.Level != sigma.LevelNone && f.Signature.Rule.Level < o.severity
	})
	done := run.report(o.lang, findings)
	if run.page != nil {
		if err := run.page.write(done); err != nil {
			return false, err
		}
	}
	err = s.write(func() error { return report.WriteDiagnosis(s.out, s.options.format, s.style(), done) })
	s.sayUncovered()
	return len(findings.Findings) > 0, err
}

// diagnoser is what one core gathers.
type diagnoser struct {
	known *matcher.Worker
	page  *pageWorker // nil for no page
}

func (r *diagnosing) scan(ctx context.Context) error {
	return visit(ctx, r.s, eventlog.Consumer[*diagnoser]{
		New: func() *diagnoser { return &diagnoser{r.d.Worker(), r.page.worker()} },
		Visit: func(d *diagnoser, rec *evtx.Record) (bool, error) {
			full := d.known.Visit(rec)
			return d.page.visit(rec, d.known.Matched(), r.lang) || full, nil
		},
		Flush: func(d *diagnoser, in *eventlog.Reading) error {
			if channel := r.d.Take(d.known, in.Log.Name); r.channel == "" {
				r.channel = channel
			}
			r.page.take(d.page, in.Log.Name)
			return nil
		},
		End: func(in *eventlog.Reading) error {
			stats := &in.Stats
			r.sources = append(r.sources, report.Source{
				Name: in.Log.Name, Channel: r.channel, Records: stats.Records, Selected: stats.Selected, Damaged: in.Damaged,
				First: stats.First, Last: stats.Last, LowestID: stats.LowestID, HighestID: stats.HighestID, Failed: in.Err != nil,
			})
			r.channel = ""
			return nil
		},
	})
}

// report puts the findings beside what they rest on.
func (r *diagnosing) report(lang string, findings *matcher.Findings) *report.Diagnosis {
	s := r.s
	d := &report.Diagnosis{
		Tool: "gwlogs", Version: version(), Lang: lang, Sources: r.sources, Findings: findings,
		From: s.selection.Since, To: s.selection.Until, Asked: s.selection.Since,
	}
	if d.From.IsZero() {
		d.From = s.totals.Stats.First
	}
	if d.To.IsZero() {
		d.To = s.totals.Stats.Last
	}
	return d
}

func version() string {
	info, _ := debug.ReadBuildInfo()
	return versionOf(info)
}
