package view

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/where"
)

// What the index does not know, such as a text in an event, is looked for in the logs once, on all cores; what came of it is a bit for
// each event, which is kept for some conditions.

// A bitmap is a set of events.
type bitmap struct {
	bits []uint64
	n    int // events that it knows of
}

func newBitmap(n int) *bitmap { return &bitmap{bits: make([]uint64, (n+63)/64), n: n} }

func (b *bitmap) set(n int) { b.bits[n>>6] |= 1 << (n & 63) }

func (b *bitmap) has(n int) bool { return b != nil && n < b.n && b.bits[n>>6]>>(n&63)&1 != 0 }

// maxScans is how many conditions are kept.
const maxScans = 24

// scanKey tells a condition that has to be looked for from others: Exclude is no part of it.
func scanKey(c Condition) string {
	var b strings.Builder
	b.WriteString(c.Field)
	for _, v := range c.Values {
		fmt.Fprintf(&b, "\x00%d:%s", len(v), v)
	}
	return b.String()
}

// scans returns the sets of the conditions of a filter that have to be looked for.
func (e *Engine) scans(ctx context.Context, s *snapshot, f *Filter) (map[string]*bitmap, error) {
	all := make(map[string]*bitmap)
	var missing []Condition
	e.cache.Lock()
	for _, c := range f.Conditions {
		if fieldKind(c.Field) != kindScan {
			continue
		}
		key := scanKey(c)
		if _, ok := all[key]; ok {
			continue
		}
		if b := e.cache.scans.get(key); b != nil && b.n >= s.n {
			all[key] = b
			continue
		}
		all[key] = nil
		missing = append(missing, c)
	}
	e.cache.Unlock()
	if len(missing) == 0 {
		return all, nil
	}
	found, err := e.scan(ctx, s, missing)
	if err != nil {
		return nil, err
	}
	e.cache.Lock()
	defer e.cache.Unlock()
	for i, c := range missing {
		all[scanKey(c)] = found[i]
		e.cache.scans.put(scanKey(c), found[i])
	}
	return all, nil
}

// scanned is what one goroutine has found of each condition.
type scanned struct {
	holds  []func(*evtx.Record) bool
	places [][]evtx.Place
}

// scan looks for conditions in all logs.
func (e *Engine) scan(ctx context.Context, s *snapshot, conditions []Condition) ([]*bitmap, error) {
	found := make([]*bitmap, len(conditions))
	make1 := make([]func() func(*evtx.Record) bool, len(conditions))
	pass := e.pass(s)
	for i, c := range conditions {
		found[i] = newBitmap(s.n)
		one, narrow, err := recordTest(c)
		if err != nil {
			return nil, err
		}
		make1[i] = one
		if len(conditions) == 1 && narrow != nil {
			own := evtx.Selection{}
			if pass.Select != nil {
				own = *pass.Select
			}
			own.Any = narrow
			pass.Select = &own
		}
	}
	logs := make(map[*eventlog.Log]uint32, len(s.logs))
	for i, l := range s.logs {
		logs[l.log] = uint32(i)
	}
	_, err := eventlog.Run(ctx, pass, eventlog.Consumer[*scanned]{
		New: func() *scanned {
			b := &scanned{places: make([][]evtx.Place, len(conditions))}
			for _, one := range make1 {
				b.holds = append(b.holds, one())
			}
			return b
		},
		Visit: func(b *scanned, rec *evtx.Record) (bool, error) {
			for i, holds := range b.holds {
				if holds(rec) {
					b.places[i] = append(b.places[i], rec.Place())
				}
			}
			return false, nil
		},
		Flush: func(b *scanned, in *eventlog.Reading) error {
			for i, places := range b.places {
				for _, p := range places {
					if n := s.find(logs[in.Log], p); n >= 0 {
						found[i].set(n)
					}
				}
				b.places[i] = places[:0]
			}
			e.pause()
			return nil
		},
	})
	return found, err
}

// recordTest is what decides on a record, one for each goroutine. narrow, if there is one, are selections one of which wants each
// record for which it holds: they are decided on the raw values.
func recordTest(c Condition) (one func() func(*evtx.Record) bool, narrow []evtx.Selection, err error) {
	if name, ok := dataName(c.Field); ok {
		return dataTest(name, c.Values)
	}
	switch c.Field {
	case "text":
		for _, v := range c.Values {
			narrow = append(narrow, evtx.Selection{Contains: []string{v}})
		}
		selection := evtx.Selection{Any: narrow}
		return func() func(*evtx.Record) bool { return selection.Filter().Match }, narrow, nil
	case "activity":
		return activityTest(c.Values)
	case "where":
		var all []*where.Expr
		for _, v := range c.Values {
			x, err := where.Parse(v)
			if err != nil {
				return nil, nil, whereError(err)
			}
			all = append(all, x)
		}
		return func() func(*evtx.Record) bool {
			var filters []*where.Filter
			for _, x := range all {
				filters = append(filters, x.Filter())
			}
			return func(rec *evtx.Record) bool {
				for _, f := range filters {
					if f.Match(rec) {
						return true
					}
				}
				return false
			}
		}, nil, nil
	}
	return nil, nil, &Error{Message: fmt.Sprintf("no field is called %q", c.Field)}
}

// activityTest holds for an event that is of one of the activities, is related to one, or tells of one in its text, as the gateway does.
func activityTest(ids []string) (one func() func(*evtx.Record) bool, narrow []evtx.Selection, err error) {
	var wanted []evtx.GUID
	var texts []evtx.Selection
	for _, id := range ids {
		g, err := evtx.ParseGUID(strings.TrimSpace(id))
		if err != nil {
			hint := "an activity ID is a GUID: 8 hexadecimal digits, three times 4, and 12, with a minus between them"
			return nil, nil, &Error{Message: fmt.Sprintf("activity: %q is none", id), Hint: hint}
		}
		wanted = append(wanted, g)
		texts = append(texts, evtx.Selection{Contains: []string{strings.Trim(g.String(), "{}")}})
	}
	told := evtx.Selection{Any: texts}
	return func() func(*evtx.Record) bool {
		tells := told.Filter().Match
		return func(rec *evtx.Record) bool {
			return slices.Contains(wanted, rec.ActivityID()) || slices.Contains(wanted, rec.RelatedActivityID()) || tells(rec)
		}
	}, nil, nil
}

// dataTest holds for an event that has a value of that name, in any case, that is one of the texts, in any case. A text that is empty
// stands for an event without such a value.
func dataTest(name string, texts []string) (one func() func(*evtx.Record) bool, narrow []evtx.Selection, err error) {
	wanted := lowered(texts)
	for _, v := range texts {
		if v = strings.TrimSpace(v); v == "" || strings.ContainsAny(v, "\r\n\x00") {
			narrow = nil
			break
		}
		narrow = append(narrow, evtx.Selection{Contains: []string{v}})
	}
	return func() func(*evtx.Record) bool {
		var text []byte
		return func(rec *evtx.Record) bool {
			some := false
			for n, v := range rec.All() {
				if !strings.EqualFold(n, name) {
					continue
				}
				text = v.AppendText(text[:0])
				some = some || len(text) > 0
				if wanted[strings.ToLower(string(text))] {
					return true
				}
			}
			return !some && wanted[""]
		}
	}, narrow, nil
}

func whereError(err error) error {
	e := &Error{Message: "where: " + err.Error(), Hint: "gwlogs help where shows how expressions are written: EventID in (401, 403) and not Data contains 'x'"}
	var place *where.Error
	if asError(err, &place) {
		e.At = place.Column
	}
	return e
}
