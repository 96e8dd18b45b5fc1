package node

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/foilsec/foil/test/cluster/process"
)

// containerLogs is where kubelets link the logs of their containers to; it is
// the one folder that they do not let one choose.
const containerLogs = "/var/log/containers"

// EndContainers ends all containers of the node through containerd. The
// kubelet must have been stopped, otherwise it would start them again.
func EndContainers(ctx context.Context, l Layout) error {
	var failures error
	for range 3 {
		ids, err := ctr(ctx, l, nil, "tasks", "list", "--quiet")
		if err != nil {
			return fmt.Errorf("list the node's containers: %w", err)
		}
		if strings.TrimSpace(ids) == "" {
			return nil
		}
		// containerd itself removes what it sees ending, at the same time; a
		// failure counts only for what is still there when asked again.
		failures = nil
		for id := range strings.FieldsSeq(ids) {
			_, err := ctr(ctx, l, nil, "tasks", "delete", "--force", id)
			failures = errors.Join(failures, err)
		}
	}
	if failures != nil {
		return fmt.Errorf("end the node's containers: %w", failures)
	}
	return nil
}

// Clean removes what a stopped node has left on the machine: processes that
// outlived containerd, mounts, network, cgroups and links. It asks nothing of
// containerd, so it also cleans up after a crash.
func Clean(ctx context.Context, folder string, n Network) error {
	return errors.Join(
		endShims(ctx, folder),
		unmountBelow(ctx, folder),
		n.Release(ctx),
		n.removeCgroups(),
		removeLogLinks(folder),
		// Last, because the bridge must be gone.
		machineParameters().restore(ctx),
	)
}

// endShims ends the containers' supervisors and the containers below them. A
// supervisor is known by the socket of this node's containerd among its
// arguments.
func endShims(ctx context.Context, folder string) error {
	socket := Layout{root: folder}.socket()
	family, err := process.Family(func(args []string) bool {
		return strings.Contains(args[0], "containerd-shim") && slices.Contains(args, socket)
	})
	if err != nil {
		return err
	}
	var failures []error
	for _, member := range family {
		failures = append(failures, member.Kill(ctx))
	}
	return errors.Join(failures...)
}

// unmountBelow removes every mount below the folder, the last one first: pod
// volumes, container file systems and network namespaces.
func unmountBelow(ctx context.Context, folder string) error {
	points, err := mountsBelow(folder)
	if err != nil {
		return err
	}
	var failures []error
	for _, point := range slices.Backward(points) {
		if _, err := run(ctx, "umount", "--lazy", point); err != nil {
			failures = append(failures, fmt.Errorf("unmount %s: %w", point, err))
		}
	}
	return errors.Join(failures...)
}

func mountsBelow(folder string) ([]string, error) {
	f, err := os.Open("/proc/self/mounts")
	if err != nil {
		return nil, fmt.Errorf("list mounts: %w", err)
	}
	defer f.Close()
	// The kernel writes blanks of a path as octal numbers.
	unescape := strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`)
	var points []string
	lines := bufio.NewScanner(f)
	// An overlay names all its layers on its line.
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if fields := strings.Fields(lines.Text()); len(fields) > 1 && within(folder, unescape.Replace(fields[1])) {
			points = append(points, unescape.Replace(fields[1]))
		}
	}
	return points, lines.Err()
}

// removeLogLinks removes the links to this node's logs and no others.
func removeLogLinks(folder string) error {
	links, err := filepath.Glob(filepath.Join(containerLogs, "*.log"))
	if err != nil {
		return fmt.Errorf("list %s: %w", containerLogs, err)
	}
	var failures []error
	for _, link := range links {
		if target, err := os.Readlink(link); err == nil && within(folder, target) {
			failures = append(failures, os.Remove(link))
		}
	}
	return errors.Join(failures...)
}
