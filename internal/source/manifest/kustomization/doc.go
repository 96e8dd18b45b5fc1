// Package kustomization builds Kustomize roots with Kustomize's own library
// and finds the file and line that each field of the result comes from: the
// resource file, or the patch that set it.
//
// Builds see the disk through a file system that is read-only, ends at the
// boundary that the caller names, and hands out kustomization files from which
// everything is taken that would reach for the network or start another
// program: remote bases and files, charts to inflate, plugins. What was taken
// out becomes a gap, and the rest is built.
package kustomization
