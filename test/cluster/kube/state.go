package kube

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/foilsec/foil/test/cluster/node"
	"github.com/foilsec/foil/test/cluster/process"
)

// state is what a cluster's folder remembers, so that any later process can
// show, stop and restart the cluster.
type state struct {
	Kubernetes string `json:"kubernetes"`
	// Owner is the process whose end makes the cluster abandoned; nil for
	// clusters that outlive their starter.
	Owner *process.Record `json:"owner,omitempty"`
	// Temporary folders are removed when the cluster stops.
	Temporary bool `json:"temporary,omitempty"`
	// Node is set when the cluster has a real node; Network stays claimed
	// until Claimed is false again.
	Node    bool         `json:"node,omitempty"`
	Network node.Network `json:"network"`
	Claimed bool         `json:"claimed,omitempty"`
	Ports   ports        `json:"ports"`
	// Processes are in the order in which they were started.
	Processes []process.Record `json:"processes,omitempty"`
}

// alive returns the processes that run.
func (s *state) alive() []process.Record {
	var running []process.Record
	for _, p := range s.Processes {
		if p.Alive() {
			running = append(running, p)
		}
	}
	return running
}

func stateFile(dir string) string { return filepath.Join(dir, "state.json") }

// readState returns an empty state for a folder without one.
func readState(dir string) (state, error) {
	var s state
	data, err := os.ReadFile(stateFile(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &s)
	}
	if err != nil {
		return s, fmt.Errorf("read the state of the cluster in %s: %w", dir, err)
	}
	return s, nil
}

// write replaces the file at once, so that a reader never sees half of it.
func (s *state) write(dir string) error {
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("encode the state of the cluster: %w", err)
	}
	fresh := stateFile(dir) + ".new"
	if err := os.WriteFile(fresh, data, 0o600); err != nil {
		return fmt.Errorf("write the state of the cluster: %w", err)
	}
	if err := os.Rename(fresh, stateFile(dir)); err != nil {
		return fmt.Errorf("write the state of the cluster: %w", err)
	}
	return nil
}

// ports are the TCP ports of one cluster. They are kept over a restart when
// they are still free, so that clients find the server again.
type ports struct {
	Etcd              int `json:"etcd"`
	EtcdPeer          int `json:"etcdPeer"`
	APIServer         int `json:"apiServer"`
	ControllerManager int `json:"controllerManager"`
	Scheduler         int `json:"scheduler"`
	Kubelet           int `json:"kubelet"`
	KubeletHealth     int `json:"kubeletHealth"`
}

func (p ports) free(apiHost string) bool {
	for _, port := range []int{p.Etcd, p.EtcdPeer, p.ControllerManager, p.Scheduler, p.KubeletHealth} {
		if port == 0 || !process.PortFree(loopback, port) {
			return false
		}
	}
	return process.PortFree(apiHost, p.APIServer) && process.PortFree(apiHost, p.Kubelet)
}

// newPorts finds all ports at once, so that none is found twice.
func newPorts() (ports, error) {
	found, err := process.FreePorts(loopback, 7)
	if err != nil {
		return ports{}, err
	}
	return ports{
		Etcd: found[0], EtcdPeer: found[1], APIServer: found[2], ControllerManager: found[3],
		Scheduler: found[4], Kubelet: found[5], KubeletHealth: found[6],
	}, nil
}
