package archive

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"hash/crc32"
	"io"
	"os"
)

// A spool holds the compressed content of all entries until the manifest,
// which comes first, is known. It is a file without a name.
type spool struct {
	file *os.File
	size int64
}

func (s *spool) Write(p []byte) (int, error) {
	n, err := s.file.WriteAt(p, s.size)
	s.size += int64(n)
	return n, err
}

// packed is an entry's content, compressed: the head, then a part of the spool.
type packed struct {
	head     []byte
	from, to int64 // in the spool
	crc      uint32
	bytes    int64 // uncompressed
}

func (p *packed) size() int64 { return int64(len(p.head)) + p.to - p.from }

// logHeader is the size of the file header of a log (section "File header" of
// the format document), which is known last and comes first.
const logHeader = 4096

// A slicer is the file that an evtx.Writer writes a log to. It keeps the log,
// to be read again, and compresses it on the way: the chunks as they come, the
// header at the end, in front of them.
type slicer struct {
	file   *os.File
	body   *deflater
	header [logHeader]byte
	at     int64
	size   int64
}

func newSlicer(file *os.File, out io.Writer) (*slicer, error) {
	if err := file.Truncate(0); err != nil {
		return nil, err
	}
	return &slicer{file: file, body: newDeflater(out)}, nil
}

// Write takes the header, any number of times, or the next bytes behind it.
func (s *slicer) Write(p []byte) (int, error) {
	n, err := s.file.WriteAt(p, s.at)
	if err != nil {
		return n, &TempError{err}
	}
	if s.at < logHeader {
		copy(s.header[s.at:], p)
	} else if _, err := s.body.Write(p); err != nil {
		return 0, err
	}
	s.at += int64(n)
	s.size = max(s.size, s.at)
	return n, nil
}

// Seek is what the Writer needs of it.
func (s *slicer) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekStart:
		s.at = offset
	case io.SeekCurrent:
		s.at += offset
	case io.SeekEnd:
		s.at = s.size + offset
	}
	return s.at, nil
}

// finish returns what the log was compressed to.
func (s *slicer) finish(from int64, sp *spool) (packed, error) {
	if err := s.body.Close(); err != nil {
		return packed{}, err
	}
	head, err := deflateBlockOf(s.header[:])
	return packed{head: head, from: from, to: sp.size, bytes: s.size}, err
}

// sums reads the log again for its checksums.
func (s *slicer) sums() (crc uint32, sha string, err error) {
	c, h := crc32.NewIEEE(), sha256.New()
	_, err = io.CopyBuffer(io.MultiWriter(c, h), io.NewSectionReader(s.file, 0, s.size), make([]byte, 256<<10))
	return c.Sum32(), hex.EncodeToString(h.Sum(nil)), err
}

// pack compresses an entry that is in memory.
func pack(data []byte, sp *spool) (p packed, sha string, err error) {
	out, err := deflateAll(data)
	if err != nil {
		return packed{}, "", err
	}
	p = packed{from: sp.size, crc: crc32.ChecksumIEEE(data), bytes: int64(len(data))}
	_, err = io.Copy(sp, bytes.NewReader(out))
	p.to = sp.size
	sum := sha256.Sum256(data)
	return p, hex.EncodeToString(sum[:]), err
}
