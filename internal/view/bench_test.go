//go:build !js

package view

import (
	"math/rand/v2"
	"testing"
)

// BenchmarkSort sorts 400,000 events of ten logs one behind the other.
func BenchmarkSort(b *testing.B) {
	var x index
	random := rand.New(rand.NewPCG(1, 2))
	for range 10 {
		at := uint64(1)
		for range 40_000 {
			at += random.Uint64N(1000)
			x.add(&entry{time: at})
		}
	}
	for b.Loop() {
		x.sortInto(nil)
	}
}
