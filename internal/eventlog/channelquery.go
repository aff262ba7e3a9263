package eventlog

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// maxExpressions is how many comparisons Windows takes in one XPath query.
const maxExpressions = 20

// query is an XPath query in the making. It wants all events that a selection
// wants, and perhaps more: what XPath cannot say the way we mean it (names in
// any case, texts) is left to the reader, which looks at every event again.
type query struct {
	times, others []string
	left          int // comparisons that are still allowed
}

// newQuery says of the selection what XPath can say exactly. The providers of
// only, unlike the selection's, are known to the letter.
func newQuery(want *evtx.Selection, only []evtx.Selection) query {
	q := query{left: maxExpressions}
	q.addTimes(want.Since, want.Until)
	q.addOnly(only)
	q.addLevels(want.Levels)
	q.addIDs(want.IDs)
	return q
}

func (q *query) everything() bool { return len(q.times)+len(q.others) == 0 }
func (q *query) onlyTimes() bool  { return len(q.others) == 0 }

// String is the query as EvtExportLog takes it.
func (q *query) String() string {
	if q.everything() {
		return "*"
	}
	return "*[System[" + strings.Join(append(q.times[:len(q.times):len(q.times)], q.others...), " and ") + "]]"
}

// add adds a condition, unless it is too long.
func (q *query) add(comparisons int, condition string) {
	if comparisons > q.left {
		return
	}
	q.left -= comparisons
	q.others = append(q.others, condition)
}

// addAfter wants the events behind a number alone.
func (q *query) addAfter(id uint64) {
	if id > 0 {
		q.add(1, fmt.Sprintf("EventRecordID>%d", id))
	}
}

// addTimes rounds to milliseconds, as Event Viewer writes times: outwards.
func (q *query) addTimes(since, until time.Time) {
	const form = "2006-01-02T15:04:05.000Z"
	var parts []string
	if !since.IsZero() {
		parts = append(parts, "@SystemTime>='"+since.UTC().Truncate(time.Millisecond).Format(form)+"'")
	}
	if !until.IsZero() {
		up := until.UTC().Add(time.Millisecond - 1).Truncate(time.Millisecond)
		parts = append(parts, "@SystemTime<='"+up.Format(form)+"'")
	}
	if len(parts) > 0 {
		q.left -= len(parts)
		q.times = []string{"TimeCreated[" + strings.Join(parts, " and ") + "]"}
	}
}

// addLevels: 0 counts as 4, as in evtx.Selection.
func (q *query) addLevels(levels []evtx.Level) {
	levels = slices.Clone(levels)
	if slices.Contains(levels, 4) {
		levels = append(levels, 0)
	}
	slices.Sort(levels)
	var parts []string
	for _, level := range slices.Compact(levels) {
		parts = append(parts, fmt.Sprintf("Level=%d", level))
	}
	q.addAny(len(parts), parts)
}

func (q *query) addIDs(ids []evtx.IDRange) {
	parts, comparisons := idParts(ids)
	q.addAny(comparisons, parts)
}

func idParts(ids []evtx.IDRange) (parts []string, comparisons int) {
	for _, r := range ids {
		if r.From == r.To {
			parts = append(parts, fmt.Sprintf("EventID=%d", r.From))
			comparisons++
			continue
		}
		parts = append(parts, fmt.Sprintf("(EventID>=%d and EventID<=%d)", r.From, r.To))
		comparisons += 2
	}
	return parts, comparisons
}

// addOnly takes the providers and identifiers of the alternatives; one without a provider, or with a name that has no room in a
// query, makes it all events.
func (q *query) addOnly(only []evtx.Selection) {
	var all []string
	comparisons := 0
	for i := range only {
		var names []string
		for _, name := range only[i].Providers {
			if strings.ContainsAny(name, `'"`) {
				return
			}
			names = append(names, "@Name='"+name+"'")
		}
		if len(names) == 0 {
			return
		}
		text := "Provider[" + strings.Join(names, " or ") + "]"
		comparisons += len(names)
		if ids, n := idParts(only[i].IDs); n > 0 {
			text = "(" + text + " and (" + strings.Join(ids, " or ") + "))"
			comparisons += n
		}
		all = append(all, text)
	}
	q.addAny(comparisons, all)
}

func (q *query) addAny(comparisons int, parts []string) {
	switch len(parts) {
	case 0:
	case 1:
		q.add(comparisons, strings.TrimSuffix(strings.TrimPrefix(parts[0], "("), ")"))
	default:
		q.add(comparisons, "("+strings.Join(parts, " or ")+")")
	}
}
