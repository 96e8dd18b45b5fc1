// Package artifact is the vocabulary of what runs: images, their layers, the
// packages and programs inside, and what should not be inside. It also says how
// these things stand in the graph: sources of images and bills of materials
// write them with Add, derivers and analyzers read them with Load, so that a
// saved snapshot is judged like a fresh scan.
//
// It must not read anything itself, knows no advisory and judges nothing.
package artifact
