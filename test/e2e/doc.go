// Package e2e tries foil against a real Kubernetes: what a scan of a live
// cluster finds, what it says when rights are missing, and that the controls
// give the verdicts that the API server gives when the same files are applied
// to it.
//
// It holds tests only. They use the cluster of test/cluster and skip, saying
// why, where none can run.
package e2e
