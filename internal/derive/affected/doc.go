// Package affected joins packages with the flaws that affect them: a node for
// each flaw, and an edge from each package that has it, which says by which
// advisories, which versions are affected and which are not, and whether the
// flawed functions are linked.
//
// Packages come from the snapshot, advisories from a feed that is handed in.
// What can't be decided becomes a gap: an ecosystem without a feed, a version
// that its order can't read. The package judges nothing.
package affected
