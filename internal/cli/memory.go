package cli

import (
	"os"
	"runtime"
	"runtime/debug"
)

// boundMemory gives the garbage collector a target in proportion to what was
// read: a command lives for seconds and is judged by its peak. Users who set
// GOMEMLIMIT or GOGC know better.
func boundMemory() {
	if os.Getenv("GOMEMLIMIT") != "" || os.Getenv("GOGC") != "" {
		return
	}
	// What analysis, ranking and the report add to the documents of a scan is
	// about as much again; the rest is room for garbage.
	const base, perByte = 40 << 20, 2.1
	runtime.GC()
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	debug.SetMemoryLimit(base + int64(perByte*float64(now.HeapAlloc)))
}
