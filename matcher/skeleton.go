package matcher

import (
	"bytes"
	"encoding/binary"
	"iter"
	"slices"

	"github.com/gwlogs/gwlogs/evtx"
)

// A skeleton is what is left of an event's values without the numbers and
// GUIDs in them: "Heartbeat sent. CPU: #%." Two thirds of a gateway's events
// are some dozen sentences in which nothing else differs, and the rules say the
// same of all that have one skeleton.
//
// Why that is so: what the rules say depends on which of their texts are in an
// event (sigma.Set.Texts). A number is left out only if no text can stand where
// it is, not even with a part of it: each run of digits in a text is known with
// what stands beside it there, and a number that agrees with one stays. So each
// text is found in what two events of one skeleton share, or in neither. Texts
// are looked for in normalised values, in which a letter's neighbour may be
// another than in the value: hence a number stays, too, where something stands
// beside it that normalising may change or take away; white space becomes one
// space, or nothing at the ends, and counts as both.
type skeletons struct {
	left, right sideRuns    // of the runs that have something on their left, or on their right alone
	runs        hashSet     // the runs with what is beside them
	pairs       hashSet     // what is on both sides of runs
	bare        insideTexts // texts that are digits alone

	guids          bool        // GUIDs are left out
	inGUID         insideTexts // texts that may stand in a GUID, as hexCodes
	before, behind map[guidEnd][]guidPart
	class          [256]unitClass // of ASCII
	codes          [256]byte      // hexCodes
}

// A guidEnd is the first or last character of a GUID, as a hexCode, and the one beside it.
type guidEnd struct{ outside, inside byte }

// A guidPart is the end of a text that may be the beginning of a GUID, or the
// beginning of one that may be its end.
type guidPart struct {
	part string // hexCodes
	next byte   // the second character beside it in the text; 0 for none
}

type unitClass uint8

const (
	unitPlain unitClass = iota
	unitDigit           // decimal
	unitOther           // control characters, and what makes a text one with messages inside: no skeleton
)

// What stands for a thing in a skeleton; texts have none of these.
const (
	boneNumber = 0
	boneGUID   = 1
	boneWide   = 2 // then two bytes: a UTF-16 unit that is no ASCII
	boneValue  = 3 // then a type, a name and boneName: a value begins
	boneName   = 4
)

func newSkeletons(texts iter.Seq[string]) *skeletons {
	s := &skeletons{guids: true, left: make(sideRuns), right: make(sideRuns), before: make(map[guidEnd][]guidPart), behind: make(map[guidEnd][]guidPart)}
	for c := range s.class {
		s.codes[c] = hexCode(byte(c))
		switch {
		case '0' <= c && c <= '9':
			s.class[c] = unitDigit
		case c == '\\' || c == '&' || c >= 0x7f || c < ' ' && (c < '\t' || c > '\r'):
			s.class[c] = unitOther
		}
	}
	for text := range texts {
		s.learnRuns(text)
		s.learnGUIDs(text)
	}
	return s
}

// learnRuns notes the runs of digits in a text.
func (s *skeletons) learnRuns(text string) {
	for from := 0; from < len(text); from++ {
		if !isDecimal(text[from]) {
			continue
		}
		to := from
		for to < len(text) && isDecimal(text[to]) {
			to++
		}
		s.learnRun(text[:from], text[from:to], text[to:])
		from = to
	}
}

func (s *skeletons) learnRun(before, run, behind string) {
	if before == "" && behind == "" {
		s.bare.add(hexCodesOf(run))
		return
	}
	rights := keysOf(behind, 0, 1)
	if before == "" {
		for _, right := range rights {
			s.right.note(right, len(run), run[len(run)-1])
			s.runs.add(right.overBack(run).atStart())
		}
		return
	}
	for _, left := range keysOf(before, len(before)-1, -1) {
		s.left.note(left, len(run), run[0])
		for _, right := range rights {
			s.pairs.add(left.between(right))
		}
		left = left.over(run)
		if behind == "" {
			s.runs.add(left.atEnd())
		}
		for _, right := range rights {
			s.runs.add(left.between(right))
		}
	}
}

// keysOf are the keys under which a run of a text is known: by the two
// characters beside it, or the one that there is, and by one alone for a run
// whose second is not known. step is 1 for what stands behind the run.
func keysOf(text string, first, step int) []sideKey {
	if text == "" {
		return nil
	}
	key := newSide(text[first])
	if second := first + step; second >= 0 && second < len(text) {
		return []sideKey{key.unknown(), key.with(text[second])}
	}
	return []sideKey{key.unknown(), key}
}

// learnGUIDs notes what of a text may stand in a GUID, or in a part of one.
func (s *skeletons) learnGUIDs(text string) {
	first, last := 0, len(text)
	for first < len(text) && inGUIDs(text[first]) {
		first++
	}
	for last > 0 && inGUIDs(text[last-1]) {
		last--
	}
	longest := 0
	for n, i := 0, 0; i < len(text); i++ {
		if n++; !inGUIDs(text[i]) {
			n = 0
		}
		longest = max(longest, n)
	}
	if longest >= guidLen {
		s.guids = false // it may be all of one
	}
	if first == len(text) {
		s.inGUID.add(hexCodesOf(text))
		return
	}
	if first > 0 {
		p := guidPart{part: hexCodesOf(text[:first])}
		if first+1 < len(text) {
			p.next = text[first+1]
		}
		addPart(s.behind, guidEnd{text[first], p.part[first-1]}, p)
	}
	if last < len(text) {
		p := guidPart{part: hexCodesOf(text[last:])}
		if last > 1 {
			p.next = text[last-2]
		}
		addPart(s.before, guidEnd{text[last-1], p.part[0]}, p)
	}
}

func addPart(parts map[guidEnd][]guidPart, at guidEnd, p guidPart) {
	if !slices.Contains(parts[at], p) {
		parts[at] = append(parts[at], p)
	}
}

const guidLen = 36

func isDecimal(c byte) bool   { return '0' <= c && c <= '9' }
func isHexLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'f' }
func inGUIDs(c byte) bool     { return isDecimal(c) || isHexLetter(c) || c == '-' }

// add appends the skeleton of a value; ok is false if it has none.
func (s *skeletons) add(dst []byte, d *evtx.Data) (out []byte, ok bool) {
	dst = append(dst, boneValue, byte(d.Value.Type))
	dst = append(dst, d.Name...)
	dst = append(dst, boneName)
	switch d.Value.Type {
	case evtx.TypeString:
		return s.addText(dst, d.Value.Raw)
	case evtx.TypeInt8, evtx.TypeUint8, evtx.TypeInt16, evtx.TypeUint16, evtx.TypeInt32, evtx.TypeUint32, evtx.TypeInt64, evtx.TypeUint64,
		evtx.TypeBool, evtx.TypeGUID, evtx.TypeHexInt32, evtx.TypeHexInt64, evtx.TypeFileTime:
		return append(dst, d.Value.Raw...), true // their sizes are fixed
	}
	return dst, false
}

// addText appends the skeleton of UTF-16.
func (s *skeletons) addText(dst, raw []byte) (out []byte, ok bool) {
	if len(raw)%2 != 0 || len(raw) > maxSkeleton {
		return dst, false
	}
	for i := 0; i < len(raw); {
		if i+16 <= len(raw) {
			if x, ok := plain8(binary.LittleEndian.Uint64(raw[i:]), binary.LittleEndian.Uint64(raw[i+8:])); ok {
				dst = binary.LittleEndian.AppendUint64(dst, x)
				i += 16
				continue
			}
		}
		c := raw[i]
		if raw[i+1] != 0 || c >= 0x80 {
			dst = append(dst, boneWide, c, raw[i+1])
			i += 2
			continue
		}
		switch s.class[c] {
		case unitPlain:
			dst = append(dst, c)
			i += 2
		case unitDigit:
			dst, i = s.addNumber(dst, raw, i)
		case unitOther:
			return dst, false
		}
	}
	return dst, true
}

// addNumber appends what is left of the run of digits at i, or of the GUID that
// it is the first in, and returns where that ends.
func (s *skeletons) addNumber(dst, raw []byte, i int) (out []byte, end int) {
	from := i
	for from >= 2 && raw[from-1] == 0 && isWord(raw[from-2]) && !isDecimal(raw[from-2]) {
		from -= 2
	}
	var guid guidCodes
	if s.isGUID(raw, from, &guid) {
		dst = dst[:len(dst)-(i-from)/2] // its first letters
		if s.mayDecide(raw, from, &guid) {
			return appendUnits(dst, raw[from:from+2*guidLen]), from + 2*guidLen
		}
		return append(dst, boneGUID), from + 2*guidLen
	}
	end = i + 2
	for end < len(raw) && isDecimal(raw[end]) && raw[end+1] == 0 {
		end += 2
	}
	if s.stays(raw, i, end) {
		return appendUnits(dst, raw[i:end]), end
	}
	return append(dst, boneNumber), end
}

// plain8 packs eight units, if they are ASCII that stays as it is: no digits,
// none that unitOther is for, and no white space but blanks. It works on all at
// once: the high bit of each byte tells, after an addition, of what kind it is.
func plain8(a, b uint64) (x uint64, ok bool) {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	if (a|b)&0xff80ff80ff80ff80 != 0 {
		return 0, false
	}
	a = (a | a>>8) & 0x0000ffff0000ffff
	b = (b | b>>8) & 0x0000ffff0000ffff
	x = uint64(uint32(a|a>>16)) | uint64(uint32(b|b>>16))<<32
	digit := (x + (0x80-'0')*ones) &^ (x + (0x80-'9'-1)*ones)
	control := ^(x + (0x80-' ')*ones) | (x + ones)                         // below a blank, and 0x7f
	escape := ((x ^ '\\'*ones) + 0x7f*ones) & ((x ^ '&'*ones) + 0x7f*ones) // high bit clear: one of these
	return x, (digit|control|^escape)&high == 0
}

// maxSkeleton bounds the bytes of a value that has a skeleton.
const maxSkeleton = 4096

func isWord(c byte) bool {
	return isDecimal(c) || 'a' <= c|0x20 && c|0x20 <= 'z' || c == '-' || c == '_'
}

// appendUnits appends ASCII in UTF-16.
func appendUnits(dst, raw []byte) []byte {
	for i := 0; i < len(raw); i += 2 {
		dst = append(dst, raw[i])
	}
	return dst
}

// A side is the two characters beside a place in UTF-16, folded, as they are in
// normalised text, the nearer first; 0 for a second that is not known.
type side struct{ first, second byte }

// beside returns what stands at i and then further on by step, and where the
// last unit is that it looked at; ok is false if not even the first is known.
func beside(raw []byte, i, step int) (s side, last int, ok bool) {
	s.first, ok = unitBeside(raw, i)
	if !ok {
		return s, i, false
	}
	i += step
	for s.first == ' ' && i >= 0 && i < len(raw) && raw[i+1] == 0 && raw[i] <= ' ' {
		i += step // one space is made of all
	}
	if i >= 0 && i < len(raw) {
		if c, known := unitBeside(raw, i); known && !(c == ' ' && s.first == ' ') { // a no-break space more is of the same
			s.second = c
		}
	}
	return s, i, true
}

func unitBeside(raw []byte, i int) (c byte, ok bool) {
	if i < 0 || i >= len(raw) {
		return ' ', true
	}
	switch c = raw[i]; {
	case raw[i+1] != 0 || c >= 0x80:
		return ' ', raw[i+1] == 0 && c == 0xa0 || raw[i+1] == 0x20 && c == 0x2f // no-break spaces
	case c <= ' ':
		return ' ', true
	case 'A' <= c && c <= 'Z':
		c |= 0x20
	}
	return c, true
}

// A flank is what texts may know of a run of digits by what is on one side of it.
type flank struct {
	keys [2]sideKey // by the first character alone, and with the second; or whatever the second is
	runs [2]besideRuns
	n    uint8
}

func (s side) flank(known sideRuns) (f flank) {
	key := newSide(s.first)
	if s.second == 0 {
		f.keys[0], f.n = key.unknown(), 1
	} else {
		f.keys[0], f.keys[1], f.n = key, key.with(s.second), 2
	}
	for i := range f.n {
		f.runs[i] = known[f.keys[i]]
	}
	return f
}

// flanks are what stands on both sides of a run.
type flanks struct {
	left, right flank
	both        bool // some text has a run between what is on the sides
}

func (s *skeletons) flanks(left, right side) flanks {
	f := flanks{left: left.flank(s.left), right: right.flank(s.right)}
	for _, l := range f.left.keys[:f.left.n] {
		for _, r := range f.right.keys[:f.right.n] {
			f.both = f.both || s.pairs.has(l.between(r))
		}
	}
	return f
}

// stays reports whether a text may stand where a run of digits is.
func (s *skeletons) stays(raw []byte, from, to int) bool {
	p, _, known := beside(raw, from-2, -2)
	q, _, also := beside(raw, to, 2)
	if !known || !also {
		return true
	}
	f := s.flanks(p, q)
	return s.staysBetween(&f, raw[from:to])
}

// staysBetween is stays of a run of which it is known what stands beside it.
func (s *skeletons) staysBetween(f *flanks, run []byte) bool {
	digits := len(run) / 2
	if digits > maxDigits {
		return true
	}
	for l, left := range f.left.keys[:f.left.n] {
		if runs := f.left.runs[l]; runs.may(digits, run[0]) && s.staysBehind(f, left, int(runs.least), run) {
			return true
		}
	}
	for r, right := range f.right.keys[:f.right.n] {
		runs := f.right.runs[r]
		if !runs.may(digits, run[len(run)-2]) {
			continue
		}
		for i := 1; i <= digits; i++ {
			if right = right.and(run[len(run)-2*i]); i >= int(runs.least) && s.runs.has(right.atStart()) {
				return true
			}
		}
	}
	return s.bare.inNumber(run)
}

// staysBehind is staysBetween for texts that have something on the left of the run.
func (s *skeletons) staysBehind(f *flanks, left sideKey, least int, run []byte) bool {
	for i := 0; i < len(run); i += 2 {
		if left = left.and(run[i]); i/2+1 >= least && s.runs.has(left.atEnd()) {
			return true
		}
	}
	if f.both {
		for _, right := range f.right.keys[:f.right.n] {
			if s.runs.has(left.between(right)) {
				return true
			}
		}
	}
	return false
}

// maxDigits is how long a number may be.
const maxDigits = 40

// A hexCode is what stands for a character of GUIDs: its value, or codeDash.
const (
	codeDash = 16
	noCode   = 0xff
)

func hexCode(c byte) byte {
	switch {
	case isDecimal(c):
		return c - '0'
	case isHexLetter(c):
		return c | 0x20 - 'a' + 10
	case c == '-':
		return codeDash
	}
	return noCode
}

func hexCodesOf(text string) string {
	codes := []byte(text)
	for i, c := range codes {
		codes[i] = hexCode(c)
	}
	return string(codes)
}

// guidCodes are the hexCodes of a GUID.
type guidCodes [guidLen]byte

// isGUID reports whether there is a GUID at i, with no part of a word around it, and what it is.
func (s *skeletons) isGUID(raw []byte, i int, guid *guidCodes) bool {
	if i >= 2 && (raw[i-1] != 0 || isWord(raw[i-2])) || !s.guids || !guid.read(&s.codes, raw, i) {
		return false
	}
	return i+2*guidLen == len(raw) || raw[i+2*guidLen+1] == 0 && !isWord(raw[i+2*guidLen])
}

// read reads a GUID; ok is false if there is none.
func (g *guidCodes) read(codes *[256]byte, raw []byte, i int) (ok bool) {
	if !hasDashes(raw, i) {
		return false
	}
	raw = raw[i : i+2*guidLen]
	var wide, dashes byte
	for n := range g {
		c := codes[raw[2*n]]
		wide |= raw[2*n+1] | c&0x80
		dashes += c >> 4 & 1
		g[n] = c
	}
	return wide == 0 && dashes == 4
}

// mayDecide reports whether a text may stand where a GUID is, or a part of it.
func (s *skeletons) mayDecide(raw []byte, i int, guid *guidCodes) bool {
	p, _, known := beside(raw, i-2, -2)
	q, _, also := beside(raw, i+2*guidLen, 2)
	if !known || !also {
		return true
	}
	ends := s.guidEnds(p, q)
	return s.mayDecideBetween(&ends, guid)
}

// guidEnds are what stands beside a GUID, and the characters that it has to begin and end with, a bit each, for a text to be in
// its first or last ones.
type guidEnds struct {
	before, behind side
	first, last    uint32
}

func (s *skeletons) guidEnds(before, behind side) guidEnds {
	ends := guidEnds{before: before, behind: behind}
	for c := range byte(codeDash) {
		if len(s.before[guidEnd{before.first, c}]) > 0 {
			ends.first |= 1 << c
		}
		if len(s.behind[guidEnd{behind.first, c}]) > 0 {
			ends.last |= 1 << c
		}
	}
	return ends
}

// mayDecideBetween is mayDecide of a GUID of which it is known what stands beside it.
func (s *skeletons) mayDecideBetween(e *guidEnds, guid *guidCodes) bool {
	if e.first&(1<<guid[0]) != 0 {
		for _, g := range s.before[guidEnd{e.before.first, guid[0]}] {
			if g.fits(e.before) && bytes.HasPrefix(guid[:], []byte(g.part)) {
				return true
			}
		}
	}
	if e.last&(1<<guid[guidLen-1]) != 0 {
		for _, g := range s.behind[guidEnd{e.behind.first, guid[guidLen-1]}] {
			if g.fits(e.behind) && bytes.HasSuffix(guid[:], []byte(g.part)) {
				return true
			}
		}
	}
	return s.inGUID.in(guid[:])
}

func (g *guidPart) fits(s side) bool { return g.next == 0 || s.second == 0 || g.next == s.second }

// insideTexts are texts, as hexCodes, that may stand in a number or a GUID. They
// are looked for at all places at once: by their first three characters.
type insideTexts struct {
	texts map[uint][]string
	short []string // of less than three characters
	first [1 << (3*codeBits - 6)]uint64
}

const codeBits = 5

func (t *insideTexts) add(text string) {
	if len(text) < 3 {
		t.short = append(t.short, text)
		return
	}
	key := uint(text[0])<<(2*codeBits) | uint(text[1])<<codeBits | uint(text[2])
	t.first[key>>6] |= 1 << (key & 63)
	if t.texts == nil {
		t.texts = make(map[uint][]string)
	}
	if !slices.Contains(t.texts[key], text) {
		t.texts[key] = append(t.texts[key], text)
	}
}

// inNumber reports whether one of the texts is in a number, UTF-16.
func (t *insideTexts) inNumber(run []byte) bool {
	if len(run) < 2*3 && len(t.short) == 0 {
		return false
	}
	var codes [maxDigits]byte
	for i := range len(run) / 2 {
		codes[i] = run[2*i] - '0'
	}
	return t.in(codes[:len(run)/2])
}

// in reports whether one of the texts is in a number or GUID.
func (t *insideTexts) in(codes []byte) bool {
	key := uint(0)
	for i, c := range codes {
		key = (key<<codeBits | uint(c)) & (1<<(3*codeBits) - 1)
		if i >= 2 && t.first[key>>6]&(1<<(key&63)) != 0 && hasAny(codes[i-2:], t.texts[key], bytes.HasPrefix) {
			return true
		}
	}
	return len(t.short) > 0 && hasAny(codes, t.short, bytes.Contains)
}

func hasAny(codes []byte, texts []string, has func(codes, text []byte) bool) bool {
	for _, text := range texts {
		if has(codes, []byte(text)) {
			return true
		}
	}
	return false
}

// A sideKey is a hash of what stands beside a run of digits, and of the digits
// from there on.
type sideKey uint32

func (k sideKey) and(c byte) sideKey { return (k ^ sideKey(c)) * 16777619 }

func newSide(first byte) sideKey { return sideKey(2166136261).and(first) }

func (k sideKey) with(second byte) sideKey { return k.and(1).and(second) }
func (k sideKey) unknown() sideKey         { return k.and(2) }

func (k sideKey) over(run string) sideKey {
	for i := range len(run) {
		k = k.and(run[i])
	}
	return k
}

func (k sideKey) overBack(run string) sideKey {
	for i := len(run) - 1; i >= 0; i-- {
		k = k.and(run[i])
	}
	return k
}

// What a hash is of, at last: a run at the end of a text, at its start, or
// with the other side as well.
func (k sideKey) atEnd() uint32                { return uint32(k) ^ 0x5bd1e995 }
func (k sideKey) atStart() uint32              { return uint32(k)*0x85ebca6b ^ 0x27d4eb2f }
func (k sideKey) between(right sideKey) uint32 { return uint32(k)*0xc2b2ae35 ^ uint32(right) }

// sideRuns says what runs of digits texts have beside what stands there.
type sideRuns map[sideKey]besideRuns

// A besideRuns is of runs of digits with one thing beside them.
type besideRuns struct {
	least  uint8  // digits of the shortest; 0 for no run
	digits uint16 // a bit for each digit that is the one beside it
}

func (s sideRuns) note(k sideKey, digits int, beside byte) {
	have := s[k]
	if have.least == 0 || digits < int(have.least) {
		have.least = uint8(min(digits, maxDigits+1))
	}
	have.digits |= 1 << (beside - '0')
	s[k] = have
}

// may reports whether a number of so many digits, this one beside, may have one of the runs there.
func (b *besideRuns) may(digits int, beside byte) bool {
	return b.digits&(1<<(beside-'0')) != 0 && digits >= int(b.least)
}

// A hashSet is a set of hashes: what it takes for one of its own is one, but
// for a chance of few in a million, in which a number stays that need not.
type hashSet struct {
	slots []uint32 // open addressing; 0 for none
	count int
}

func (h *hashSet) add(x uint32) {
	if x == 0 {
		x = 1
	}
	if h.has(x) {
		return
	}
	if h.count++; 4*h.count > len(h.slots) {
		old := h.slots
		h.slots = make([]uint32, max(1024, 2*len(old)))
		for _, x := range old {
			if x != 0 {
				h.put(x)
			}
		}
	}
	h.put(x)
}

func (h *hashSet) put(x uint32) {
	i := h.at(x)
	for h.slots[i] != 0 {
		i = (i + 1) & (len(h.slots) - 1)
	}
	h.slots[i] = x
}

func (h *hashSet) at(x uint32) int { return int(x*0x9e3779b1>>12) & (len(h.slots) - 1) }

func (h *hashSet) has(x uint32) bool {
	if len(h.slots) == 0 {
		return false
	}
	if x == 0 {
		x = 1
	}
	for i := h.at(x); h.slots[i] != 0; i = (i + 1) & (len(h.slots) - 1) {
		if h.slots[i] == x {
			return true
		}
	}
	return false
}
