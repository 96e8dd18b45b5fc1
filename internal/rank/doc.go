// Package rank orders findings by how much an attacker gains from them, and
// says why: a score is the product of named factors, each with a sentence that
// a person can check. It then groups findings by the change that removes them,
// so that the queue is a list of things to do.
//
// One factor is one file. The package reads findings and derived facts; it
// does no I/O.
package rank
