package redact

import (
	"bytes"
	"unicode/utf8"
)

// binary overwrites secrets in the text that binary data may hold: ASCII or
// UTF-8, and UTF-16LE from an even or an odd byte. Sizes and offsets stay, as
// programs that read the data go by them.
func (r *Redactor) binary(raw []byte) []byte {
	out := raw
	overwrite := func(from, to, stride int, mask string) {
		if &out[0] == &raw[0] {
			out = append([]byte(nil), raw...)
		}
		for i, k := from, 0; i < to; i, k = i+stride, k+1 {
			out[i] = mask[k%len(mask)]
		}
	}
	if len(raw) == 0 {
		return raw
	}
	text := 0
	r.runs = printable(r.runs[:0], raw, 0, 1)
	for _, run := range r.runs {
		text += run.to - run.from
		if r.harmless(raw[run.from:run.to]) {
			continue
		}
		for _, s := range r.spans(string(raw[run.from:run.to]), false) {
			r.countNamed(s.rule.Name, 1)
			overwrite(run.from+s.from, run.from+s.to, 1, "*")
		}
	}
	for _, odd := range []int{0, 1} {
		r.runs = printable(r.runs[:0], raw, odd, 2)
		for _, run := range r.runs {
			text += run.to - run.from
			r.raw = appendUnits(r.raw[:0], raw[run.from:run.to])
			if r.harmless(r.raw) {
				continue
			}
			decoded, at := wide(raw, run)
			for _, s := range r.spans(decoded, false) {
				r.countNamed(s.rule.Name, 1)
				for i := at[s.from]; i < at[s.to]; i += 2 {
					overwrite(i, i+1, 1, "*")
					out[i+1] = 0
				}
			}
		}
	}
	if text < len(raw) {
		r.opaque++
	}
	return out
}

// harmless reports whether secretSpans finds nothing in a text: no trigger is in it,
// and it has no other view, and no lines to be joined, in which one could be.
func (r *Redactor) harmless(text []byte) bool {
	if r.mode != Secrets || len(r.everywhere) > 0 || bytes.IndexByte(text, '\n') >= 0 {
		return false
	}
	found := false
	seen := r.search.find(text, func(h hit) bool {
		found = r.wanted(text, h) != 0
		return !found
	})
	return !found && !seen.escape && !seen.odd
}

// run is a part of binary data that reads as text.
type run struct{ from, to int }

const minRun = 6 // characters; no secret with its name is shorter

// printable appends the runs of text from the byte odd on: of single bytes, or
// of UTF-16 units of the Latin scripts (stride 2).
func printable(runs []run, raw []byte, odd, stride int) []run {
	start := -1
	end := func(i int) {
		if start >= 0 && (i-start)/stride >= minRun {
			runs = append(runs, run{start, i})
		}
		start = -1
	}
	i := odd
	for ; i+stride <= len(raw); i += stride {
		ok := isText(raw[i])
		if stride == 2 {
			ok = raw[i+1] == 0 && isText(raw[i]) || raw[i+1] == 1 || raw[i+1] == 0 && raw[i] >= 0xa0 || raw[i+1] == 0x20
		} else if raw[i] >= utf8.RuneSelf {
			ok = true
		}
		switch {
		case ok && start < 0:
			start = i
		case !ok:
			end(i)
		}
	}
	end(i)
	return runs
}

func isText(b byte) bool { return b >= ' ' && b < 0x7f || b == '\t' || b == '\n' || b == '\r' }

// appendUnits appends UTF-16LE as wide decodes it: unit by unit.
func appendUnits(dst, raw []byte) []byte {
	for i := 0; i+1 < len(raw); i += 2 {
		dst = utf8.AppendRune(dst, rune(raw[i])|rune(raw[i+1])<<8)
	}
	return dst
}

// wide decodes a run of UTF-16. at tells where each byte of the text, and its end, comes from.
func wide(raw []byte, r run) (text string, at []int) {
	var b []byte
	for i := r.from; i+1 < r.to; i += 2 {
		n := len(b)
		b = appendUnits(b, raw[i:i+2])
		for range len(b) - n {
			at = append(at, i)
		}
	}
	return string(b), append(at, r.to)
}
