//go:build linux

package main

import (
	"encoding/binary"
	"math/rand/v2"
)

const (
	fileHeader  = 4096
	chunkSize   = 65536
	firstRecord = 512
	sector      = 512
)

// A mutator answers a damaged copy of a log; data is its own to change.
type mutator struct {
	name   string
	mutate func(r *rand.Rand, data []byte) []byte
}

var mutators = []mutator{
	{"bit flips", bitFlips},
	{"bytes", randomBytes},
	{"garbage range", garbageRange},
	{"truncated", truncated},
	{"zeroed sectors", zeroedSectors},
	{"swapped sectors", swappedSectors},
	{"swapped chunks", swappedChunks},
	{"zeroed chunk", zeroedChunk},
	{"file header", fileHeaderFields},
	{"chunk header", chunkHeaderFields},
	{"record sizes", recordSizes},
	{"sizes and counts inside", innerNumbers},
	{"pointers", pointers},
	{"duplicated range", duplicatedRange},
}

// Numbers that readers trip over.
var evil = []uint32{
	0, 1, 4, 8, 24, 27, 28, 29, 511, 512, 0x7FF8, 0xFFFF, 0x10000, 0x10008, 0xFFF8, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF8, 0xFFFFFFFF,
}

func bitFlips(r *rand.Rand, data []byte) []byte {
	for range 1 + r.IntN(40) {
		data[r.IntN(len(data))] ^= 1 << r.IntN(8)
	}
	return data
}

func randomBytes(r *rand.Rand, data []byte) []byte {
	for range 1 + r.IntN(16) {
		data[r.IntN(len(data))] = byte(r.Uint32())
	}
	return data
}

func garbageRange(r *rand.Rand, data []byte) []byte {
	at := r.IntN(len(data))
	for i := at; i < min(len(data), at+1+r.IntN(2000)); i++ {
		data[i] = byte(r.Uint32())
	}
	return data
}

func truncated(r *rand.Rand, data []byte) []byte {
	n := r.IntN(len(data))
	if r.IntN(2) == 0 {
		n &^= sector - 1
	}
	return data[:n]
}

func zeroedSectors(r *rand.Rand, data []byte) []byte {
	for range 1 + r.IntN(4) {
		at := r.IntN(len(data)) &^ (sector - 1)
		clear(data[at:min(at+sector, len(data))])
	}
	return data
}

func swappedSectors(r *rand.Rand, data []byte) []byte {
	n := len(data) / sector
	for range 1 + r.IntN(4) {
		swap(data, r.IntN(n)*sector, r.IntN(n)*sector, sector)
	}
	return data
}

func swappedChunks(r *rand.Rand, data []byte) []byte {
	n := (len(data) - fileHeader) / chunkSize
	if n < 2 {
		return swappedSectors(r, data)
	}
	swap(data, fileHeader+r.IntN(n)*chunkSize, fileHeader+r.IntN(n)*chunkSize, chunkSize)
	return data
}

func swap(data []byte, a, b, n int) {
	for i := range n {
		data[a+i], data[b+i] = data[b+i], data[a+i]
	}
}

func zeroedChunk(r *rand.Rand, data []byte) []byte {
	at := chunkAt(r, data)
	clear(data[at:min(at+chunkSize, len(data))])
	return data
}

func fileHeaderFields(r *rand.Rand, data []byte) []byte {
	for range 1 + r.IntN(3) {
		put32(data, 4*r.IntN(32), number(r))
	}
	return data
}

// chunkHeaderFields hits the record numbers, offsets, checksums, and the tables of names and templates.
func chunkHeaderFields(r *rand.Rand, data []byte) []byte {
	at := chunkAt(r, data)
	for range 1 + r.IntN(8) {
		put32(data, at+4*r.IntN(firstRecord/4), number(r))
	}
	return data
}

// recordSizes hits a record's magic, its size, its id or the copy of the size behind it.
func recordSizes(r *rand.Rand, data []byte) []byte {
	for range 1 + r.IntN(3) {
		at, size := recordAt(r, data)
		switch r.IntN(4) {
		case 0:
			put32(data, at, number(r))
		case 1:
			put32(data, at+4, number(r))
		case 2:
			put32(data, at+4, uint32(size+8*(r.IntN(9)-4)))
		case 3:
			put32(data, at+size-4, number(r))
		}
	}
	return data
}

// innerNumbers hits 16 and 32 bit numbers near the start of a record's binary XML, where counts and descriptors are.
func innerNumbers(r *rand.Rand, data []byte) []byte {
	for range 1 + r.IntN(4) {
		at, size := recordAt(r, data)
		offset := at + 24 + r.IntN(max(1, min(size-28, 160)))
		if r.IntN(2) == 0 {
			put32(data, offset, number(r))
		} else {
			put16(data, offset, uint16(number(r)))
		}
	}
	return data
}

// pointers makes numbers inside a chunk point at themselves, before themselves, or anywhere in the chunk.
func pointers(r *rand.Rand, data []byte) []byte {
	for range 1 + r.IntN(6) {
		chunk := chunkAt(r, data)
		offset := r.IntN(chunkSize - 4)
		if r.IntN(2) == 0 {
			at, size := recordAt(r, data)
			inside := max(0, at-fileHeader) % chunkSize
			chunk, offset = at-inside, inside+24+r.IntN(max(1, size-28))
		}
		target := offset
		switch r.IntN(3) {
		case 0:
			target -= r.IntN(64)
		case 1:
			target = r.IntN(chunkSize)
		}
		put32(data, chunk+offset, uint32(max(0, target)))
	}
	return data
}

// duplicatedRange writes a range of the log over another place, or in between two others.
func duplicatedRange(r *rand.Rand, data []byte) []byte {
	n := 8 * (1 + r.IntN(1000))
	from := r.IntN(len(data)) &^ 7
	copied := append([]byte(nil), data[from:min(from+n, len(data))]...)
	to := r.IntN(len(data)) &^ 7
	if r.IntN(4) > 0 {
		copy(data[to:], copied)
		return data
	}
	return append(data[:to:to], append(copied, data[to:]...)...)
}

// chunkAt is the offset of some chunk, or of the record area of a file without a whole one.
func chunkAt(r *rand.Rand, data []byte) int {
	n := (len(data) - fileHeader) / chunkSize
	if n < 1 {
		return 0
	}
	return fileHeader + r.IntN(n)*chunkSize
}

// recordAt is the offset and the size of some record: the first that a walk finds from a place chosen at random.
func recordAt(r *rand.Rand, data []byte) (at, size int) {
	chunk := chunkAt(r, data)
	start := chunk + firstRecord + r.IntN(chunkSize-firstRecord)
	for at := start &^ 7; at+28 < min(chunk+chunkSize, len(data)); at += 8 {
		size := int(binary.LittleEndian.Uint32(data[at+4:]))
		if binary.LittleEndian.Uint32(data[at:]) == 0x2A2A && size >= 28 && size < chunkSize && at+size <= len(data) {
			return at, size
		}
	}
	return min(chunk+firstRecord, len(data)-28), 28
}

// number is an evil one mostly, otherwise any.
func number(r *rand.Rand) uint32 {
	if r.IntN(4) == 0 {
		return r.Uint32()
	}
	return evil[r.IntN(len(evil))]
}

func put32(data []byte, at int, v uint32) {
	if at >= 0 && at+4 <= len(data) {
		binary.LittleEndian.PutUint32(data[at:], v)
	}
}

func put16(data []byte, at int, v uint16) {
	if at >= 0 && at+2 <= len(data) {
		binary.LittleEndian.PutUint16(data[at:], v)
	}
}
