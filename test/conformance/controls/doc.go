// Command controls compares foil's verdicts with those that Kubescape's rule
// library expects of its own test cases.
//
// Each FILE holds one case on each line, as JSON, compressed if its name ends
// in .gz. The inputs of a case become one snapshot, read by the same source as
// a user's files; all analyzers run, with the default settings and those that
// the case gives over them. A case agrees when each control that the case is
// about fails on exactly the objects that the case expects.
//
// The command prints a line for each disagreement, then how many cases were
// skipped and why, how many agree on the fields as well (a softer score, for
// information), and last "agree A of B".
package main
