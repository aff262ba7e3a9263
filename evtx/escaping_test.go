package evtx

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

var escapings = map[string]*escaping{"json": &jsonEscaping, "xml": &xmlEscaping, "attribute": &attrEscaping}

// slowEscape is what an escaping does, said character by character.
func slowEscape(name string, text []rune) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case name == "json" && r == '"', name == "json" && r == '\\':
			b.WriteString(`\` + string(r))
		case name == "json" && r < 0x20:
			if i := strings.IndexRune("\b\f\n\r\t", r); i >= 0 {
				b.WriteString(`\` + "bfnrt"[i:i+1])
			} else {
				fmt.Fprintf(&b, `\u%04x`, r)
			}
		case name == "json":
			b.WriteRune(r)
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '\r', name == "attribute" && (r == '\t' || r == '\n'):
			fmt.Fprintf(&b, "&#%d;", r)
		case name == "attribute" && r == '\'':
			b.WriteString("&apos;")
		case !isXMLChar(r):
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// escapingTwin compares each escaping of UTF-16LE, and of the same text in UTF-8, with the plain way; whatever room there is
// behind the output.
func escapingTwin(t testing.TB, raw []byte) {
	t.Helper()
	raw = raw[:len(raw)&^1]
	var units []uint16
	for i := 0; i < len(raw); i += 2 {
		units = append(units, binary.LittleEndian.Uint16(raw[i:]))
	}
	text := utf16.Decode(units)
	for name, e := range escapings {
		want := "before" + slowEscape(name, text)
		for _, room := range []int{0, 1, 7, len(want), len(want) + 40, 8 * len(want)} {
			got := e.appendUTF16(append(make([]byte, 0, 6+room), "before"...), raw)
			if string(got) != want {
				t.Fatalf("%s of %x with room for %d: %q, want %q", name, raw, room, got, want)
			}
			if got = e.appendUTF8(append(make([]byte, 0, 6+room), "before"...), []byte(string(text))); string(got) != want {
				t.Fatalf("%s of %q with room for %d: %q, want %q", name, string(text), room, got, want)
			}
		}
	}
}

// TestEscapingTwin puts each unit below 0x100, and some others, at each place of texts of any length up to some words.
func TestEscapingTwin(t *testing.T) {
	units := []uint16{0x100, 0x7ff, 0x800, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0xfffd, 0xfffe, 0xffff}
	for u := range uint16(0x100) {
		units = append(units, u)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, u := range units {
		for size := range 21 {
			for at := range size {
				raw := bytes.Repeat([]byte{'a' + byte(size), 0}, size)
				binary.LittleEndian.PutUint16(raw[2*at:], u)
				if random.IntN(3) == 0 {
					binary.LittleEndian.PutUint16(raw[2*random.IntN(size):], units[random.IntN(len(units))])
				}
				escapingTwin(t, raw)
			}
		}
	}
	escapingTwin(t, utf16le(`C:\Windows\System32\wbem\WmiPrvSE.exe -secured -Embedding "a" <b> & 'c'`))
}

// FuzzEscaping does the same with any text.
func FuzzEscaping(f *testing.F) {
	f.Add(utf16le(`C:\Windows\System32\svchost.exe`))
	f.Add([]byte{0x00, 0xd8, 0x00, 0xdc, 0x0a, 0x00, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) < 1<<12 {
			escapingTwin(t, raw)
		}
	})
}

// TestNumbersTwin: numbers, hex and GUIDs are written as the standard library does.
func TestNumbersTwin(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	numbers := []uint64{0, math.MaxUint64}
	for i := range 64 {
		numbers = append(numbers, 1<<i, 1<<i-1, random.Uint64()>>i)
	}
	for p := uint64(1); p < math.MaxUint64/10; p *= 10 {
		numbers = append(numbers, p, p-1, p+1, 10*p-1)
	}
	for _, n := range numbers {
		for _, room := range []int{0, 5, 40} {
			dst := append(make([]byte, 0, 1+room), ':')
			if got, want := string(appendUint(dst, n)), ":"+strconv.FormatUint(n, 10); got != want {
				t.Errorf("%s, want %s", got, want)
			}
			if got, want := string(appendHex(dst, n)), fmt.Sprintf(":0x%x", n); got != want {
				t.Errorf("%s, want %s", got, want)
			}
			g := binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, n), random.Uint64())
			want := fmt.Sprintf(":{%08x-%04x-%04x-%x-%x}", u32(g, 0), u16(g, 4), u16(g, 6), g[8:10], g[10:])
			if got := string(appendGUID(dst, g)); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
	}
}

// TestRoom: what is rendered does not depend on how much room there is behind it, and nothing in front of it changes.
func TestRoom(t *testing.T) {
	l := newLog()
	l.record(func() { everything(l) })
	for _, log := range [][]byte{file(l.chunk()), readFile(t, gateway(t, "en"))[:fileHeaderSize+3*chunkSize]} {
		n := 0
		for rec := range openBytes(t, log).Records() {
			if rec == nil {
				continue
			}
			for name, render := range map[string]func([]byte) ([]byte, error){"json": rec.AppendJSON, "xml": rec.AppendXML} {
				want, err := render(append(make([]byte, 0, 64<<10), "before"...))
				if err != nil {
					t.Fatal(err)
				}
				for room := 0; room < len(want)+80; room += 1 + n%7*11 {
					got, _ := render(append(make([]byte, 0, 6+room), "before"...))
					if !bytes.Equal(got, want) {
						t.Fatalf("%s with room for %d:\n%s, want\n%s", name, room, got, want)
					}
				}
			}
			n++
		}
	}
}
