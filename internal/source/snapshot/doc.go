// Package snapshot saves what a scan saw in one file and reads it back: nodes,
// edges and gaps, with where and when each was read. A file is a target like
// any other, so that a cluster can be judged where it can't be reached.
//
// The data comes from a graph snapshot and goes back into a graph builder. A
// file is input that others control: reading it must end in a result or an
// error within bounded memory. The package must not judge what it carries and
// must not read clusters or manifests itself.
package snapshot
