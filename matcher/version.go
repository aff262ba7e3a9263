package matcher

import (
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// A Runtime is the version of the integration runtime, or of the gateway before it, that a log names.
type Runtime struct {
	Number string    // 5.39.8833.1
	Built  time.Time // that day; see RuntimeOf
	Seen   time.Time // when the log named it last
}

// Ends is when its year is over: a version of the self-hosted integration runtime is supported, and works, for one year after its
// release. Zero for the versions of the gateway before it, which had no such end.
func (r *Runtime) Ends() time.Time {
	if r.Number < "3" { // 1 and 2 are Data Management Gateway
		return time.Time{}
	}
	return r.Built.AddDate(1, 0, 0)
}

// Expired reports whether its year was over at a time.
func (r *Runtime) Expired(at time.Time) bool {
	ends := r.Ends()
	return !ends.IsZero() && at.After(ends)
}

var runtimeNumber = regexp.MustCompile(`^([1-9])\.\d{1,2}\.(\d{4})\.\d{1,4}$`)

// RuntimeOf reads the number of a version; ok is false for what is none. The third number counts the days since 1 January 2000, on which it was built.
func RuntimeOf(number string) (Runtime, bool) {
	m := runtimeNumber.FindStringSubmatch(number)
	if m == nil {
		return Runtime{}, false
	}
	days, err := strconv.Atoi(m[2])
	if err != nil || days < 5000 { // of 2013: there was no gateway before
		return Runtime{}, false
	}
	return Runtime{Number: number, Built: time.Date(2000, 1, 1+days, 0, 0, 0, 0, time.UTC)}, true
}

// version looks at the version that an event of the signature names, and reports whether the event counts: of a problem if the version
// had expired by then, of a sign if not. An event without a time, of a text, is of now.
func (w *Worker) version(rec *evtx.Record, signature int) bool {
	at := timeOf(rec)
	s := w.c.signatures[signature]
	i := slices.IndexFunc(s.Captures, func(c Capture) bool { return c.Name == s.Version })
	if i < 0 {
		return false
	}
	if expr := s.Captures[i].Regexp.Expr; expr != w.versionExpr { // what is too old and what is not ask the same
		w.versions = w.capture(rec, w.versions[:0], signature, func(c *Capture) bool { return c.Name == s.Version })
		w.versionExpr = expr
	}
	if at.IsZero() {
		at = w.now
	}
	counts := false
	for _, v := range w.versions {
		r, ok := RuntimeOf(v.value)
		if !ok || at.IsZero() {
			continue
		}
		r.Seen = at
		w.signs.runs(rec.Computer(), r)
		counts = counts || r.Expired(at) != s.Tells.Sign
	}
	return counts
}

// runs notes which version a computer has: the one that was named last.
func (s *signs) runs(computer string, r Runtime) {
	have, ok := s.runtimes[computer]
	if !ok && len(s.runtimes) >= maxComputers || ok && !r.Seen.After(have.Seen) {
		return
	}
	s.runtimes[computer] = r
}
