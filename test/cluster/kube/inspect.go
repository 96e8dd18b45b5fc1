package kube

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/foilsec/foil/test/cluster/process"
)

// Status is what a cluster's folder and the kernel tell about it.
type Status struct {
	Dir, Kubeconfig, Kubernetes string
	// Programs are those that were started, whether they run or not.
	Programs []ProgramStatus
}

// ProgramStatus is one program of a cluster.
type ProgramStatus struct {
	process.Record
	Running bool
	// MemoryKB is what the program holds in memory, shared parts included.
	MemoryKB int
}

// Inspect reads the status of the cluster in a folder.
func Inspect(dir string) (Status, error) {
	s, err := readState(dir)
	if err != nil {
		return Status{}, err
	}
	status := Status{Dir: dir, Kubernetes: s.Kubernetes, Kubeconfig: (&Cluster{dir: dir}).Kubeconfig()}
	for _, p := range s.Processes {
		program := ProgramStatus{Record: p, Running: p.Alive()}
		if program.Running {
			program.MemoryKB = p.MemoryKB()
		}
		status.Programs = append(status.Programs, program)
	}
	return status, nil
}

// Print writes the status for people.
func (s Status) Print(w io.Writer) {
	fmt.Fprintf(w, "%s\n", s.Dir)
	if len(s.Programs) == 0 {
		fmt.Fprintln(w, "  stopped")
		return
	}
	fmt.Fprintf(w, "  Kubernetes %s, kubeconfig %s\n", s.Kubernetes, s.Kubeconfig)
	for _, p := range s.Programs {
		if !p.Running {
			fmt.Fprintf(w, "  %-24s ended; see %s\n", p.Name, p.Log)
			continue
		}
		fmt.Fprintf(w, "  %-24s process %-8d %4d MB\n", p.Name, p.PID, p.MemoryKB/1024)
	}
}

// Remove deletes the folder of a stopped cluster. A folder that no cluster
// ever ran in is left alone.
func Remove(dir string) error {
	if _, err := os.Stat(stateFile(dir)); err != nil {
		return fmt.Errorf("remove the cluster: %s is not the folder of a cluster: %w", dir, err)
	}
	s, err := readState(dir)
	if err != nil {
		return err
	}
	if len(s.alive()) > 0 || s.Claimed {
		return fmt.Errorf("remove the cluster: it is not stopped: %s", filepath.Clean(dir))
	}
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("remove the cluster: %w", err)
	}
	return nil
}
