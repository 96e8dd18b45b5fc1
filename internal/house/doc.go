// Package house holds the tests that keep the repository in the shape that
// docs/architecture.md describes: who may import whom, what is linked into the
// binary, what every package and exported name says about itself.
//
// It has no code of its own and must not be imported. It reads the source
// tree, by the go command, and changes nothing, except for the list of linked
// packages when the tests run with -update.
package house
