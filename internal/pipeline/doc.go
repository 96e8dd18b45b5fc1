// Package pipeline is the only wiring: it connects sources, derivers,
// analyzers, exceptions, ranking and the report, one file for each process.
//
// It knows no flags and no HTTP, and holds no logic of its own: what to do is
// said by the options, what to conclude by the rooms that it calls.
package pipeline
