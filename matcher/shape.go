package matcher

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// A Group is errors that say the same but for names and numbers.
type Group struct {
	Channel     string
	Provider    string
	EventID     uint16
	Level       uint8
	Count       int
	First, Last time.Time
	Example     string // the innermost message of the first of them, on one line
	RecordID    uint64 // of it
	Source      string // of it
}

// groups counts errors by shape. Beyond maxGroups different ones the rest is
// counted together.
type groups struct {
	byShape map[groupKey]*Group
	shaper  *shaper
	inner   unwrapper
	rest    Group
}

type groupKey struct {
	channel, provider string
	id                uint16
	shape             string
}

const (
	maxGroups = 1000
	maxShape  = 200 // bytes of a message that tell it from others
)

func newGroups() *groups {
	return &groups{byShape: make(map[groupKey]*Group), shaper: newShaper()}
}

// add counts an error whose text is message.
func (g *groups) add(rec *evtx.Record, message []byte) {
	line := g.inner.innermost(clip(message, maxMessage))
	key := groupKey{rec.Channel(), rec.Provider(), rec.EventID(), g.shaper.shape(line)}
	g.count(key, Group{
		Channel: key.channel, Provider: key.provider, EventID: key.id, Level: rec.Level(), Count: 1,
		First: rec.TimeCreated(), Last: rec.TimeCreated(), Example: clip([]byte(line), 4*maxShape), RecordID: rec.EventRecordID(),
	})
}

func (g *groups) count(key groupKey, add Group) {
	have := g.byShape[key]
	switch {
	case have == nil && len(g.byShape) < maxGroups:
		g.byShape[key] = &add
	case have == nil:
		g.rest.join(add)
	default:
		have.join(add)
	}
}

func (g *Group) join(add Group) {
	if g.Count == 0 || add.First.Before(g.First) {
		g.First = add.First
	}
	if add.Last.After(g.Last) {
		g.Last = add.Last
	}
	g.Count += add.Count
}

// merge takes the groups of a worker and empties it.
func (g *groups) merge(from *groups, source string) {
	for key, add := range from.byShape {
		add.Source = source
		g.count(key, *add)
	}
	if from.rest.Count > 0 {
		g.rest.join(from.rest)
	}
	clear(from.byShape)
	from.rest = Group{}
}

// sorted returns the groups, the most frequent first.
func (g *groups) sorted() []Group {
	var all []Group
	for _, group := range g.byShape {
		all = append(all, *group)
	}
	slices.SortFunc(all, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), a.First.Compare(b.First),
			cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.EventID, b.EventID), cmp.Compare(a.Example, b.Example))
	})
	if g.rest.Count > 0 {
		all = append(all, g.rest)
	}
	return all
}

// A shaper replaces what varies between messages of one kind.
type shaper struct{ steps []shapeStep }

type shapeStep struct {
	re *regexp.Regexp
	to string
}

func newShaper() *shaper {
	step := func(expr, to string) shapeStep { return shapeStep{regexp.MustCompile(expr), to} }
	return &shaper{[]shapeStep{
		step(`(?i)\b(?:https?|net\.tcp|ftp|sftp|ldap)://[^\s'",;]+`, "<url>"),
		step(`(?i)\{?\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b\}?`, "<id>"),
		step(`"[^"]*"|'[^']*'|«[^»]*»`, "'…'"),
		step(`(?:[A-Za-z]:|\\)\\[^\s,;:]+`, "<path>"),
		step(`\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b|\[[0-9a-fA-F:]+\](?::\d+)?`, "<address>"),
		step(`\b[A-Za-z0-9+/_-]{32,}={0,2}`, "<data>"),
		step(`\b0x[0-9a-fA-F]+\b`, "<n>"),
		step(`\d+(?:[.,:/-]\d+)*`, "<n>"),
	}}
}

// shape returns what a message has in common with others of its kind.
func (s *shaper) shape(line string) string {
	line = clip([]byte(line), 4*maxShape)
	for _, step := range s.steps {
		line = step.re.ReplaceAllString(line, step.to)
	}
	return strings.ToLower(clip([]byte(line), maxShape))
}
