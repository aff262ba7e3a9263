package eventlog

import (
	"os"
	"slices"
	"sync"
)

// maxPooled is how many archives are open at a time. A folder may hold thousands of bundles, and a process have 256 files.
const maxPooled = 64

// filePool is files that are opened when they are read. It closes those that were not read for the longest time.
type filePool struct {
	mu   sync.Mutex
	open []*pooledFile // read last: at the end
}

// file is a file of the pool. It has the name that it was found by.
func (p *filePool) file(name string) *pooledFile { return &pooledFile{pool: p, name: name} }

func (p *filePool) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range p.open {
		f.now.Close()
		f.now = nil
	}
	p.open = nil
	return nil
}

type pooledFile struct {
	pool  *filePool
	name  string
	now   *os.File // nil while it is closed
	users int      // goroutines that read
}

// ReadAt opens the file if need be.
func (f *pooledFile) ReadAt(b []byte, off int64) (int, error) {
	now, err := f.take()
	if err != nil {
		return 0, err
	}
	defer f.leave()
	return now.ReadAt(b, off)
}

func (f *pooledFile) take() (*os.File, error) {
	p := f.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	if f.now == nil {
		for len(p.open) >= maxPooled {
			i := slices.IndexFunc(p.open, func(f *pooledFile) bool { return f.users == 0 })
			if i < 0 {
				break
			}
			p.open[i].now.Close()
			p.open[i].now = nil
			p.open = slices.Delete(p.open, i, i+1)
		}
		now, err := openOrdinary(f.name)
		if err != nil {
			return nil, err
		}
		f.now = now
		p.open = append(p.open, f)
	} else if i := slices.Index(p.open, f); i < len(p.open)-1 {
		p.open = append(slices.Delete(p.open, i, i+1), f)
	}
	f.users++
	return f.now, nil
}

func (f *pooledFile) leave() {
	f.pool.mu.Lock()
	f.users--
	f.pool.mu.Unlock()
}
