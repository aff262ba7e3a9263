package cli

import (
	"slices"
	"time"

	"github.com/gwlogs/gwlogs/archive"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/matcher"
)

// bundleIDs are the report IDs of the bundles among the sources. What is wrong with one is for verify to say.
// One that is there twice counts once, as its events do.
func bundleIDs(logs *eventlog.Set, duplicates bool) []matcher.ReportID {
	var ids []matcher.ReportID
	for i := range logs.Archives {
		a := &logs.Archives[i]
		m := manifestOf(a)
		if m == nil || m.ReportID == "" {
			continue
		}
		if !duplicates && slices.ContainsFunc(ids, func(r matcher.ReportID) bool { return r.ID == m.ReportID && r.Time.Equal(m.Created) }) {
			continue
		}
		ids = append(ids, matcher.ReportID{ID: m.ReportID, Time: m.Created, Source: a.Entry(archive.ManifestName)})
	}
	return ids
}

// manifestOf is that of a bundle; nil for another archive.
func manifestOf(a *eventlog.Archive) *archive.Manifest {
	b, err := archive.Open(a.At, a.Size)
	if err != nil {
		return nil
	}
	return b.Manifest
}

// onlyBundle is the report ID of the bundle that all logs are from; empty if they are not from one.
func (s *session) onlyBundle() string {
	if len(s.logs.Archives) != 1 {
		return ""
	}
	a := &s.logs.Archives[0]
	if slices.ContainsFunc(s.logs.Logs, func(l *eventlog.Log) bool { return s.logs.ArchiveOf(l) != a }) {
		return ""
	}
	if m := manifestOf(a); m != nil {
		return m.ReportID
	}
	return ""
}

// asked is the time that was asked for. Where nobody has, and all logs are from bundles, it is what these were asked for: a bundle says
// the same of itself, whoever looks at it.
func (s *session) asked() (since, until time.Time) {
	since, until = s.selection.Since, s.selection.Until
	if !since.IsZero() || !until.IsZero() {
		return since, until
	}
	if slices.ContainsFunc(s.logs.Logs, func(l *eventlog.Log) bool { return s.logs.ArchiveOf(l) == nil }) {
		return since, until
	}
	var spans []archive.Span
	bundles := map[string]bool{} // by name
	for i := range s.logs.Archives {
		a := &s.logs.Archives[i]
		if m := manifestOf(a); m != nil {
			spans = append(spans, m.Window.Requested)
			bundles[a.Name] = true
		}
	}
	if len(spans) == 0 || slices.ContainsFunc(s.logs.Logs, func(l *eventlog.Log) bool { return !isIn(bundles, l.Name) }) {
		return since, until
	}
	return widest(spans)
}

// isIn reports whether a name begins with one of the folders.
func isIn(folders map[string]bool, name string) bool {
	for i, c := range []byte(name) {
		if c == '/' && folders[name[:i]] {
			return true
		}
	}
	return false
}

// widest is from the first beginning to the last end, each zero if one of them has no limit.
func widest(spans []archive.Span) (from, to time.Time) {
	begins, ends := true, true
	for i, s := range spans {
		begins, ends = begins && s.From != nil, ends && s.To != nil
		if s.From != nil && (i == 0 || s.From.Before(from)) {
			from = *s.From
		}
		if s.To != nil && s.To.After(to) {
			to = *s.To
		}
	}
	if !begins {
		from = time.Time{}
	}
	if !ends {
		to = time.Time{}
	}
	return from, to
}
