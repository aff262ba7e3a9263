package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/gwlogs/gwlogs/internal/report"
)

func newFirewallCommand(ios *IOStreams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "firewall [SOURCE...]",
		Short: "List the addresses that the firewall has to let through",
		Long: `List the addresses and ports that the gateway tried to reach and was refused, as
its log shows them: alone, to be pasted into a ticket for the people who run the
firewall. With each stand how often and when it was refused, on which computers,
and which problem it belongs to. All connections are outbound, TCP.

` + sourceHelp + `

What the gateway needs beside these, gwlogs diagnose says in its steps.`,
		Example: `  gwlogs firewall testdata/gateway-en.evtx
  gwlogs firewall --since 7d --format csv -o firewall.csv testdata
  gwlogs firewall --format json testdata/gateway-fr.evtx`,
	}
	var lang string
	fs := newFlagSet()
	addLanguage(fs, &lang, ios, "titles and problems")
	addEventVerb(cmd, ios, report.EndpointFormats(), func(ctx context.Context, o *options, sources []string) error {
		if err := checkLang(lang); err != nil {
			return err
		}
		return runFirewall(ctx, ios, o, lang, sources)
	}, flagGroup{"Addresses", fs})
	completeLanguage(cmd)
	return cmd
}

func runFirewall(ctx context.Context, ios *IOStreams, o *options, lang string, sources []string) error {
	catalogue, err := openCatalogue(nil, false)
	if err != nil {
		return err
	}
	s, err := openSession(ctx, ios, o.but(func(o *options) { o.text = true }), sources)
	if err != nil {
		return err
	}
	return s.finish(ctx, s.firewall(ctx, &diagnoseOptions{catalogue: catalogue, lang: lang}))
}

func (s *session) firewall(ctx context.Context, o *diagnoseOptions) error {
	s.selection.Any = o.catalogue.Selections()
	a, err := s.analyze(ctx, o)
	if err != nil || s.nothingRead() {
		return err
	}
	if err := report.WriteEndpoints(s.out, s.options.format, s.out.style(s.ios, s.options), o.lang, a.Endpoints); err != nil {
		return err
	}
	if len(a.Endpoints) == 0 && s.options.format.ForPeople() {
		s.coverage().sayNothingFound("blocked address")
		return nil
	}
	s.coverage().sayUncovered()
	return nil
}
