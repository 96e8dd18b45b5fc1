package cli

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// A command lives for seconds and is judged by its time and its peak of memory.
// Go's collector doubles the heap before it collects, from the first megabytes
// on: much work while there is little to free, and much garbage when there is
// plenty. So the target is set anew after each collection.
const (
	smallHeap   = 40 << 20 // below this, collecting is not worth the time
	growth      = 33       // percent, above it
	perDocument = 2.1      // memory of a whole scan for each byte of what was read
)

// tuneMemory begins to set the target of the garbage collector. Users who set
// GOMEMLIMIT or GOGC know better.
func tuneMemory() {
	if os.Getenv("GOMEMLIMIT") == "" && os.Getenv("GOGC") == "" {
		retarget(&collection{})
	}
}

// collection is garbage as soon as it is made: its finalizer runs after each
// collection of the heap.
type collection struct{ _ [16]byte }

func retarget(c *collection) {
	percent := growth
	if live := max(liveHeap(), 1<<20); live < smallHeap {
		percent = max(percent, int(smallHeap*100/live)-100)
	}
	debug.SetGCPercent(percent)
	runtime.SetFinalizer(c, retarget)
}

func liveHeap() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// boundMemory limits what is left of a scan in proportion to what was read:
// analysis, ranking and report need about as much again.
func boundMemory() {
	if os.Getenv("GOMEMLIMIT") != "" || os.Getenv("GOGC") != "" {
		return
	}
	runtime.GC()
	debug.SetMemoryLimit(smallHeap + int64(perDocument*float64(liveHeap())))
}

// unboundMemory takes the limit away, for work after a scan that needs more.
func unboundMemory() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(math.MaxInt64)
	}
}
