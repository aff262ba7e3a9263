package evtx

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// slowMatchText is matchText done plainly: every value as text, unit by unit.
func slowMatchText(needles []needle, r *Record) bool {
	for i := range needles {
		n := &needles[i]
		found := false
		for _, v := range r.All() {
			raw := trimString(v.Raw)
			if v.Type == TypeAnsiString {
				raw = nil
				for _, u := range utf16.Encode([]rune(v.String())) {
					raw = binary.LittleEndian.AppendUint16(raw, u)
				}
			} else if !isText(v.Type) {
				found = found || bytes.Contains(bytes.ToLower(v.AppendText(nil)), n.text)
				continue
			}
			for i := 0; i+2*len(n.units) <= len(raw); i += 2 {
				found = found || n.at(raw[i:])
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// containsTwin compares matchText with its slow twin on all records of a log.
func containsTwin(t testing.TB, log []byte, texts ...string) (found int) {
	t.Helper()
	s := Selection{Contains: texts}
	f := s.Filter()
	r := openBytes(t, log)
	r.Recover = true
	for rec, err := range r.Records() {
		if err != nil {
			continue
		}
		got, want := f.Match(rec), slowMatchText(f.needles, rec)
		if got != want {
			t.Fatalf("record %d at 0x%x, %q: %v, and plainly %v", rec.HeaderID(), rec.Offset(), texts, got, want)
		}
		if got {
			found++
		}
	}
	return found
}

var containsTexts = []string{
	"a", "e", "x", "k", "i", " ", "'", "7", "0x", "0x1f", "{", "t", "s-1-5", "true", "2017-05", "00z", "gateway", "GATEWAY", "Report ID", "powershell",
	"qqzz", "l'", "passerelle", "é", "É", "\u212a", "İ", "ß", "ſ", "ж", "Ж", "\U0001f600", "\ufffd", "caf\u00e9", "a<b", "amp", "kiki", "iii", "4624",
	"contoso", "S", "T", "Z", "-", ".", "1e+", "nan", "fals", "net framework",
}

// TestContainsTwin: the short ways to say that a record has a text or has it not give the same as looking at all of its values.
func TestContainsTwin(t *testing.T) {
	everythingLog := func() []byte {
		l := newLog()
		l.record(func() { everything(l) })
		l.record(func() { everything(l) })
		return file(l.chunk())
	}()
	logs := map[string][]byte{"everything": everythingLog}
	for _, lang := range []string{"en", "fr"} {
		logs[lang] = readFile(t, gateway(t, lang))
	}
	found := 0
	for _, log := range logs {
		for i, text := range containsTexts {
			found += containsTwin(t, log, text)
			found += containsTwin(t, log, text, containsTexts[(i+7)%len(containsTexts)])
		}
	}
	if found == 0 {
		t.Error("nothing was found")
	}
	t.Run("shared", func(t *testing.T) {
		for name, path := range logsBelow(t, shared(t, "corpus")) {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				log := readFile(t, path)
				for i := len(name) % 17; i < len(containsTexts); i += 17 {
					containsTwin(t, log, containsTexts[i])
				}
			})
		}
	})
}

// TestContainsConstant: what the template says itself is among the values, also where the record does not say it.
func TestContainsConstant(t *testing.T) {
	l := newLog()
	for range 3 {
		l.record(func() {
			l.fragment()
			l.instance(4, func() {
				l.element("Event", func() {
					l.system()
					l.element("EventData", func() {
						l.element("Data", func() { l.text("of ")(); l.u8(tokenEntityRef); l.name("amp"); l.text(" the template")() },
							l.attr("Name", l.text("a")))
						l.element("Data", l.hole(0, TypeString, true), l.attr("Name", l.text("b")))
					})
				})
			}, testValue{typ: TypeString, raw: utf16le("of the record")})
			l.eof()
		})
	}
	log := file(l.chunk())
	for text, want := range map[string]int{"& THE t": 3, "template": 3, "the record": 3, "amp": 0, "nothing": 0} {
		if got := containsTwin(t, log, text); got != want {
			t.Errorf("%q is in %d records, want %d", text, got, want)
		}
	}
}

// TestVariants: the units that are known to fold to one are all that do.
func TestVariants(t *testing.T) {
	folds := map[uint16][]uint16{}
	for u := range 1 << 16 {
		f := foldUnit(uint16(u))
		folds[f] = append(folds[f], uint16(u))
	}
	for u := range 1 << 16 {
		f := foldUnit(uint16(u))
		if u >= 0x80 && u != 0x212a && u != 0xe9 && u != 0x2019 {
			continue // tried out
		}
		got := slices.Clone(variants(f))
		slices.Sort(got)
		if !slices.Equal(got, folds[f]) {
			t.Fatalf("0x%x: %x, want %x", f, got, folds[f])
		}
	}
}

// TestMayBeRendered: whatever part of a rendered value is looked for, the value is looked at.
func TestMayBeRendered(t *testing.T) {
	raw := func(n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(37*i + 11*n + 1)
		}
		return b
	}
	for typ, spec := range typeSpecs {
		if spec.class != classScalar || isText(ValueType(typ)) {
			continue
		}
		for _, n := range []int{1, 2, 4, 8, 16} {
			for seed := range 40 {
				b := raw(n)
				for i := range b {
					b[i] *= byte(seed)
				}
				if ValueType(typ) == TypeSID {
					b = append([]byte{1, 2, 0, 0, 0, byte(seed), 0, 5}, append(b, raw(8)...)[:8]...)
				}
				text := strings.ToLower(string(appendPlain(nil, ValueType(typ), b)))
				for i := range text {
					for j := i + 1; j <= len(text); j++ {
						if !mayBeRendered(text[i:j]) {
							t.Fatalf("type %d: %q of %q", typ, text[i:j], text)
						}
					}
				}
			}
		}
	}
	for _, text := range []string{"test", "powershell", "zz", "sax", "tt", "gateway", "az", "xyz", "é"} {
		if mayBeRendered(text) {
			t.Errorf("%q is in no number", text)
		}
	}
}

// FuzzContains: matchText and its slow twin say the same of every record of any chunk.
func FuzzContains(f *testing.F) {
	for i, chunk := range seeds(f) {
		f.Add(chunk, containsTexts[i%len(containsTexts)])
	}
	f.Fuzz(func(t *testing.T, b []byte, text string) {
		if len(b) > 2*chunkSize || text == "" || len(text) > 100 {
			return
		}
		log := make([]byte, fileHeaderSize, fileHeaderSize+len(b)+chunkSize)
		copy(log, file()[:128])
		log = append(log, b...)
		if len(b) < len(chunkMagic) || string(b[:len(chunkMagic)]) != chunkMagic {
			return
		}
		containsTwin(t, log, text)
	})
}

func BenchmarkContains(b *testing.B) {
	log := readFile(b, gateway(b, "en"))
	for _, text := range []string{"qqzz", "gateway", "4711"} {
		b.Run(fmt.Sprint(text), func(b *testing.B) {
			s := Selection{Contains: []string{text}}
			f := s.Filter()
			b.SetBytes(int64(len(log)))
			for b.Loop() {
				for rec, err := range openBytes(b, log).Records() {
					if err == nil {
						f.Match(rec)
					}
				}
			}
		})
	}
}
