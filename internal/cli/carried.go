package cli

import (
	"context"
	"errors"
	"io/fs"
	"runtime"
	"sync"

	"github.com/gwlogs/gwlogs/archive"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/internal/tables"
	"github.com/gwlogs/gwlogs/sigma"
)

// runCarried shows the findings that bundles carry. No log is read: of each bundle the list of its entries, its manifest, and its
// findings.
func runCarried(ctx context.Context, ios *IOStreams, o *options, d *diagnoseOptions, sources []string) error {
	if err := checkCarried(ios, o, d, sources); err != nil {
		return err
	}
	format := o.format
	if format == report.Text {
		format = report.Table
	}
	c := &carried{console: &console{w: ios.Err, quiet: o.quiet}, options: o, severity: d.severity}
	set := eventlog.Find(sources, eventlog.Options{Stdin: ios.In, Identities: o.identities, Shard: o.shard, ArchivesOnly: true})
	defer set.Close()
	for _, err := range set.Failed {
		c.fail(err)
	}
	out, err := openOutput(o.output, ios, set)
	if err != nil {
		return err
	}
	defer out.discard()
	if c.doc, err = report.NewCarried(out, format, out.style(ios, o)); err != nil {
		return err
	}
	if err := c.read(ctx, set); err != nil {
		return err
	}
	switch {
	case c.bundles == 0 && c.failed > 0:
		return errNothing
	case c.bundles == 0 && set.Spared == 0:
		return usage("gwlogs archive makes bundles; without --findings-of-bundles, gwlogs diagnose reads logs", "no bundle among the sources")
	}
	if err := c.doc.Close(); err != nil {
		return err
	}
	if err := out.commit(); err != nil {
		return err
	}
	c.console.note("%s in %s, as they were found when the bundles were made", counted(c.found, "finding"), counted(c.bundles, "bundle"))
	switch {
	case d.exitCode && c.found > 0:
		return errFound
	case c.failed > 0:
		return errPartial
	}
	return nil
}

// checkCarried refuses what would have to read events.
func checkCarried(ios *IOStreams, o *options, d *diagnoseOptions, sources []string) error {
	const flag = "--findings-of-bundles"
	if err := checkBinary(ios, o); err != nil {
		return err
	}
	s := &o.selection
	switch {
	case len(sources) == 0:
		return usage("gwlogs diagnose "+flag+" FOLDER", "no SOURCE given: which bundles?")
	case o.since.given() || o.until.given() || len(o.conditions) > 0 || len(s.IDs)+len(s.Levels)+len(s.Providers)+len(s.Channels)+
		len(s.Computers)+len(s.Contains)+len(s.Not) > 0 || s.Keywords != 0:
		return usage("leave it out, and choose among the rows: by last, computer, channel", flag+" reads no events: nothing can be chosen among them")
	case o.format == report.Timesketch:
		return usage("--format rows, json or parquet", flag+" has no timesketch")
	case d.page != "":
		return usage("leave --report out: each bundle has a page", flag+" makes no page")
	}
	return nil
}

// carried reads bundles.
type carried struct {
	console  *console
	options  *options
	severity sigma.Level
	doc      *report.Carried

	bundles, found, failed int
}

func (c *carried) fail(err error) {
	c.failed++
	c.console.fail(err)
}

// batchBundles is how many bundles are read at once before what is in them is written, in their order.
const batchBundles = 64

func (c *carried) read(ctx context.Context, set *eventlog.Set) error {
	type one struct {
		findings []tables.Finding
		err      error
	}
	threads := c.options.threads
	if threads == 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	for from := 0; from < len(set.Archives); from += batchBundles {
		if err := ctx.Err(); err != nil {
			return err
		}
		archives := set.Archives[from:min(from+batchBundles, len(set.Archives))]
		all := make([]one, len(archives))
		var wait sync.WaitGroup
		for worker := range threads {
			wait.Go(func() {
				for i := worker; i < len(archives); i += threads {
					all[i].findings, all[i].err = carriedBy(&archives[i])
				}
			})
		}
		wait.Wait()
		for i := range all {
			if err := c.add(&archives[i], all[i].findings, all[i].err); err != nil {
				return err
			}
		}
	}
	return nil
}

// carriedBy are the findings of a bundle.
func carriedBy(a *eventlog.Archive) ([]tables.Finding, error) {
	b, err := archive.Open(a.At, a.Size)
	if err != nil {
		return nil, err
	}
	data, err := b.Findings()
	if err != nil {
		return nil, err
	}
	return report.ReadFindings(data, b.Manifest.ReportID)
}

// add writes the findings of a bundle.
func (c *carried) add(a *eventlog.Archive, all []tables.Finding, err error) error {
	switch {
	case errors.Is(err, archive.ErrNotBundle) && a.Found():
		return nil // some zip in a folder
	case errors.Is(err, fs.ErrNotExist):
		c.fail(&hintedError{errNamed(a.Name, errors.New("carries no findings")), "gwlogs diagnose " + a.Name + " looks at its logs"})
		return nil
	case err != nil:
		c.fail(errNamed(a.Name, err))
		return nil
	}
	c.bundles++
	for i := range all {
		if level, ok := sigma.ParseLevel(all[i].Severity); ok && level < c.severity {
			continue
		}
		c.found++
		if err := c.doc.Add(&all[i]); err != nil {
			return err
		}
	}
	return nil
}
