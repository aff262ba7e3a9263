package tables

import (
	"time"
)

// A Finding is a known problem on one computer.
type Finding struct {
	Computer    string
	First, Last time.Time
	Count       int // -1: not known
	Ongoing     bool

	Signature, ID   string
	Title, Severity string
	Likely          bool
	Cause           string
	Resolution      []string
	Reasons         []string
	References      []string
	Captures        []Pair
	Evidence        *Evidence // the last event that is known; nil if none is

	State, Version string // of the gateway on the computer
	From, To       time.Time
	Bundle         string
	Tool           string
}

// An Evidence is an event that shows a problem.
type Evidence struct {
	Time                            time.Time
	Source, Channel, Level, Message string
	Code, Innermost                 string
	EventID, RecordID               int64
}

// A Pair is a name and a value.
type Pair struct{ Name, Value string }

// Findings are the columns of a table of known problems.
func Findings() *Table[Finding] {
	return &Table[Finding]{"gwlogs.findings/1", "One row a known problem and computer that it was found on.", []column[Finding]{
		{is("computer", Text, "name of the gateway's computer; null of events that do not say"),
			func(to cells, f *Finding) { textOr(to, f.Computer) }},
		{is("signature", Text, "name of the problem: it stays the same"), func(to cells, f *Finding) { textOr(to, f.Signature) }},
		{is("signature_id", Text, "UUID of the problem's Sigma rule"), func(to cells, f *Finding) { textOr(to, f.ID) }},
		{is("title", Text, "what the problem is called, in the language that was asked for (--lang)"),
			func(to cells, f *Finding) { textOr(to, f.Title) }},
		{is("severity", Text, "critical, high, medium, low or informational"), func(to cells, f *Finding) { textOr(to, f.Severity) }},
		{is("ongoing", Boolean, "whether nothing in the logs tells that it is over on this computer"),
			func(to cells, f *Finding) { to.boolean(f.Ongoing) }},
		{is("likely", Boolean, "whether the texts of all its events were cut off, so that it is likely, not sure"),
			func(to cells, f *Finding) { to.boolean(f.Likely) }},
		{is("count", Integer, "events of the problem on this computer; null if a bundle does not say how many of its computers had which"),
			func(to cells, f *Finding) {
				if f.Count < 0 {
					to.null()
				} else {
					to.integer(int64(f.Count))
				}
			}},
		{is("first", Time, "time of the first of them"), func(to cells, f *Finding) { to.time(f.First) }},
		{is("last", Time, "time of the last of them"), func(to cells, f *Finding) { to.time(f.Last) }},
		{is("state", Text, "how the gateway on the computer was when its logs ended: connected, limited, offline or unknown; "+
			"null if the computer has none"), func(to cells, f *Finding) { textOr(to, f.State) }},
		{is("version", Text, "version of the gateway or integration runtime there, as its log names it last"),
			func(to cells, f *Finding) { textOr(to, f.Version) }},
		{is("cause", Text, "why it happens"), func(to cells, f *Finding) { textOr(to, f.Cause) }},
		{is("resolution", Texts, "what to do, step by step"), func(to cells, f *Finding) { texts(to, f.Resolution) }},
		{is("reasons", Texts, "names of the problems inside, where this one only wraps them"),
			func(to cells, f *Finding) { texts(to, f.Reasons) }},
		{is("reference_urls", Texts, "addresses of pages about it"), func(to cells, f *Finding) { texts(to, f.References) }},
		{is("captures", Pairs, "what was pulled out of its events, on all computers: endpoint, host, path, …; a name may come more than once"),
			func(to cells, f *Finding) {
				to.list()
				for _, p := range f.Captures {
					to.textPair(p.Name, p.Value)
				}
				to.end()
			}},
		{is("event_time", Time, "time of the event that is shown for the problem: the last one of this computer that is known"),
			of((*Evidence).time)},
		{is("event_id", Integer, "its EventID"), of((*Evidence).eventID)},
		{is("record_id", Integer, "its EventRecordID"), of((*Evidence).recordID)},
		{is("channel", Text, "its channel"), of(func(e *Evidence, to cells) { textOr(to, e.Channel) })},
		{is("level", Text, "its level: critical, error, warning, information, verbose"),
			of(func(e *Evidence, to cells) { textOr(to, e.Level) })},
		{is("message", Text, "what it says"), of(func(e *Evidence, to cells) { textOr(to, e.Message) })},
		{is("code", Text, "the error code in it, if there is one"), of(func(e *Evidence, to cells) { textOr(to, e.Code) })},
		{is("innermost", Text, "the innermost of the messages that are wrapped in it"),
			of(func(e *Evidence, to cells) { textOr(to, e.Innermost) })},
		{is("source", Text, "log that it was read from: its path below what was typed"),
			of(func(e *Evidence, to cells) { textOr(to, e.Source) })},
		{is("bundle", Text, "report ID of the support bundle that all logs are from; null if they are not from one"),
			func(to cells, f *Finding) { textOr(to, f.Bundle) }},
		{is("window_from", Time, "begin of the time that was looked at"), func(to cells, f *Finding) { to.time(f.From) }},
		{is("window_to", Time, "its end"), func(to cells, f *Finding) { to.time(f.To) }},
		{is("tool", Text, "version of gwlogs that found it: of findings that a bundle carries, the one that made the bundle"),
			func(to cells, f *Finding) { textOr(to, f.Tool) }},
	}}
}

// of is a column of the event that is shown.
func of(put func(e *Evidence, to cells)) func(to cells, f *Finding) {
	return func(to cells, f *Finding) {
		if f.Evidence == nil {
			to.null()
		} else {
			put(f.Evidence, to)
		}
	}
}

func (e *Evidence) time(to cells)     { to.time(e.Time) }
func (e *Evidence) eventID(to cells)  { to.integer(e.EventID) }
func (e *Evidence) recordID(to cells) { to.integer(e.RecordID) }
