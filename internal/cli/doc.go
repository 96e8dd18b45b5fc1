// Package cli is the command foil: one verb per file. A verb reads flags, calls
// the pipeline and prints; it holds no analysis.
//
// The contract with the terminal: results go to standard output and nothing
// else does; errors, hints and progress go to standard error; progress appears
// only when standard error is a terminal, colour only when standard output is
// one and NO_COLOR is not set. Exit codes are those of [Code].
package cli
