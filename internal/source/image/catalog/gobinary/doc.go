// Package gobinary reads what Go builds write into programs: the modules and
// their versions, the toolchain, and which functions are linked.
//
// The names of functions come from the table that the runtime prints stack
// traces from. It is there in stripped programs too, and names functions that
// were built into others. Names take the form of the Go vulnerability database.
//
// It knows no flaws, and never says whether a linked function is called.
package gobinary
