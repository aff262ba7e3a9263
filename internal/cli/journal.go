package cli

import (
	"path/filepath"

	"github.com/gwlogs/gwlogs/archive"
	"github.com/gwlogs/gwlogs/internal/state"
	"github.com/gwlogs/gwlogs/matcher"
	"github.com/gwlogs/gwlogs/report"
)

// runJournal shows the report IDs of the bundles that this user has made.
func runJournal(ios *IOStreams, o *options) error {
	console := &console{w: ios.Err, quiet: o.quiet}
	folder, err := state.Open()
	if err != nil {
		return err
	}
	bundles, err := folder.Bundles()
	if err != nil {
		return &hintedError{err, "the journal of report IDs cannot be read"}
	}
	out, err := openOutput(o.output, ios, nil)
	if err != nil {
		return err
	}
	defer out.discard()
	s := &session{ios: ios, options: o, out: out}
	doc := report.NewReportIDs(out, o.format, s.style())
	var reference = ios.Now()
	since, until := o.since.resolve(reference), o.until.resolve(reference)
	count := 0
	for _, b := range bundles {
		if !since.IsZero() && b.Time.Before(since) || !until.IsZero() && b.Time.After(until) {
			continue
		}
		if err := doc.Add(matcher.ReportID{ID: b.ReportID, Time: b.Time, Computer: b.Computer, Source: b.File}); err != nil {
			return err
		}
		count++
	}
	if err := doc.Close(); err != nil {
		return err
	}
	if count == 0 {
		console.note("no bundle was made here yet")
		console.hint("gwlogs archive FILE.evtx makes one; gwlogs report-id FILE.evtx looks for report IDs in a log")
	}
	return out.commit()
}

// bundleIDs are the report IDs of the sources that are bundles. What is wrong
// with one is for verify to say.
func (s *session) bundleIDs() []matcher.ReportID {
	var ids []matcher.ReportID
	for _, a := range s.logs.Archives {
		b, err := archive.Open(a.At, a.Size)
		if err != nil || b.Manifest.ReportID == "" {
			continue
		}
		ids = append(ids, matcher.ReportID{
			ID: b.Manifest.ReportID, Time: b.Manifest.Created, Source: filepath.ToSlash(a.Name) + "/" + archive.ManifestName,
		})
	}
	return ids
}
