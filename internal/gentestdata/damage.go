package gentestdata

import "fmt"

// A damager does damage to the log b, whose records lay as l says when it was
// whole. It returns the log, and the bytes that are no longer what they were
// in the whole log and may belong to records.
type damager func(b []byte, l *layout, d Damage) ([]byte, []span, error)

// damages are the kinds of damage. Where it says "sealed", the checksums are
// made right again: what is wrong must be found without them.
func damages() map[string]damager {
	return map[string]damager{
		"file-header-crc":   fileHeaderCRC,
		"file-header-zero":  fileHeaderZero,
		"chunk-header-crc":  inChunk(func(c []byte) { c[124] ^= 0xff }),
		"chunk-header-zero": inChunk(func(c []byte) { clear(c[:chunkHeader]) }),
		// The data's checksum is itself covered by that of the header.
		"chunk-data-crc":   inChunk(chunkDataCRC),
		"chunk-zero":       chunkZero,
		"chunk-swap":       chunkSwap,
		"truncate":         truncate,
		"record-size":      recordSize,
		"record-size-copy": recordSizeCopy,
		"garbage":          garbage,
		"trailing-garbage": trailingGarbage,
		"dirty":            dirty,
		"stale-records":    staleRecords,
		"cleared":          cleared,
		"hide":             hide,
	}
}

func fileHeaderCRC(b []byte, _ *layout, _ Damage) ([]byte, []span, error) {
	b[124] ^= 0xff
	return b, nil, nil
}

func fileHeaderZero(b []byte, _ *layout, _ Damage) ([]byte, []span, error) {
	clear(b[:headerSize])
	return b, nil, nil
}

// chunk returns a chunk of b, and its place.
func chunk(b []byte, n int) ([]byte, span, error) {
	s := span{headerSize + n*chunkSize, headerSize + (n+1)*chunkSize}
	if n < 0 || s.to > len(b) {
		return nil, s, fmt.Errorf("no chunk %d", n)
	}
	return b[s.from:s.to], s, nil
}

// inChunk makes a damager of what happens to a chunk, but not to its records.
func inChunk(change func(c []byte)) damager {
	return func(b []byte, _ *layout, d Damage) ([]byte, []span, error) {
		c, _, err := chunk(b, d.Chunk)
		if err != nil {
			return nil, nil, err
		}
		change(c)
		return b, nil, nil
	}
}

func chunkDataCRC(c []byte) {
	le.PutUint32(c[52:], ^le.Uint32(c[52:]))
	sealChunkHeader(c)
}

func chunkZero(b []byte, _ *layout, d Damage) ([]byte, []span, error) {
	c, at, err := chunk(b, d.Chunk)
	if err != nil {
		return nil, nil, err
	}
	clear(c)
	return b, []span{at}, nil
}

// chunkSwap exchanges the chunks Chunk and With: their records are whole, but
// out of order.
func chunkSwap(b []byte, _ *layout, d Damage) ([]byte, []span, error) {
	one, _, err := chunk(b, d.Chunk)
	if err != nil {
		return nil, nil, err
	}
	other, _, err := chunk(b, d.With)
	if err != nil {
		return nil, nil, err
	}
	for i := range one {
		one[i], other[i] = other[i], one[i]
	}
	return b, nil, nil
}

// truncate keeps the bytes in front of At.
func truncate(b []byte, _ *layout, d Damage) ([]byte, []span, error) {
	if d.At <= 0 || d.At >= len(b) {
		return nil, nil, fmt.Errorf("nothing to cut at %d", d.At)
	}
	return b[:d.At], []span{{d.At, len(b)}}, nil
}

// recordSize gives a record the size Value; sealed.
func recordSize(b []byte, l *layout, d Damage) ([]byte, []span, error) {
	return number(b, l, d, func(p place) int { return p.from + 4 })
}

// recordSizeCopy makes a record's trailing copy of its size Value; sealed.
func recordSizeCopy(b []byte, l *layout, d Damage) ([]byte, []span, error) {
	return number(b, l, d, func(p place) int { return p.to - 4 })
}

// number writes Value where at says in the record.
func number(b []byte, l *layout, d Damage, at func(place) int) ([]byte, []span, error) {
	p, err := l.record(d.Chunk, d.Record)
	if err != nil {
		return nil, nil, err
	}
	c, _, err := chunk(b, d.Chunk)
	if err != nil {
		return nil, nil, err
	}
	le.PutUint32(b[at(p):], d.Value)
	sealChunk(c)
	return b, []span{{at(p), at(p) + 4}}, nil
}

// garbage overwrites Length bytes of a chunk.
func garbage(b []byte, _ *layout, d Damage) ([]byte, []span, error) {
	c, at, err := chunk(b, d.Chunk)
	if err != nil || d.At < 0 || d.Length <= 0 || d.At+d.Length > len(c) {
		return nil, nil, fmt.Errorf("no %d bytes at %d of chunk %d", d.Length, d.At, d.Chunk)
	}
	(&random{d.Seed}).fill(c[d.At : d.At+d.Length])
	return b, []span{{at.from + d.At, at.from + d.At + d.Length}}, nil
}

// trailingGarbage adds Length bytes behind the last chunk.
func trailingGarbage(b []byte, _ *layout, d Damage) ([]byte, []span, error) {
	tail := make([]byte, d.Length)
	(&random{d.Seed}).fill(tail)
	return append(b, tail...), nil, nil
}

// dirty is a log that was copied while the service had it open: the flag is
// set, and the header still counts the chunks up to Chunk alone; sealed.
func dirty(b []byte, l *layout, d Damage) ([]byte, []span, error) {
	if d.Chunk < 0 || d.Chunk >= len(l.chunks) {
		return nil, nil, fmt.Errorf("no chunk %d", d.Chunk)
	}
	records := l.chunks[d.Chunk].records
	last := records[len(records)-1]
	le.PutUint64(b[16:], uint64(d.Chunk))   // last chunk
	le.PutUint64(b[24:], last.id+1)         // next record
	le.PutUint16(b[42:], uint16(d.Chunk+1)) // number of chunks
	le.PutUint32(b[120:], le.Uint32(b[120:])|1)
	sealFile(b)
	return b, nil, nil
}

// staleRecords moves the end of the last chunk in front of its last Length
// records, as if they were of an older lap: they lie in unused space, whole;
// sealed.
func staleRecords(b []byte, l *layout, d Damage) ([]byte, []span, error) {
	n := len(l.chunks) - 1
	records := l.chunks[n].records
	if d.Length <= 0 || d.Length >= len(records) {
		return nil, nil, fmt.Errorf("no %d records to spare in the last chunk", d.Length)
	}
	c, at, err := chunk(b, n)
	if err != nil {
		return nil, nil, err
	}
	first, last := records[len(records)-d.Length], records[len(records)-d.Length-1]
	gone := span{first.from, records[len(records)-1].to}
	le.PutUint64(c[16:], last.id)
	le.PutUint64(c[32:], last.id)
	le.PutUint32(c[44:], uint32(last.from-at.from))
	le.PutUint32(c[48:], uint32(first.from-at.from))
	sealChunk(c)
	le.PutUint64(b[24:], last.id+1)
	sealFile(b)
	return b, []span{gone}, nil
}

// cleared is a log as Windows leaves it when somebody clears it: one chunk,
// whose header says that it is empty, and numbers that begin anew. What was
// in the chunk is there still; sealed.
func cleared(b []byte, l *layout, _ Damage) ([]byte, []span, error) {
	c, _, err := chunk(b, 0)
	if err != nil {
		return nil, nil, err
	}
	clear(c[8:chunkHeader])
	le.PutUint64(c[8:], 1)
	for _, at := range []int{16, 24, 32} {
		le.PutUint64(c[at:], 1<<64-1)
	}
	le.PutUint32(c[40:], 128)
	le.PutUint32(c[48:], chunkHeader)
	le.PutUint32(c[120:], 1)
	sealChunk(c)
	le.PutUint64(b[16:], 0) // last chunk
	le.PutUint64(b[24:], 1) // next record
	le.PutUint16(b[42:], 1) // number of chunks
	le.PutUint32(b[120:], le.Uint32(b[120:])|1)
	sealFile(b)
	return b[:headerSize+chunkSize], []span{{headerSize, len(b)}}, nil
}

// hide lets a record take in the one behind it, as a tool does that hides
// events; the number of records stays, and all is sealed.
func hide(b []byte, l *layout, d Damage) ([]byte, []span, error) {
	around, err := l.record(d.Chunk, d.Record)
	if err != nil {
		return nil, nil, err
	}
	inner, err := l.record(d.Chunk, d.Record+1)
	if err != nil {
		return nil, nil, err
	}
	c, _, err := chunk(b, d.Chunk)
	if err != nil {
		return nil, nil, err
	}
	size := uint32(inner.to - around.from)
	le.PutUint32(b[around.from+4:], size)
	le.PutUint32(b[inner.to-4:], size)
	sealChunk(c)
	return b, []span{inner.span}, nil
}

// fill fills b with random bytes.
func (r *random) fill(b []byte) {
	for i := range b {
		b[i] = byte(r.next())
	}
}
