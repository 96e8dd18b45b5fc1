// Package node prepares the machine for one real Kubernetes node and cleans up
// after it: pod network, containerd, images and kubelet, all in a folder of
// their own, so that several nodes and the machine's own containers do not
// meet.
//
// It writes configuration and returns the commands to run; who starts and
// stops the processes is the caller. It must run as root. It never touches the
// machine's own containerd, CNI configuration or kubelet.
package node

import (
	"fmt"
	"os"
	"path/filepath"
)

// Name is the name of the node in every cluster; a cluster has one.
const Name = "node-1"

// Layout names the files of one node.
type Layout struct{ root string }

// maxSocketPath is what the kernel accepts as the path of a Unix socket.
const maxSocketPath = 107

// NewLayout makes the node's folder.
func NewLayout(folder string) (Layout, error) {
	l := Layout{root: folder}
	if socket := l.socket() + ".ttrpc"; len(socket) > maxSocketPath {
		return Layout{}, fmt.Errorf("the path of containerd's socket is too long for the kernel (%d of at most %d bytes): %s; use a shorter cluster folder", len(socket), maxSocketPath, socket)
	}
	for _, sub := range []string{l.containerd(), l.kubelet(), l.cniConfig(), l.volumePlugins(), l.podLogs()} {
		if err := os.MkdirAll(sub, 0o755); err != nil {
			return Layout{}, fmt.Errorf("make a folder of the node: %w", err)
		}
	}
	return l, nil
}

func (l Layout) socket() string        { return filepath.Join(l.root, "containerd.sock") }
func (l Layout) containerd() string    { return filepath.Join(l.root, "containerd") }
func (l Layout) kubelet() string       { return filepath.Join(l.root, "kubelet") }
func (l Layout) podLogs() string       { return filepath.Join(l.root, "pod-logs") }
func (l Layout) cniConfig() string     { return filepath.Join(l.root, "cni", "conf") }
func (l Layout) cniLeases() string     { return filepath.Join(l.root, "cni", "leases") }
func (l Layout) volumePlugins() string { return filepath.Join(l.root, "volume-plugins") }
