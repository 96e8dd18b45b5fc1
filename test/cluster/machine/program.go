package machine

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// program is something that a cluster runs but that is not built here.
type program struct {
	name    string
	pkg     string
	purpose string
}

func controlPlanePrograms() []program {
	return []program{{"etcd", "etcd-server", "the API server keeps its objects there"}}
}

func nodePrograms() []program {
	return []program{
		{"containerd", "containerd", "runs the containers"},
		{"ctr", "containerd", "imports images and removes containers"},
		{"runc", "runc", "starts each container"},
		{"busybox", "busybox-static", "is the content of the test image"},
		{"ip", "iproute2", "makes the bridge of the pod network"},
		{"nft", "nftables", "leads pods to the API server"},
		{"gcc", "gcc libc6-dev", "compiles the pause program"},
	}
}

// systemFolders are searched beside PATH: without a login shell, PATH often
// lacks the folders of administration programs.
func systemFolders() []string { return []string{"/usr/sbin", "/sbin", "/usr/local/sbin"} }

// SearchPath is PATH with the system folders added, for the programs that a
// cluster starts and that look for others themselves.
func SearchPath() string {
	return os.Getenv("PATH") + ":" + strings.Join(systemFolders(), ":")
}

// Find returns the full path of a program.
func Find(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	for _, folder := range systemFolders() {
		if path, err := exec.LookPath(filepath.Join(folder, name)); err == nil {
			return path, nil
		}
	}
	return "", &Missing{What: "program " + name + " is not installed"}
}

// CNIPlugins returns the folder of the container network plugins: Debian and
// the upstream releases put it in different places.
func CNIPlugins() (string, error) {
	for _, folder := range []string{"/usr/lib/cni", "/opt/cni/bin", "/usr/libexec/cni"} {
		if hasPlugins(folder) {
			return folder, nil
		}
	}
	return "", &Missing{What: "the CNI plugins bridge, host-local and loopback are not installed"}
}

func hasPlugins(folder string) bool {
	for _, plugin := range []string{"bridge", "host-local", "loopback"} {
		if _, err := exec.LookPath(filepath.Join(folder, plugin)); err != nil {
			return false
		}
	}
	return true
}

func supported() error {
	if runtime.GOOS != "linux" {
		return &Missing{What: "a test cluster runs on Linux only, this is " + runtime.GOOS}
	}
	return nil
}
