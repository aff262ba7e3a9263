package matcher

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/sigma"
)

// A Worker looks at records for an Analyzer. It belongs to one goroutine at a
// time; what it has found stays with it until Take.
//
// Most records of a log cost it a look-up: no rule wants their channel. Those
// that one may want have their values turned into UTF-8 and given to the rules,
// normalised to those that were written for gwlogs, as they are to others; only those that match, and errors that do not, get an Evidence
// and with it memory of their own.
type Worker struct {
	c       *Catalogue
	matcher *sigma.Matcher
	memo    *memo
	told    *told // of the current record; nil if nobody has asked for it
	loaded  bool  // data are those of the current record
	looked  int   // records that rules were tried on, up to patience
	inner   unwrapper
	uses    systemFields

	normalizes bool // some rule looks at dataField so

	data  []evtx.Data
	raw   []byte // the record's values, one a line; behind them those of System
	text  []byte // normalised texts
	spans []span // where the texts for the rules are
	read  bool   // all of these are there, of the current record
	size  int    // bytes of the values in raw
	value []byte

	found  []event
	signs  *signs
	groups *groups
	clock  *clock // nil without Options.Detail
	ids    []ReportID

	grouped []grouped // for Options.Grouped

	now time.Time // what an event without a time is of; zero if that is not known

	versions    []captured
	versionExpr string // found versions in this record; empty for none
	channel     string // of the first record
	gateway     bool   // some record was of a gateway
	origin      origin // of the last record
}

// An event is a record that matched.
type event struct {
	evidence   Evidence
	signatures []int // superseded ones are out already
	captures   []captured
	blocked    []captured // endpoints, also of signatures that another one supersedes
	hits       []sigma.Hit
	within     int  // signature that says why, where one of the others only wraps it; or noSignature
	likely     bool // the text was cut off, and what is left decides for the signature

	log   int // of its source, in the order of EndLog
	place evtx.Place

	open []int // signatures that a sequence may supersede
}

// A span is a text that the rules get: normalised a part of Worker.text, else
// of Worker.raw.
type span struct {
	field    string
	form     sigma.Form
	from, to int
}

// captured is one value that a signature's capture yielded.
type captured struct {
	signature, capture int
	value              string
	address            string
	port               int
}

// maxFound is how many matches a Worker gathers before it is full.
const maxFound = 1000

// systemFields says which fields beside those of Begin the rules look at.
type systemFields []systemField

type systemField struct {
	name      string
	field     evtx.Field
	form      sigma.Form
	sequences bool // only these look at it
}

// systemFieldsOf are all that rules may look at.
func systemFieldsOf() systemFields {
	return systemFields{
		{name: "Level", field: evtx.FieldLevel}, {name: "Computer", field: evtx.FieldComputer}, {name: "Task", field: evtx.FieldTask},
		{name: "Opcode", field: evtx.FieldOpcode}, {name: "Keywords", field: evtx.FieldKeywords}, {name: "Version", field: evtx.FieldVersion},
		{name: "EventRecordID", field: evtx.FieldEventRecordID}, {name: "TimeCreated", field: evtx.FieldTimeCreated},
		{name: "ProcessId", field: evtx.FieldProcessID}, {name: "ThreadId", field: evtx.FieldThreadID},
		{name: "Provider_Guid", field: evtx.FieldProviderGUID}, {name: "UserID", field: evtx.FieldUserID},
	}
}

func newSystemFields(set *sigma.Set) systemFields {
	var used systemFields
	for _, f := range systemFieldsOf() {
		for _, form := range []sigma.Form{sigma.AsIs, sigma.Normalized} {
			if set.Uses(f.name, form) {
				f.form, f.sequences = form, set.Groups(f.name, form)
				used = append(used, f)
			}
		}
	}
	return used
}

// dataField is, for rules written for gwlogs, the field of an event's text: all
// of its values, whatever their names, joined as well as each alone, and the
// messages inside. For other rules it is each value without a name.
const dataField = "Data"

// Again looks at a record that counts already, as it is in another log too: it only says what log this is.
func (w *Worker) Again(rec *evtx.Record) {
	channel := rec.Channel()
	if w.channel == "" {
		w.channel = channel
	}
	w.origin.set(w.c.channels, channel, rec.Provider())
	w.gateway = w.gateway || w.origin.gateway
}

// Visit looks at a record. If full, the Worker wants to be emptied by Take
// before the next.
func (w *Worker) Visit(rec *evtx.Record) (full bool) {
	w.Again(rec)
	w.loaded, w.told = false, nil
	if w.origin.gateway {
		w.signs.see(rec.Computer())
	}
	id := rec.EventID()
	if id == ReportIDEvent {
		w.reportID(rec)
	}
	matched := noSignature
	if w.matcher.Begin(w.origin.canonical, rec.Provider(), id) {
		matched = w.match(rec, w.rules(rec, id))
	}
	level := rec.Level()
	if w.clock != nil {
		w.clock.add(level, rec.TimeCreated())
	}
	if matched == noSignature && isError(level) || w.clock != nil && (isError(level) || level == evtx.LevelWarning) {
		w.group(rec, matched)
	}
	return len(w.found)+len(w.ids) >= maxFound || w.groups.full() || w.signs.full() || w.clock != nil && w.clock.full()
}

// reportID notes a report ID, if the record names one.
func (w *Worker) reportID(rec *evtx.Record) {
	w.text = rec.AppendMessage(w.text[:0])
	if id := w.c.reportIDs.FindIn(rec, string(w.text)); id != "" {
		w.ids = append(w.ids, ReportID{
			ID: id, Time: timeOf(rec), Computer: rec.Computer(), Channel: rec.Channel(), RecordID: rec.EventRecordID(),
		})
	}
}

// rules returns the rules that match the record. Of an event that is known but
// for the numbers in it they are remembered, and its texts are not even made.
func (w *Worker) rules(rec *evtx.Record, id uint16) []*sigma.Rule {
	w.load(rec)
	w.raw, w.text, w.spans, w.read = w.raw[:0], w.text[:0], w.spans[:0], false
	skeletons := w.skeletons()
	if skeletons == nil {
		return w.tryRules(rec)
	}
	place, known := w.memo.find(skeletons, w.origin.canonical, w.origin.provider, id, w.data)
	switch {
	case known && !place.more:
		return place.rules
	case place != nil && !known:
		rules := w.tryRules(rec)
		place.rules, place.more = append(place.rules[:0], rules...), !w.matcher.ByTexts()
		return rules
	}
	t := w.tell(rec)
	if !t.matched {
		t.rules, t.matched = append(t.rules[:0], w.tryRules(rec)...), true
	}
	return t.rules
}

// patience is how many records a worker looks at before it learns what texts
// have to do with numbers: that takes as long as some hundred of them.
const patience = 1000

// skeletons returns what makes skeletons; nil where there are none, or not yet.
func (w *Worker) skeletons() *skeletons {
	if w.looked < patience {
		w.looked++
		return nil
	}
	return w.c.skeletons()
}

func (w *Worker) load(rec *evtx.Record) {
	if !w.loaded {
		w.data, w.loaded = rec.AppendData(w.data[:0]), true
	}
}

// tell returns what is known of a record with the values of this one.
func (w *Worker) tell(rec *evtx.Record) *told {
	if w.told == nil {
		w.load(rec)
		w.told = w.memo.tell(w.origin.canonical, w.origin.provider, rec.EventID(), w.data)
	}
	return w.told
}

// tryRules gives the record's values to the rules.
func (w *Worker) tryRules(rec *evtx.Record) []*sigma.Rule {
	w.readValues(rec)
	w.give(w.spans)
	return w.matcher.Match()
}

// readValues makes the texts of the record's values, all before the first is
// given to the rules, as these refer to them where they lie.
func (w *Worker) readValues(rec *evtx.Record) {
	w.read = true
	for i, d := range w.data {
		if i > 0 {
			w.raw = append(w.raw, '\n')
		}
		from := len(w.raw)
		w.raw = d.Value.AppendText(w.raw)
		name := cmp.Or(d.Name, dataField)
		if w.c.set.Uses(name, sigma.AsIs) {
			w.spans = append(w.spans, span{name, sigma.AsIs, from, len(w.raw)})
		}
		if name != dataField && w.c.set.Uses(name, sigma.Normalized) {
			w.add(name, w.raw[from:])
		}
		if w.normalizes {
			w.add(dataField, w.raw[from:])
		}
	}
	w.size = len(w.raw)
	if w.normalizes {
		w.addWhole()
	}
	w.addSystem(rec, false)
}

// texts makes the texts of a record whose rules were remembered, for what
// looks into them.
func (w *Worker) texts(rec *evtx.Record) {
	if !w.read {
		w.raw, w.text, w.spans = w.raw[:0], w.text[:0], w.spans[:0]
		w.readValues(rec)
	}
}

// addWhole adds the record's values together, and the messages inside.
func (w *Worker) addWhole() {
	if len(w.data) > 1 {
		w.add(dataField, w.raw)
	}
	if bytes.IndexByte(w.raw, '\\') >= 0 || bytes.IndexByte(w.raw, '&') >= 0 {
		// Escaped texts: what stands inside is not found in the whole.
		w.inner.each(w.raw, func(message []byte) { w.add(dataField, message) })
	}
}

// give gives texts to the rules.
func (w *Worker) give(spans []span) {
	for _, s := range spans {
		if s.form == sigma.Normalized {
			w.matcher.AddNormalized(s.field, w.text[s.from:s.to])
		} else {
			w.matcher.Add(s.field, w.raw[s.from:s.to])
		}
	}
}

// giveSequences gives the rules what sequences look at, if one looks at an
// event that these match.
func (w *Worker) giveSequences(rec *evtx.Record, rules []*sigma.Rule) {
	if slices.ContainsFunc(rules, w.c.set.Serves) {
		first := len(w.spans)
		w.addSystem(rec, true)
		w.give(w.spans[first:])
	}
}

// addSystem adds the fields of System: those that the rules look at, or those
// that only sequences do, and only of events that match.
func (w *Worker) addSystem(rec *evtx.Record, sequences bool) {
	for _, f := range w.uses {
		if f.sequences != sequences {
			continue
		}
		from := len(w.raw)
		w.raw = rec.Value(f.field).AppendText(w.raw)
		if f.form == sigma.Normalized {
			w.add(f.name, w.raw[from:])
		} else {
			w.spans = append(w.spans, span{f.name, sigma.AsIs, from, len(w.raw)})
		}
	}
}

// add normalises a text for the rules written for gwlogs.
func (w *Worker) add(field string, text []byte) {
	from := len(w.text)
	w.text = appendNormal(w.text, text)
	w.spans = append(w.spans, span{field, sigma.Normalized, from, len(w.text)})
}

// match notes what the rules have found in the record, and returns the most
// particular signature of it, or noSignature. What sequences find is not known yet.
func (w *Worker) match(rec *evtx.Record, rules []*sigma.Rule) int {
	e := event{place: rec.Place()}
	at := rec.TimeCreated()
	w.versionExpr = ""
	w.giveSequences(rec, rules)
	for _, rule := range rules {
		i := w.c.byRule[rule]
		if w.c.signatures[i].Version != "" && !w.version(rec, i) {
			continue
		}
		if w.c.noted[i] {
			w.sign(rec, i)
		}
		if w.c.reports(w.c.signatures[i]) {
			e.signatures = append(e.signatures, i)
			if w.c.blocks[i] { // captures of others are asked for of what is left of the signatures alone
				e.blocked = w.capture(rec, e.blocked, i, (*Capture).blocked)
			}
		}
		e.hits = w.matcher.Hits(e.hits, rule, at)
	}
	e.signatures, e.within = w.c.mostSpecific(e.signatures)
	if s := w.cutOff(rec, e.signatures); s != noSignature {
		e.signatures, e.within, e.likely = []int{s}, noSignature, true
	}
	for _, i := range e.signatures {
		e.captures = w.capture(rec, e.captures, i, nil)
	}
	if len(e.signatures) == 0 && len(e.hits) == 0 {
		return noSignature
	}
	if len(e.signatures) > 0 || w.c.shows(e.hits) {
		e.evidence = w.evidence(rec)
	}
	w.found = append(w.found, e)
	w.gateway = w.gateway || slices.ContainsFunc(e.signatures, func(i int) bool { return w.c.signatures[i].own })
	if len(e.signatures) == 0 {
		return noSignature
	}
	return e.signatures[0]
}

// cutOff returns the signature of a text that was cut off, if what is left of
// it decides for one that says more than those that were found.
func (w *Worker) cutOff(rec *evtx.Record, found []int) int {
	if !isError(rec.Level()) || len(found) > 1 || !w.origin.gateway {
		return noSignature
	}
	if len(found) == 1 && (w.c.signatures[found[0]].Rank == 0 || w.c.signatures[found[0]].Rank >= wrapRank) {
		return noSignature
	}
	known := &w.tell(rec).likely[len(found)]
	if !known.known {
		*known = likely{w.likely(rec, len(found) == 0), true}
	}
	if known.signature == noSignature || len(found) == 1 && !w.c.outranks(known.signature, found[0]) {
		return noSignature
	}
	return known.signature
}

// likely returns the signature that the record's text most likely belonged to,
// see beginnings.find.
func (w *Worker) likely(rec *evtx.Record, nothing bool) int {
	if w.texts(rec); w.size > maxCutText {
		return noSignature
	}
	for _, s := range w.spans {
		if s.field == dataField && s.form == sigma.Normalized {
			return w.c.beginnings().find(w.c.signatures, w.text[s.from:s.to], nothing)
		}
	}
	return noSignature
}

// sign notes what the record tells of the gateway on its computer.
func (w *Worker) sign(rec *evtx.Record, signature int) {
	at := instantOf(rec)
	if at.time.IsZero() {
		return
	}
	tells := &w.c.signatures[signature].Tells
	computer := rec.Computer()
	thing := ""
	if tells.Same != nil {
		w.value = rec.AppendMessage(w.value[:0])
		if thing = tells.thing(words.Clip(w.value, maxExample)); thing == "" {
			return // nobody knows of what it speaks
		}
	}
	w.signs.note(place{computer, signature, thing}, at)
	if tells.State != "" {
		w.signs.tell(computer, tells.State, at, func() Evidence {
			e := w.evidence(rec)
			e.Message = cut([]byte(e.Message), maxExample)
			return e
		})
	}
}

// capture appends the values that the captures of a signature find, those of which wanted holds, if it is there.
func (w *Worker) capture(rec *evtx.Record, dst []captured, signature int, wanted func(*Capture) bool) []captured {
	captures := w.c.signatures[signature].Captures
	if len(captures) == 0 {
		return dst
	}
	t := w.tell(rec)
	if !t.has(signature) {
		t.capturedOf = append(t.capturedOf, signature)
		for i := range captures {
			t.captures = w.captureAll(rec, t.captures, signature, i)
		}
	}
	for _, v := range t.captures {
		if v.signature == signature && (wanted == nil || wanted(&captures[v.capture])) {
			dst = append(dst, v)
		}
	}
	return dst
}

// captureAll appends the different values that one capture finds.
func (w *Worker) captureAll(rec *evtx.Record, dst []captured, signature, capture int) []captured {
	w.texts(rec)
	c := &w.c.signatures[signature].Captures[capture]
	for _, s := range w.spans {
		if s.field != dataField || s.form != sigma.Normalized {
			continue
		}
		text := w.text[s.from:s.to]
		for _, m := range c.Regexp.FindAllSubmatchIndex(text, maxCaptures) {
			v := c.take(text, m)
			v.signature, v.capture = signature, capture
			if v.value != "" && !slices.Contains(dst, v) {
				dst = append(dst, v)
			}
		}
	}
	return dst
}

// maxCaptures is how often a capture may match one text.
const maxCaptures = 16

// timeOf is when an event was, zero for one that has no time: the first of all FILETIMEs, as texts have it that name none.
func timeOf(rec *evtx.Record) time.Time {
	if at := rec.TimeCreated(); at.Year() > 1601 {
		return at
	}
	return time.Time{}
}

func (w *Worker) evidence(rec *evtx.Record) Evidence {
	message, cause := w.message(rec)
	return Evidence{
		Channel: rec.Channel(), Computer: rec.Computer(), RecordID: rec.EventRecordID(), EventID: rec.EventID(),
		Level: rec.Level(), Time: timeOf(rec), Message: message, Cause: cause,
	}
}

// message returns the record's text, clipped, and the innermost message in it.
func (w *Worker) message(rec *evtx.Record) (message, cause string) {
	w.value = rec.AppendMessage(w.value[:0])
	clipped := words.Clip(w.value, maxMessage)
	t := w.tell(rec)
	if len(clipped) == 0 || string(clipped) != t.message { // a text may be in another part of an event than its values
		t.message = string(clipped)
		t.cause = w.inner.innermost(t.message)
	}
	return t.message, t.cause
}

// group counts an error or a warning among those that say the same.
func (w *Worker) group(rec *evtx.Record, signature int) {
	var line string
	if signature == noSignature {
		_, line = w.message(rec)
	} else {
		line = w.found[len(w.found)-1].evidence.Cause
	}
	k, fresh := w.groups.see(rec, signature, line)
	if k != nil && w.clock != nil {
		w.occurs(rec, k)
	}
	if k != nil && w.groups.tells && signature == noSignature && isError(k.Level) {
		w.grouped = append(w.grouped, grouped{k.Key, rec.Place()})
	}
	if !fresh {
		return
	}
	w.value = rec.AppendMessage(w.value[:0])
	k.Example = Evidence{
		Channel: k.Channel, Computer: rec.Computer(), RecordID: rec.EventRecordID(), EventID: k.EventID,
		Level: k.Level, Time: timeOf(rec), Message: cut(w.value, maxExample), Cause: strings.Clone(words.Clip(line, 4*maxShape)),
	}
	if w.clock == nil {
		return
	}
	if xml, err := rec.AppendXML(nil); err == nil {
		k.XML = cut(xml, maxExampleXML)
	}
}

// cut cuts text to n bytes, and shows it.
func cut(text []byte, n int) string {
	if len(text) <= n {
		return string(text)
	}
	return string(words.Clip(text, n)) + " …"
}
