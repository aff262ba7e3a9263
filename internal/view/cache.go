package view

import (
	"slices"
	"sync"
)

// caches are what queries have found. All of it can be found again.
type caches struct {
	sync.Mutex
	scans   recent[*bitmap]
	results recent[*result]
	sorted  []uint32 // all events by time

	sorting sync.Mutex // one at a time
}

// recent keeps the values that were asked for last.
type recent[T any] struct {
	keys   []string // asked for last: at the end
	values map[string]T
}

func (r *recent[T]) get(key string) (value T) {
	value, ok := r.values[key]
	if ok {
		i := slices.Index(r.keys, key)
		r.keys = append(slices.Delete(r.keys, i, i+1), key)
	}
	return value
}

func (r *recent[T]) put(key string, value T) {
	if r.values == nil {
		r.values = make(map[string]T)
	}
	if _, ok := r.values[key]; ok {
		r.keys = slices.DeleteFunc(r.keys, func(k string) bool { return k == key })
	}
	r.keys, r.values[key] = append(r.keys, key), value
	r.trim(maxScans, nil)
}

// trim forgets what was asked for longest ago, beyond a number of values and of their sizes.
func (r *recent[T]) trim(most int, fits func(values map[string]T) bool) {
	for len(r.keys) > 1 && (len(r.keys) > most || fits != nil && !fits(r.values)) {
		delete(r.values, r.keys[0])
		r.keys = slices.Delete(r.keys, 0, 1)
	}
}
