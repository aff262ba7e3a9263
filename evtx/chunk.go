package evtx

// A chunk is the 64 KiB that are being read, and where they lie. One chunk
// after the other is read into the same memory.
type chunk struct {
	buf   [chunkSize]byte
	at    int64 // of buf in the file
	index int   // of the slot that it starts in
	part  int   // of what is in that slot
	base  int   // of buf in the slot

	// intact tells that it is a chunk where it should be, all of it, and that both
	// its checksums are right.
	intact bool

	// alone tells that it stays in buf until the slot has been read.
	alone bool

	// generation counts chunks: what was learned from another one is void.
	generation uint32
}

// begin makes what was read into buf, from a place in the file, the current
// chunk.
func (c *chunk) begin(index int, at int64) {
	c.index, c.at, c.intact, c.alone = index, at, false, false
	c.generation++
}

// offset returns the position in the file of a place in the chunk.
func (c *chunk) offset(inChunk int) int64 { return c.at + int64(inChunk) }
