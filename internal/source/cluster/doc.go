// Package cluster reads a live cluster: every kind of object that its API
// server can list, built-in or custom, with the rights of the current user.
//
// It only lists, never writes or watches. Values of Secrets are not asked for:
// a Secret has its metadata and its type, no more. What can't be listed is
// added as a gap with what to do about it; the rest is still read.
//
// Lists are consistent: each is read from the state that its first page shows,
// not from a cache that may be behind (resourceVersion="0" would be cheaper
// for old API servers, which in turn ignore page sizes for it). Kinds are not
// consistent with each other, as no API offers that.
//
// Data comes from the Kubernetes API and goes into a graph builder. The
// package knows no rules and no findings.
package cluster
