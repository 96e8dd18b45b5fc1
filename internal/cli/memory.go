package cli

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// A scan of objects lives for seconds and is judged by its time and its peak of
// memory.
// Go's collector doubles the heap before it collects, from the first megabytes
// on: much work while there is little to free, and much garbage when there is
// plenty. So the target is set anew after each collection.
const (
	smallHeap   = 34 << 20 // below this, collecting is not worth the time
	growth      = 27       // percent, above it
	perDocument = 2.3      // memory of a whole scan for each byte of what was read
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
	heap := readHeap()
	percent := uint64(growth)
	if heap.live < smallHeap {
		percent = max(percent, (smallHeap-heap.live)*100/heap.scanned)
	}
	debug.SetGCPercent(int(percent))
	runtime.SetFinalizer(c, retarget)
}

// heap is what the last collection found, in bytes. The collector's percentage
// counts from what it scanned: what lives, stacks and globals.
type heap struct{ live, scanned uint64 }

func readHeap() heap {
	samples := []metrics.Sample{
		{Name: "/gc/heap/live:bytes"}, {Name: "/gc/scan/stack:bytes"}, {Name: "/gc/scan/globals:bytes"},
	}
	metrics.Read(samples)
	live := samples[0].Value.Uint64()
	return heap{live: live, scanned: max(live+samples[1].Value.Uint64()+samples[2].Value.Uint64(), 1<<20)}
}

// boundMemory limits what is left of a scan in proportion to what was read:
// analysis, ranking and report need about as much again.
func boundMemory() {
	if os.Getenv("GOMEMLIMIT") != "" || os.Getenv("GOGC") != "" {
		return
	}
	runtime.GC()
	debug.SetMemoryLimit(smallHeap + int64(perDocument*float64(readHeap().live)))
}

// unboundMemory takes the limit away, for work after a scan that needs more.
func unboundMemory() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(math.MaxInt64)
	}
}
