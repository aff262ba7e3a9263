package report

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/matcher"
)

// EventGroups gathers the errors and warnings of logs by what they say, for
// the page. Its memory is bounded: a log with 200,000 errors has some dozen
// kinds of them.
type EventGroups struct {
	groups map[eventKey]*PageGroup
	more   int // events of groups beyond the bound
}

type eventKey struct {
	channel, provider string
	id                uint16
	level             uint8
	shape             string
}

const (
	maxEventGroups = 500
	maxGroupText   = 8 << 10  // bytes of the example's text
	maxGroupXML    = 32 << 10 // bytes of the example
)

// NewEventGroups returns empty groups.
func NewEventGroups() *EventGroups {
	return &EventGroups{groups: make(map[eventKey]*PageGroup)}
}

// A GroupWorker gathers for EventGroups. It belongs to one goroutine at a time.
type GroupWorker struct {
	shaper  matcher.Shaper
	own     *EventGroups
	message []byte
}

// NewGroupWorker returns a worker.
func NewGroupWorker() *GroupWorker { return &GroupWorker{own: NewEventGroups()} }

// Visit takes a record and the signature that it matches, if there is one. It
// reports whether the worker wants to be emptied by Take before the next.
func (w *GroupWorker) Visit(rec *evtx.Record, known *matcher.Signature, lang string) (full bool) {
	level := rec.Level()
	if level < levelCritical || level > levelWarning {
		return false
	}
	w.message = rec.AppendMessage(w.message[:0])
	line, shape := w.shaper.Shape(w.message)
	key := eventKey{rec.Channel(), rec.Provider(), rec.EventID(), level, shape}
	at := rec.TimeCreated()
	if have := w.own.groups[key]; have != nil {
		have.Count++
		if at.Before(have.First) {
			have.First = at
		}
		if at.After(have.Last) {
			have.Last = at
		}
		return false
	}
	g := &PageGroup{Message: cut(w.message, maxGroupText), Group: matcher.Group{
		Channel: key.channel, Provider: key.provider, EventID: key.id, Level: level, Count: 1, First: at, Last: at,
		Example: line, RecordID: rec.EventRecordID(),
	}}
	if xml, err := rec.AppendXML(nil); err == nil {
		g.XML = cut(xml, maxGroupXML)
	}
	if known != nil {
		g.Problem = known.In(lang).Title
	}
	w.own.groups[key] = g
	return len(w.own.groups) >= maxEventGroups
}

const (
	levelCritical = 1
	levelWarning  = 3
)

// cut cuts text to n bytes, not within a character, and shows it.
func cut(text []byte, n int) string {
	if len(text) <= n {
		return string(text)
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return string(text[:n]) + " …"
}

// Take takes what the worker has gathered from the source, in the order of the
// log, and empties it.
func (g *EventGroups) Take(w *GroupWorker, source string) {
	keys := make([]eventKey, 0, len(w.own.groups))
	for key := range w.own.groups {
		keys = append(keys, key)
	}
	// The order decides which groups find room.
	slices.SortFunc(keys, func(a, b eventKey) int {
		x, y := w.own.groups[a], w.own.groups[b]
		return cmp.Or(cmp.Compare(x.RecordID, y.RecordID), compareKeys(a, b))
	})
	for _, key := range keys {
		add := w.own.groups[key]
		add.Source = source
		have := g.groups[key]
		switch {
		case have == nil && len(g.groups) < maxEventGroups:
			g.groups[key] = add
		case have == nil:
			g.more += add.Count
		default:
			have.Count += add.Count
			if add.First.Before(have.First) {
				have.First = add.First
			}
			if add.Last.After(have.Last) {
				have.Last = add.Last
			}
		}
	}
	clear(w.own.groups)
}

func compareKeys(a, b eventKey) int {
	return cmp.Or(cmp.Compare(a.channel, b.channel), cmp.Compare(a.provider, b.provider), cmp.Compare(a.id, b.id),
		cmp.Compare(a.level, b.level), cmp.Compare(a.shape, b.shape))
}

// Groups returns the groups, errors before warnings and the most frequent
// first, and the number of events that found no room in one.
func (g *EventGroups) Groups() (groups []PageGroup, more int) {
	for _, group := range g.groups {
		groups = append(groups, *group)
	}
	severity := func(p *PageGroup) int { return max(int(p.Level), 2) } // critical events are errors
	slices.SortFunc(groups, func(a, b PageGroup) int {
		return cmp.Or(cmp.Compare(severity(&a), severity(&b)), cmp.Compare(b.Count, a.Count), a.First.Compare(b.First),
			cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.EventID, b.EventID), cmp.Compare(a.Example, b.Example), cmp.Compare(a.RecordID, b.RecordID))
	})
	return groups, g.more
}
