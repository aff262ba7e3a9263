package evtx

// A chunk is the 64 KiB that are being read, and where they lie. One chunk
// after the other is read into the same memory.
type chunk struct {
	buf   [chunkSize]byte
	at    int64 // of buf in the file
	index int   // of the slot

	// generation counts chunks: what was learned from another one is void.
	generation uint32
}

// begin makes what was read into buf the current chunk.
func (c *chunk) begin(index int) {
	c.place(index)
	c.generation++
}

// place says which slot buf belongs to.
func (c *chunk) place(index int) {
	c.index, c.at = index, fileHeaderSize+int64(index)*chunkSize
}

// offset returns the position in the file of a place in the chunk.
func (c *chunk) offset(inChunk int) int64 { return c.at + int64(inChunk) }
