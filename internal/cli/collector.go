package cli

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// leastGrowth is by how much the heap grows between two collections.
const leastGrowth = 8 << 20 // bytes

// spareCollections has the garbage collector wait until the heap has grown by
// leastGrowth, however small it is. The collector's own rule is to wait until
// it has doubled: with the few MiB that most runs need that is a collection for
// nothing when the program starts, and one for every twenty of thousands of small
// logs, a third of their time. A heap of more than twice that grows by half: of a
// bundle of 300 MB that saves a seventh of the memory, and costs no time that shows.
// $GOGC is obeyed.
func spareCollections() {
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(400) // of the 4 MiB that the runtime reckons with at first
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	var again func(struct{})
	watch := func() { runtime.AddCleanup(new([16]byte), again, struct{}{}) } // what nobody holds goes with the next collection
	again = func(struct{}) {
		metrics.Read(live)
		debug.SetGCPercent(int(min(400, max(50, 100*leastGrowth/max(1, live[0].Value.Uint64())))))
		watch()
	}
	watch()
}
