package matcher

import (
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/words"
)

const (
	maxOccurrences    = 20000   // of all groups
	maxOccurrenceText = 4 << 20 // bytes of their texts
	maxOccurrence     = 1 << 10 // bytes of one
	maxOfKind         = 2000    // of one group, until all together are too many
)

// occurrences keeps the last events of each group. When all together are too
// many, each group keeps half as many as before: the groups that say most
// give up most, and a group of few events stays whole. It is the same however
// many workers there are, as they are taken in the order of the log.
type occurrences struct {
	ofKind int // how many a group keeps
	kept   int
	bytes  int
}

// occurred is an event that a worker has seen.
type occurred struct {
	kind *kind
	Occurrence
}

// occurs notes an event of a group.
func (w *Worker) occurs(rec *evtx.Record, k *kind) {
	w.value = rec.AppendMessage(w.value[:0])
	text := string(words.Clip(w.value, maxOccurrence))
	w.groups.occurred = append(w.groups.occurred, occurred{k, Occurrence{
		Computer: rec.Computer(), RecordID: rec.EventRecordID(), Time: timeOf(rec), Text: strings.Join(strings.Fields(text), " "),
	}})
}

// occur takes what a worker has noted in a log, and empties it.
func (g *groups) occur(from *groups, source string) {
	for i := range from.occurred {
		o := &from.occurred[i]
		o.Source = source
		if k := g.kinds[o.kind.key]; k != nil {
			g.keep(k, &o.Occurrence)
		}
	}
	clear(from.occurred)
	from.occurred = from.occurred[:0]
}

// keep keeps an event, and lets go of one before it where there are enough.
func (g *groups) keep(k *kind, o *Occurrence) {
	if g.ofKind == 0 {
		g.ofKind = maxOfKind
	}
	if n := len(k.Occurrences); n > 0 && k.Occurrences[n-1].Text == o.Text {
		o.Text = k.Occurrences[n-1].Text // one copy of what is said again and again
	} else {
		g.bytes += len(o.Text)
	}
	k.Occurrences = append(k.Occurrences, *o)
	g.kept++
	g.forget(k, g.ofKind)
	for (g.kept > maxOccurrences || g.bytes > maxOccurrenceText) && g.ofKind > 1 {
		g.ofKind /= 2
		for _, k := range g.kinds {
			g.forget(k, g.ofKind)
		}
	}
}

// forget lets go of all but the last n events of a group.
func (g *groups) forget(k *kind, n int) {
	extra := len(k.Occurrences) - n
	if extra <= 0 {
		return
	}
	for i := range extra {
		if i+1 == len(k.Occurrences) || k.Occurrences[i].Text != k.Occurrences[i+1].Text {
			g.bytes -= len(k.Occurrences[i].Text)
		}
	}
	g.kept -= extra
	k.Occurrences = k.Occurrences[extra:]
}
