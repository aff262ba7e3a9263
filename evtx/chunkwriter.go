package evtx

import (
	"encoding/binary"
	"hash/crc32"
)

// A chunkWriter builds one chunk: records one behind the other, and the
// tables of the names and templates that they define (section "Chunk header").
type chunkWriter struct {
	b         []byte // the chunk up to the last record's end
	base      int    // where b lies in the chunk; 0 but for a single definition
	names     map[string]uint32
	templates map[GUID]chunkTemplate
	stringTab [64]uint32 // newest name of each bucket
	templTab  [32]uint32 // newest template of each bucket

	first, next uint64 // record numbers: of the first here, of the next
	last        int    // offset of the last record

	// What the record being written has added, to take it back.
	newNames     []string
	newTemplates []GUID
}

// A chunkTemplate is a template defined in the chunk.
type chunkTemplate struct {
	off uint32
	t   *writtenTemplate
}

// maxFill is how far Windows fills a chunk: it was never seen to use the last
// eight bytes, and one reader loses a record that does.
const maxFill = chunkSize - 8

func (c *chunkWriter) begin(number uint64) {
	if c.b == nil {
		c.b = make([]byte, 0, 2*chunkSize) // a record may run over before it is taken back
	}
	if c.names == nil {
		c.names, c.templates = map[string]uint32{}, map[GUID]chunkTemplate{}
	}
	clear(c.names)
	clear(c.templates)
	c.b = c.b[:chunkHeaderSize]
	clear(c.b)
	c.stringTab, c.templTab = [64]uint32{}, [32]uint32{}
	c.first, c.next, c.last = number, number, 0
}

func (c *chunkWriter) empty() bool { return c.next == c.first }

func (c *chunkWriter) u8(v ...byte)         { c.b = append(c.b, v...) }
func (c *chunkWriter) u16(v uint16)         { c.b = binary.LittleEndian.AppendUint16(c.b, v) }
func (c *chunkWriter) u32(v uint32)         { c.b = binary.LittleEndian.AppendUint32(c.b, v) }
func (c *chunkWriter) u64(v uint64)         { c.b = binary.LittleEndian.AppendUint64(c.b, v) }
func (c *chunkWriter) set32(at, v int)      { binary.LittleEndian.PutUint32(c.b[at:], uint32(v)) }
func (c *chunkWriter) setSize(at, from int) { c.set32(at, len(c.b)-from) }

// record writes one record around the binary XML that body writes. It reports
// false, and leaves the chunk as it was, if the record does not fit.
func (c *chunkWriter) record(written uint64, body func() error) (bool, error) {
	at := len(c.b)
	strings, templates := c.stringTab, c.templTab
	c.newNames, c.newTemplates = c.newNames[:0], c.newTemplates[:0]
	c.u8(recordMagic[0], recordMagic[1], recordMagic[2], recordMagic[3])
	c.u32(0)
	c.u64(c.next)
	c.u64(written)
	err := body()
	for (len(c.b)-at+4)%8 != 0 {
		c.u8(0)
	}
	size := len(c.b) - at + 4
	c.u32(uint32(size))
	if err != nil || len(c.b) > maxFill {
		c.b = c.b[:at]
		c.stringTab, c.templTab = strings, templates
		for _, name := range c.newNames {
			delete(c.names, name)
		}
		for _, guid := range c.newTemplates {
			delete(c.templates, guid)
		}
		return false, err
	}
	c.set32(at+4, size)
	c.last = at
	c.next++
	return true, nil
}

// name writes a reference to a name, and the name where it is new.
func (c *chunkWriter) name(name string) {
	if off, ok := c.names[name]; ok {
		c.u32(off)
		return
	}
	raw := encodeUTF16(nil, name)
	off := uint32(c.base + len(c.b) + 4)
	hash := nameHash(raw)
	c.u32(off)
	c.u32(c.stringTab[hash%64])
	c.u16(hash)
	c.u16(uint16(len(raw) / 2))
	c.u8(raw...)
	c.u16(0)
	c.stringTab[hash%64] = off
	c.names[name] = off
	c.newNames = append(c.newNames, name)
}

// define enters the template definition that starts at off into the table.
// Its bucket is the hash of its GUID, taken as eight characters.
func (c *chunkWriter) define(guid GUID, off uint32, t *writtenTemplate) {
	c.templTab[nameHash32(guid[:])%32] = off
	c.templates[guid] = chunkTemplate{off, t}
	c.newTemplates = append(c.newTemplates, guid)
}

// finish returns the chunk's 64 KiB, checksums and all. The space behind the
// last record is zero.
func (c *chunkWriter) finish() []byte {
	free := len(c.b)
	c.b = c.b[:chunkSize]
	clear(c.b[free:])
	h := sealedHeader{first: c.first, count: c.next - c.first, last: c.last, free: free}
	h.seal(c.b, &c.stringTab, &c.templTab)
	return c.b
}

// A sealedHeader is what a chunk header says of the chunk's records.
type sealedHeader struct {
	first, count uint64 // number of the first record; of records
	last, free   int    // offset of the last record, and behind it
}

// seal writes the header into a chunk, of which everything else is there, and
// computes the checksums.
func (h sealedHeader) seal(b []byte, names *[64]uint32, templates *[32]uint32) {
	clear(b[:chunkHeaderSize])
	le := binary.LittleEndian
	copy(b, chunkMagic)
	le.PutUint64(b[8:], h.first)
	le.PutUint64(b[16:], h.first+h.count-1)
	le.PutUint64(b[24:], h.first)
	le.PutUint64(b[32:], h.first+h.count-1)
	le.PutUint32(b[40:], 128)
	le.PutUint32(b[44:], uint32(h.last))
	le.PutUint32(b[48:], uint32(h.free))
	le.PutUint32(b[52:], crc32.ChecksumIEEE(b[chunkHeaderSize:h.free]))
	le.PutUint32(b[120:], 1) // set in every chunk that Windows wrote
	for i, off := range names {
		le.PutUint32(b[128+4*i:], off)
	}
	for i, off := range templates {
		le.PutUint32(b[384+4*i:], off)
	}
	le.PutUint32(b[124:], crc32.Update(crc32.ChecksumIEEE(b[:120]), crc32.IEEETable, b[128:chunkHeaderSize]))
}
