package tempfile

import (
	"errors"
	"io"
	"sync"
)

const pageSize = 64 << 10

// Memory is a File in memory. Pages of zeros that nobody wrote take no room.
type Memory struct {
	mu    sync.RWMutex
	pages map[int64]*[pageSize]byte
	size  int64
	at    int64 // where Write goes on
}

// NewMemory returns an empty one.
func NewMemory() *Memory { return &Memory{pages: make(map[int64]*[pageSize]byte)} }

// Seek sets where Write goes on.
func (m *Memory) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += m.at
	case io.SeekEnd:
		offset += m.size
	}
	if offset < 0 {
		return 0, errors.New("negative offset")
	}
	m.at = offset
	return offset, nil
}

// Size is how long it is.
func (m *Memory) Size() int64 { return m.size }

// Write writes behind what was written before.
func (m *Memory) Write(p []byte) (int, error) {
	n, err := m.WriteAt(p, m.at)
	m.at += int64(n)
	return n, err
}

// WriteAt writes p at a place, which may lie behind the end.
func (m *Memory) WriteAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, errors.New("negative offset")
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	n := len(p)
	for len(p) > 0 {
		page := m.pages[off/pageSize]
		if page == nil {
			page = new([pageSize]byte)
			m.pages[off/pageSize] = page
		}
		k := copy(page[off%pageSize:], p)
		p, off = p[k:], off+int64(k)
	}
	m.size = max(m.size, off)
	return n, nil
}

// ReadAt reads from a place on.
func (m *Memory) ReadAt(p []byte, off int64) (n int, err error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	switch {
	case off < 0:
		return 0, errors.New("negative offset")
	case off >= m.size:
		return 0, io.EOF
	case int64(len(p)) > m.size-off:
		p, err = p[:m.size-off], io.EOF
	}
	for n < len(p) {
		rest := p[n:min(len(p), n+int(pageSize-off%pageSize))]
		if page := m.pages[off/pageSize]; page != nil {
			copy(rest, page[off%pageSize:])
		} else {
			clear(rest)
		}
		n, off = n+len(rest), off+int64(len(rest))
	}
	return n, err
}

// Truncate makes it that long. What is cut off is gone.
func (m *Memory) Truncate(size int64) error {
	if size < 0 {
		return errors.New("negative size")
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if size < m.size {
		for i, page := range m.pages {
			switch {
			case i*pageSize >= size:
				delete(m.pages, i)
			case i == size/pageSize:
				clear(page[size%pageSize:])
			}
		}
	}
	m.size = size
	return nil
}

// Close gives the memory back.
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pages, m.size, m.at = make(map[int64]*[pageSize]byte), 0, 0
	return nil
}
