package report

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/matcher"
)

// maxStatus is how many gateways are shown: a fleet has its JSON.
const maxStatus = 20

// status says how each gateway is, or that the logs are of none.
func (t *diagnosisText) status(d *Diagnosis) {
	if d.GatewayLogs() == 0 {
		if len(d.Sources) > 0 {
			t.wrap("", "", noGateway(t.words, d.Analysis))
			t.blank()
		}
		return
	}
	if len(d.Status) == 0 {
		return
	}
	t.line(0, t.words.Say("status.head", "last", t.style.short(d.LastEvent())))
	for i, s := range d.Status {
		if i == maxStatus {
			t.line(3, t.words.Say("page.and-more", "n", len(d.Status)-maxStatus))
			break
		}
		t.computerState(s)
		if s.Event == nil {
			t.runtime(s.Runtime)
			continue
		}
		head := "      " + t.words.Say("status.record", "record", id(s.Event.RecordID)) + "  "
		if message := saidIn(s.Event); message != "" {
			t.cut(head, len([]rune(head)), message)
		} else {
			t.line(0, strings.TrimRight(head, " "))
		}
		t.runtime(s.Runtime)
	}
	t.blank()
}

// computerState is a line: the computer, its state, and since when.
func (t *diagnosisText) computerState(s matcher.Status) {
	since := ""
	if s.Event != nil {
		since = " " + t.words.Say("status.since", "time", t.style.short(s.Since))
	}
	computer, width := appendLine(nil, []byte(s.Computer), 0)
	between := "  "
	if said := columnsOf(stateWord(t.words, s.State) + since); t.limit > 0 && 3+width+2+said > t.limit {
		between = "\n      "
		if 6+said > t.limit {
			since = between + strings.TrimPrefix(since, " ")
		}
	}
	t.out = append(append(append(t.out, "   "...), computer...), between...)
	t.out = append(append(append(t.out, t.state(s.State)...), since...), '\n')
}

// runtime says which version a gateway has, as far as the log names it.
func (t *diagnosisText) runtime(r *matcher.Runtime) {
	if r != nil {
		t.wrap("      ", "      ", runtimeText(t.words, r))
	}
}

// runtimeText is a version with its age when the log named it.
func runtimeText(w *words.Words, r *matcher.Runtime) string {
	expired := ""
	if r.Expired(r.Seen) {
		expired = r.Ends().Format(time.DateOnly)
	}
	return w.Say("status.version", "number", r.Number, "built", r.Built.Format(time.DateOnly), "expired", expired)
}

// saidIn is what an event says, as short as possible.
func saidIn(e *matcher.Evidence) string {
	if e.Cause != "" {
		return e.Cause
	}
	return e.Message
}

// state is the word for a state, in colour.
func (t *diagnosisText) state(s matcher.State) string {
	word := stateWord(t.words, s)
	if !t.style.Color {
		return word
	}
	switch s {
	case matcher.Connected:
		return "\x1b[32m" + word + colorOff
	case matcher.Limited:
		return levelColor(3) + word + colorOff
	case matcher.Offline, matcher.NotRegistered:
		return levelColor(1) + word + colorOff
	}
	return word
}

func stateWord(w *words.Words, s matcher.State) string { return w.Say("status." + string(s)) }

// noGateway says which logs were read, none of which is a gateway's.
func noGateway(w *words.Words, a *matcher.Analysis) string {
	if !slices.ContainsFunc(a.Sources, func(s matcher.Source) bool { return s.Records > 0 || s.Failed }) {
		return w.Say("status.no-event", "n", len(a.Sources))
	}
	const most = 5
	var shown []string
	logs := a.Logs()
	for _, l := range logs[:min(len(logs), most)] {
		name := l.Channel
		if name == "" {
			name = w.Say("status.unnamed")
		}
		if l.Count > 1 {
			name += " (" + words.Thousands(l.Count) + ")"
		}
		shown = append(shown, name)
	}
	if len(logs) > most {
		shown = append(shown, w.Say("page.and-more", "n", len(logs)-most))
	}
	return w.Say("status.no-gateway", "n", len(a.Sources), "logs", strings.Join(shown, ", "))
}

// overview is a line for each problem: those that go on, then those that are over.
func (t *diagnosisText) overview(d *Diagnosis) {
	if len(d.Findings) == 0 {
		t.line(0, t.words.Say("diagnosis.nothing"))
		return
	}
	ongoing := d.Ongoing()
	switch {
	case d.AboutText:
		t.line(0, t.words.Say("diagnosis.found", "n", len(d.Findings)))
	case ongoing > 0:
		t.line(0, t.words.Say("diagnosis.ongoing", "n", ongoing))
	}
	if ongoing > 0 {
		t.blank()
		t.overviewOf(d, 0, ongoing)
	}
	if over := len(d.Findings) - ongoing; over > 0 {
		if ongoing > 0 {
			t.blank()
		}
		t.line(0, t.words.Say("diagnosis.over", "n", over))
		t.blank()
		t.overviewOf(d, ongoing, len(d.Findings))
	}
}

func (t *diagnosisText) overviewOf(d *Diagnosis, from, to int) {
	for i := from; i < to; i++ {
		f := &d.Findings[i]
		head := pad(strconv.Itoa(i+1), 4, true) + "  " + t.severity(f.Signature.Rule.Level) + "  "
		width := 4 + 2 + severityWidth + 2
		if !d.AboutText {
			const minutes = "2006-01-02 15:04"
			head += pad(string(appendTime(nil, f.Last, minutes, t.style.zone())), len(minutes), false) + "  "
			width += len(minutes) + 2
		}
		t.cut(head, width, titleOf(t.words, f))
	}
}

// whether says whether a problem goes on, and else by what it is over.
func whether(w *words.Words, f *matcher.Finding) string {
	if f.Ongoing {
		return w.Say("diagnosis.goes-on")
	}
	return w.Say("diagnosis.is-over")
}

// overBy says by what a problem is over.
func overBy(w *words.Words, f *matcher.Finding, short func(time.Time) string) string {
	if f.Over == nil {
		return ""
	}
	return w.Say("diagnosis.over-by", "sign", f.Over.Sign.In(w.Lang()).Title, "last", short(f.Over.Last))
}

// computersOf names computers, as many as a line has room for.
func computersOf(w *words.Words, names []string) string {
	return w.Say("diagnosis.on", "computers", someOf(w, names))
}

// someOf names the first of many.
func someOf(w *words.Words, names []string) string {
	const most = 5
	shown := strings.Join(names[:min(len(names), most)], ", ")
	if len(names) > most {
		shown += ", " + w.Say("page.and-more", "n", len(names)-most)
	}
	return shown
}
