package node

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const cgroupMount = "/sys/fs/cgroup"

// cgroupRoot returns the folder below which the kubelet puts its pods. The
// first node of a machine uses the root, as a node of production does, and its
// pods are at /kubepods/...; each further one gets a folder, because a kubelet
// ends whatever it finds among its pods and does not know.
func (n Network) cgroupRoot() string {
	if n.Number == 0 {
		return "/"
	}
	return n.ownCgroup()
}

// ownCgroup returns the folder that belongs to the node alone.
func (n Network) ownCgroup() string {
	if n.Number == 0 {
		return "/kubepods"
	}
	return "/foil-" + strconv.Itoa(n.Number)
}

// cgroupExists reports whether the machine has the node's cgroup already: the
// machine may have a kubelet of its own.
func (n Network) cgroupExists() bool {
	for _, h := range hierarchies() {
		if _, err := os.Stat(filepath.Join(h, n.ownCgroup())); err == nil {
			return true
		}
	}
	return false
}

// makeCgroup makes the kubelet's root cgroup in every hierarchy; the kubelet
// insists on finding it there.
func (n Network) makeCgroup() (string, error) {
	for _, h := range hierarchies() {
		if err := os.MkdirAll(filepath.Join(h, n.cgroupRoot()), 0o755); err != nil {
			return "", fmt.Errorf("make the cgroup of the node: %w", err)
		}
	}
	if unified() {
		return n.cgroupRoot(), n.delegate()
	}
	return n.cgroupRoot(), nil
}

// delegate hands the resource controllers of a version 2 hierarchy down to the
// node's cgroup and to what is below it.
func (n Network) delegate() error {
	available, err := os.ReadFile(filepath.Join(cgroupMount, "cgroup.controllers"))
	if err != nil {
		return fmt.Errorf("read the cgroup controllers: %w", err)
	}
	enable := "+" + strings.Join(strings.Fields(string(available)), " +")
	for _, folder := range []string{cgroupMount, filepath.Join(cgroupMount, n.cgroupRoot())} {
		if err := os.WriteFile(filepath.Join(folder, "cgroup.subtree_control"), []byte(enable), 0o644); err != nil {
			return fmt.Errorf("hand cgroup controllers down in %s: %w", folder, err)
		}
	}
	return nil
}

// removeCgroups removes the node's own cgroups, the innermost first. They must
// be empty: nobody else's process is ever ended here.
func (n Network) removeCgroups() error {
	var failures []error
	for _, h := range hierarchies() {
		failures = append(failures, removeTree(filepath.Join(h, n.ownCgroup())))
	}
	return errors.Join(failures...)
}

func removeTree(top string) error {
	var folders []string
	err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			folders = append(folders, path)
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for i := len(folders) - 1; i >= 0 && err == nil; i-- {
		err = os.Remove(folders[i])
	}
	if err != nil {
		return fmt.Errorf("remove the cgroup %s: %w", top, err)
	}
	return nil
}

// unified reports whether the machine has version 2 alone.
func unified() bool {
	_, err := os.Stat(filepath.Join(cgroupMount, "cgroup.controllers"))
	return err == nil
}

// hierarchies returns the mount points of all cgroup hierarchies.
func hierarchies() []string {
	if unified() {
		return []string{cgroupMount}
	}
	entries, err := os.ReadDir(cgroupMount)
	if err != nil {
		return nil
	}
	var mounts []string
	for _, e := range entries {
		// Names such as cpuacct may be links to a joint hierarchy.
		if e.IsDir() {
			mounts = append(mounts, filepath.Join(cgroupMount, e.Name()))
		}
	}
	return mounts
}
