package evtx

import (
	"encoding/binary"
	"hash/crc32"
	"testing"
	"unicode/utf16"
)

// A logBuilder writes one-chunk logs token by token, for what no real file at
// hand has: CDATA, character references, arrays of every type, and damage.
type logBuilder struct {
	b     []byte // the chunk so far
	names map[string]uint32
	defs  map[[16]byte]uint32
	id    uint64
	inDef bool
}

func newLog() *logBuilder {
	return &logBuilder{b: make([]byte, chunkHeaderSize), names: map[string]uint32{}, defs: map[[16]byte]uint32{}}
}

func (l *logBuilder) u8(v ...byte)    { l.b = append(l.b, v...) }
func (l *logBuilder) u16(v int)       { l.b = binary.LittleEndian.AppendUint16(l.b, uint16(v)) }
func (l *logBuilder) u32(v int)       { l.b = binary.LittleEndian.AppendUint32(l.b, uint32(v)) }
func (l *logBuilder) u64(v uint64)    { l.b = binary.LittleEndian.AppendUint64(l.b, v) }
func (l *logBuilder) put32(at, v int) { binary.LittleEndian.PutUint32(l.b[at:], uint32(v)) }

// utf16le returns s as a log stores it.
func utf16le(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// record writes one record around what body writes.
func (l *logBuilder) record(body func()) {
	at := len(l.b)
	l.id++
	l.u8('*', '*', 0, 0)
	l.u32(0)
	l.u64(l.id)
	l.u64(131383296000000000) // 2017-05-03T00:00:00Z
	body()
	for (len(l.b)+4)%8 != 0 {
		l.u8(0)
	}
	size := len(l.b) + 4 - at
	l.u32(size)
	l.put32(at+4, size)
}

func (l *logBuilder) fragment() { l.u8(tokenFragment, 1, 1, 0) }
func (l *logBuilder) eof()      { l.u8(tokenEOF) }

func (l *logBuilder) name(s string) {
	if off, ok := l.names[s]; ok {
		l.u32(int(off))
		return
	}
	raw := utf16le(s)
	l.u32(len(l.b) + 4)
	l.names[s] = uint32(len(l.b))
	l.u32(0)
	l.u16(int(nameHash(raw)))
	l.u16(len(raw) / 2)
	l.u8(raw...)
	l.u16(0)
}

// open writes a start tag; attrs are functions that write what follows names.
func (l *logBuilder) open(name string, attrs ...func()) {
	tok := byte(tokenOpenElement)
	if len(attrs) > 0 {
		tok |= moreFlag
	}
	l.u8(tok)
	if l.inDef {
		l.u16(0xffff)
	}
	l.u32(0)
	l.name(name)
	if len(attrs) > 0 {
		l.u32(0)
		for _, a := range attrs {
			a()
		}
	}
	l.u8(tokenCloseStart)
}

func (l *logBuilder) close() { l.u8(tokenEndElement) }

func (l *logBuilder) attr(name string, value func()) func() {
	return func() {
		l.u8(tokenAttribute | moreFlag)
		l.name(name)
		value()
	}
}

func (l *logBuilder) text(s string) func() {
	return func() {
		raw := utf16le(s)
		l.u8(tokenValue, byte(TypeString))
		l.u16(len(raw) / 2)
		l.u8(raw...)
	}
}

func (l *logBuilder) element(name string, content func(), attrs ...func()) {
	l.open(name, attrs...)
	if content != nil {
		content()
	}
	l.close()
}

func (l *logBuilder) hole(i int, typ ValueType, optional bool) func() {
	return func() {
		tok := byte(tokenNormalSubst)
		if optional {
			tok = tokenOptSubst
		}
		l.u8(tok)
		l.u16(i)
		l.u8(byte(typ))
	}
}

// A testValue is a value of a template instance; of nested ones body writes
// the bytes in place.
type testValue struct {
	typ  ValueType
	raw  []byte
	body func()
}

// instance writes a template instance; the definition comes from def on the
// first use of its GUID.
func (l *logBuilder) instance(guid byte, def func(), values ...testValue) {
	g := [16]byte{guid, 1, 2, 3}
	l.u8(tokenInstance, 1)
	l.u8(g[:4]...)
	if off, ok := l.defs[g]; ok {
		l.u32(int(off))
	} else {
		l.u32(len(l.b) + 4)
		l.defs[g] = uint32(len(l.b))
		l.u32(0)
		l.u8(g[:]...)
		size := len(l.b)
		l.u32(0)
		l.inDef = true
		l.fragment()
		def()
		l.eof()
		l.inDef = false
		l.put32(size, len(l.b)-size-4)
	}
	l.u32(len(values))
	specs := len(l.b)
	for _, v := range values {
		l.u16(len(v.raw))
		l.u8(byte(v.typ), 0)
	}
	for i, v := range values {
		from := len(l.b)
		if v.body != nil {
			v.body()
			binary.LittleEndian.PutUint16(l.b[specs+4*i:], uint16(len(l.b)-from))
		}
		l.u8(v.raw...)
	}
}

// system writes the System element that makes a record an event.
func (l *logBuilder) system() {
	l.element("System", func() {
		l.element("EventID", l.text("7"))
		l.element("Level", l.text("2"))
	})
}

// event writes an Event in plain elements, content behind its System.
func (l *logBuilder) event(content func()) {
	l.fragment()
	l.element("Event", func() {
		l.system()
		content()
	})
	l.eof()
}

// chunk returns the finished chunk.
func (l *logBuilder) chunk() []byte {
	c := make([]byte, chunkSize)
	copy(c, l.b)
	copy(c, chunkMagic)
	le := binary.LittleEndian
	le.PutUint64(c[8:], 1)
	le.PutUint64(c[16:], l.id)
	le.PutUint64(c[24:], 1)
	le.PutUint64(c[32:], l.id)
	le.PutUint32(c[40:], 128)
	le.PutUint32(c[48:], uint32(len(l.b)))
	le.PutUint32(c[120:], 1)
	seal(c)
	return c
}

// seal puts a chunk's checksums right.
func seal(c []byte) {
	le := binary.LittleEndian
	free := le.Uint32(c[48:])
	if free <= uint32(len(c)) && free >= chunkHeaderSize {
		le.PutUint32(c[52:], crc32.ChecksumIEEE(c[chunkHeaderSize:free]))
	}
	le.PutUint32(c[124:], crc32.Update(crc32.ChecksumIEEE(c[:120]), crc32.IEEETable, c[128:chunkHeaderSize]))
}

// file returns a log of the given chunks.
func file(chunks ...[]byte) []byte {
	b := make([]byte, fileHeaderSize)
	copy(b, fileMagic)
	le := binary.LittleEndian
	le.PutUint64(b[16:], uint64(max(len(chunks), 1)-1))
	le.PutUint64(b[24:], 1000)
	le.PutUint32(b[32:], 128)
	le.PutUint16(b[36:], 1)
	le.PutUint16(b[38:], 3)
	le.PutUint16(b[40:], fileHeaderSize)
	le.PutUint16(b[42:], uint16(len(chunks)))
	le.PutUint32(b[124:], crc32.ChecksumIEEE(b[:120]))
	for _, c := range chunks {
		b = append(b, c...)
	}
	return b
}

// rendered is what a log gives when it is read.
type rendered struct {
	json, xml []string
	errors    []string
}

func render(t testing.TB, b []byte) rendered {
	t.Helper()
	return renderAll(t, openBytes(t, b))
}

func renderAll(t testing.TB, r *Reader) (got rendered) {
	t.Helper()
	for rec, err := range r.Records() {
		if err != nil {
			got.errors = append(got.errors, err.Error())
			continue
		}
		got.add(t, rec)
	}
	return got
}

func (r *rendered) add(t testing.TB, rec *Record) {
	t.Helper()
	j, err := rec.AppendJSON(nil)
	if err != nil {
		t.Fatal(err)
	}
	x, err := rec.AppendXML(nil)
	if err != nil {
		t.Fatal(err)
	}
	r.json, r.xml = append(r.json, string(j)), append(r.xml, string(x))
}
