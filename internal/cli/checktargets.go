package cli

import (
	"context"
	"errors"

	"github.com/gwlogs/gwlogs/internal/check"
	"github.com/gwlogs/gwlogs/internal/report"
)

// fromLogs are the addresses that logs say were refused, and the hosts of Azure that their errors name.
func (f *checkFlags) fromLogs(ctx context.Context, ios *IOStreams, o *options) ([]check.Target, error) {
	if len(f.logs) == 0 {
		return nil, nil
	}
	catalogue, err := openCatalogue(nil, false)
	if err != nil {
		return nil, err
	}
	o = o.but(func(o *options) { o.text, o.output, o.format = true, "", report.Text })
	s, err := openSession(ctx, ios, o, f.logs)
	if err != nil {
		return nil, err
	}
	s.selection.Any = catalogue.Selections()
	a, err := s.analyze(ctx, &diagnoseOptions{catalogue: catalogue, evidence: 10})
	var targets []check.Target
	if a != nil {
		targets = check.FromLog(a)
		if len(targets) == 0 {
			s.console.note("the log names no address that was refused, and no host of Azure")
		}
	}
	if err = s.finish(ctx, err); errors.Is(err, errNothing) {
		return nil, err
	}
	return targets, err
}
