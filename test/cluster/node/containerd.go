package node

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/foilsec/foil/test/cluster/machine"
	"github.com/foilsec/foil/test/cluster/process"
)

// containerdConfig keeps everything below the node's folder. Two settings need
// a reason: without restrict_oom_score_adj, runc dies where the process lacks
// CAP_SYS_RESOURCE; network namespaces below the state folder let clean-up
// find every mount of the node by its path.
const containerdConfig = `version = 2
root = %[1]q
state = %[2]q

[grpc]
  address = %[3]q

[plugins."io.containerd.internal.v1.opt"]
  path = %[4]q

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = %[5]q
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"

  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = %[6]q
    conf_dir = %[7]q

  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = %[8]q

    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"

      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        Root = %[9]q
        SystemdCgroup = false
`

// Containerd writes containerd's configuration and returns the command that
// runs it.
func Containerd(l Layout, n Network) (process.Command, error) {
	path, err := machine.Find("containerd")
	if err != nil {
		return process.Command{}, err
	}
	plugins, err := machine.CNIPlugins()
	if err != nil {
		return process.Command{}, err
	}
	if err := n.writeCNI(l); err != nil {
		return process.Command{}, err
	}
	config := fmt.Sprintf(containerdConfig,
		filepath.Join(l.containerd(), "root"), filepath.Join(l.containerd(), "state"), l.socket(),
		filepath.Join(l.containerd(), "opt"), PauseImage, plugins, l.cniConfig(), snapshotter(l.root),
		filepath.Join(l.containerd(), "runc"))
	file := filepath.Join(l.containerd(), "config.toml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		return process.Command{}, fmt.Errorf("write containerd's configuration: %w", err)
	}
	return process.Command{
		Name: "containerd", Path: path, Args: []string{"--config", file},
		Env: []string{"PATH=" + machine.SearchPath()},
	}, nil
}

// ContainerdReady fails until containerd answers.
func ContainerdReady(ctx context.Context, l Layout) error {
	_, err := ctr(ctx, l, nil, "version")
	return err
}

// LoadImage imports an image archive, as `docker save` writes it, into the
// node.
func LoadImage(ctx context.Context, l Layout, archive io.Reader) error {
	if _, err := ctr(ctx, l, archive, "images", "import", "-"); err != nil {
		return fmt.Errorf("import an image into the node: %w", err)
	}
	return nil
}

// ctr calls containerd in the namespace that Kubernetes uses.
func ctr(ctx context.Context, l Layout, input io.Reader, args ...string) (string, error) {
	return runWithInput(ctx, input, "ctr", append([]string{"--connect-timeout", "3s", "--address", l.socket(), "--namespace", "k8s.io"}, args...)...)
}

// snapshotter returns how image layers are stacked: overlayfs, except where
// the folder lies on an overlay itself, as inside a container.
func snapshotter(folder string) string {
	if mountType(folder) == "overlay" {
		return "native"
	}
	return "overlayfs"
}

// mountType returns the type of the file system that holds a folder.
func mountType(folder string) string {
	f, err := os.Open("/proc/self/mounts")
	if err != nil {
		return ""
	}
	defer f.Close()
	var longest, kind string
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 3 || len(fields[1]) < len(longest) || !within(fields[1], folder) {
			continue
		}
		longest, kind = fields[1], fields[2]
	}
	return kind
}

// within reports whether a path is the folder or lies below it.
func within(folder, path string) bool {
	return path == folder || strings.HasPrefix(path, strings.TrimSuffix(folder, "/")+"/")
}
