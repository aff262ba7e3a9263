package check

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// maxSkew is how far clocks may be apart: Kerberos allows five minutes, signatures of Azure Storage fifteen.
const (
	maxSkew  = 5 * time.Minute
	someSkew = time.Minute
)

// clockSeen is the clock of a host, by the date of an answer.
type clockSeen struct {
	of   Target
	skew time.Duration // how far this machine is ahead
	at   time.Time     // by the host
}

// compareClock notes the clock of a host that is trusted, or would be at its own time.
func (t *trip) compareClock(a *webAnswer, v *verdict, ofTLS *Result) {
	if a == nil || !a.dated {
		return
	}
	ofTLS.byClock = byTime(ofTLS.Finding) && a.skew.Abs() > maxSkew && v.valid(a.date())
	agrees := byTime(ofTLS.Finding) && a.skew.Abs() <= maxSkew                             // trusted but for the time, and of the same time as this machine
	if v.finding != "" && v.finding != "inspection-trusted" && !ofTLS.byClock && !agrees { // whoever that is, his clock is no measure
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.clocks = append(t.clocks, clockSeen{t.to, a.skew, a.date()})
}

// byTime reports whether a finding is about the time of a certificate.
func byTime(finding string) bool {
	return finding == "expired" || finding == "not-yet-valid" || finding == "chain-expired"
}

// judgeClock compares this machine's clock with all that were seen: where one host agrees with it, another that does not is wrong
// itself. Certificates that are invalid by a wrong clock alone are no fault of their own.
func (r *runner) judgeClock() {
	if len(r.clocks) == 0 || !slices.Contains(r.only, ProbeTLS) {
		return
	}
	best := slices.MinFunc(r.clocks, func(a, b clockSeen) int { return cmp.Compare(a.skew.Abs(), b.skew.Abs()) })
	skew := best.skew
	res := newResult(ProbeTLS, &best.of, LayerClock, OK, "clock-right")
	res.Values["seconds"], res.Values["difference"] = fmt.Sprintf("%.0f", skew.Abs().Seconds()), spell(skew.Abs())
	res.Values["from"], res.Values["to"] = best.at.Add(skew).UTC().Format(time.DateTime), best.at.UTC().Format(time.DateTime)
	res.Values["other"] = map[bool]string{true: "ahead", false: "behind"}[skew > 0]
	switch {
	case skew.Abs() > maxSkew:
		res.Status, res.Finding = Fault, "clock-wrong"
	case skew.Abs() > someSkew:
		res.Status, res.Finding = Warning, "clock-off"
	}
	for i := range r.results {
		switch one := &r.results[i]; {
		case res.Status == Fault && one.byClock:
			one.Status, one.Values["reason"], one.Finding = Note, one.Finding, "invalid-by-clock"
		case res.Status != Fault && byTime(one.Finding): // nobody has to look at a clock that was found right
			one.Values["wanted"] = best.of.Host
		}
	}
	r.results = append(r.results, *res)
}

// spell writes a time for people.
func spell(d time.Duration) string {
	switch {
	case d >= 2*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	case d >= 2*time.Minute:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	}
	return fmt.Sprintf("%d s", int(d.Seconds()))
}
