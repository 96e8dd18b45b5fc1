// Package manifest is the source that reads files: YAML and JSON manifests,
// folders of them, standard input, Helm charts and Kustomize roots. Objects go
// into the graph builder with the file, line and column of every field.
//
// It never touches the network and starts no other program. Files may come
// from anyone: whatever can't be read within [Limits] becomes a gap that says
// where and why, and everything else is still read.
package manifest
