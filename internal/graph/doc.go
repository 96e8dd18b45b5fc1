// Package graph holds facts: what exists (nodes), how it hangs together
// (edges), what each object says field by field (documents and values), and
// where each fact was read (provenance, positions).
//
// Sources write into a [Builder]; everything else reads the immutable
// [Snapshot] that it yields. The package must not touch the network, the
// disk, the clock or Kubernetes types, and imports the standard library only,
// so that every room of the house can depend on it.
package graph
