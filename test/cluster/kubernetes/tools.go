//go:build tools

// Package kubernetes names the programs that the test cluster is made of.
//
// It is never compiled: the imports below only keep the programs and their
// checksums in go.mod and go.sum. Package cluster/binaries builds them from here.
package kubernetes

import (
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
	_ "k8s.io/kubernetes/cmd/kube-controller-manager"
	_ "k8s.io/kubernetes/cmd/kube-scheduler"
	_ "k8s.io/kubernetes/cmd/kubectl"
	_ "k8s.io/kubernetes/cmd/kubelet"
)
