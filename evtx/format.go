package evtx

import (
	"encoding/binary"
	"hash/crc32"
)

// Sizes and offsets of the file's three layers. Section numbers in this
// package's comments are those of libyal's "Windows XML Event Log (EVTX)
// format"; MS-EVEN6 is Microsoft's "EventLog Remoting Protocol Version 6.0".
const (
	fileHeaderSize  = 4096  // section "File header": the block, of which 128 bytes are used
	chunkSize       = 65536 // section "Chunk"
	chunkHeaderSize = 512   // section "Chunk header", string and template tables included
	recordHeader    = 24    // section "Event record": signature, size, identifier, written time
	recordMinSize   = recordHeader + 4
	definitionSize  = 24 // next offset, GUID, size: what precedes a template's body

	fileMagic   = "ElfFile\x00"
	chunkMagic  = "ElfChnk\x00"
	recordMagic = "\x2a\x2a\x00\x00"

	flagDirty     = 1 // file header: the log was not closed
	flagFull      = 2 // file header: the log has reached its size
	flagNoCRC     = 4 // file header and chunk header: checksums are not kept
	fileFlagsMask = flagDirty | flagFull | flagNoCRC
)

// A Header is what the file header claims (section "File header"). A live or
// dirty log's header is behind its content; reading relies on none of it.
type Header struct {
	FirstChunk   uint64 // number of the oldest chunk
	LastChunk    uint64 // number of the newest chunk
	NextRecordID uint64 // identifier that the next record will get
	MinorVersion uint16
	MajorVersion uint16
	Chunks       uint16 // wraps for logs over 4 GiB
	Flags        uint32
}

// Dirty reports whether the log was copied or lost while it was open.
func (h Header) Dirty() bool { return h.Flags&flagDirty != 0 }

// noChecksums reports whether Windows wrote no checksums into this log. Flags
// outside the known three are garbage, and then none of them is believed.
func (h Header) noChecksums() bool {
	return h.Flags&^fileFlagsMask == 0 && h.Flags&flagNoCRC != 0
}

func parseHeader(b []byte) (h Header, problem string) {
	if string(b[:8]) != fileMagic {
		return h, "file signature is missing"
	}
	le := binary.LittleEndian
	h = Header{
		FirstChunk:   le.Uint64(b[8:]),
		LastChunk:    le.Uint64(b[16:]),
		NextRecordID: le.Uint64(b[24:]),
		MinorVersion: le.Uint16(b[36:]),
		MajorVersion: le.Uint16(b[38:]),
		Chunks:       le.Uint16(b[42:]),
		Flags:        le.Uint32(b[120:]),
	}
	if !h.noChecksums() && crc32.ChecksumIEEE(b[:120]) != le.Uint32(b[124:]) {
		problem = "file header checksum is wrong"
	}
	return h, problem
}

// A chunkHeader is what a chunk claims about its records.
type chunkHeader struct {
	firstNumber, lastNumber, firstID uint64
	lastID                           uint64
	freeOffset                       uint32
	flags                            uint32
	dataCRC                          uint32
	size, lastOffset                 uint32
	headerOK                         bool // the header's own checksum holds
}

func parseChunkHeader(b []byte) chunkHeader {
	le := binary.LittleEndian
	sum := crc32.Update(crc32.ChecksumIEEE(b[:120]), crc32.IEEETable, b[128:chunkHeaderSize])
	return chunkHeader{
		firstNumber: le.Uint64(b[8:]),
		lastNumber:  le.Uint64(b[16:]),
		firstID:     le.Uint64(b[24:]),
		lastID:      le.Uint64(b[32:]),
		freeOffset:  le.Uint32(b[48:]),
		dataCRC:     le.Uint32(b[52:]),
		flags:       le.Uint32(b[120:]),
		size:        le.Uint32(b[40:]),
		lastOffset:  le.Uint32(b[44:]),
		headerOK:    sum == le.Uint32(b[124:]),
	}
}

// A weighedHeader is a chunk header, and whether the checksum of the records, as
// far as it says that they reach, is right.
type weighedHeader struct {
	chunkHeader
	dataOK bool
}

// weighHeader returns the header of the chunk in b.
func weighHeader(b []byte) (h weighedHeader) {
	h.chunkHeader = parseChunkHeader(b[:chunkHeaderSize])
	h.dataOK = h.plausible() && crc32.ChecksumIEEE(b[chunkHeaderSize:h.freeOffset]) == h.dataCRC
	return h
}

// plausible reports whether the end of the records can be where it is said.
func (h *chunkHeader) plausible() bool {
	return h.freeOffset >= chunkHeaderSize && h.freeOffset <= chunkSize
}

// likely reports whether a header whose checksum is wrong, or not kept, is one.
func (h *chunkHeader) likely() bool {
	return h.plausible() && h.size == 128 && h.lastOffset < h.freeOffset && h.count() <= chunkSize/recordMinSize
}

// count returns how many records the chunk says it has: its numbers and its
// identifiers both count, and the lower is believed. In an empty chunk the
// last number is -1.
func (h *chunkHeader) count() uint64 {
	if h.lastNumber < h.firstNumber || h.lastNumber == 1<<64-1 {
		return 0
	}
	return min(h.lastNumber-h.firstNumber+1, h.lastID-h.firstID+1)
}

func u16(b []byte, o int) int    { return int(binary.LittleEndian.Uint16(b[o:])) }
func u32(b []byte, o int) uint32 { return binary.LittleEndian.Uint32(b[o:]) }
func u64(b []byte, o int) uint64 { return binary.LittleEndian.Uint64(b[o:]) }
