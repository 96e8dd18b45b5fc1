package kube_test

import (
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/foilsec/foil/test/cluster/kube"
	"github.com/foilsec/foil/test/cluster/kubetest"
	"github.com/foilsec/foil/test/cluster/machine"
	"github.com/foilsec/foil/test/cluster/node"
)

const box = `
apiVersion: v1
kind: Pod
metadata: {name: box}
spec:
  containers:
  - name: box
    image: ` + node.BusyboxImage + `
    command: [sh, -c, "echo salsa verde; exec sleep 3600"]
`

// Two nodes live side by side on one machine, and neither touches the other's
// pods when it stops.
func TestTwoNodesSideBySide(t *testing.T) {
	kubetest.RequireMachine(t, kube.Options{Node: true})
	var clusters [2]*kube.Cluster
	var failures [2]error
	var both sync.WaitGroup
	for i := range clusters {
		both.Go(func() {
			clusters[i], failures[i] = kube.Start(t.Context(), kube.Options{Node: true, Progress: os.Stderr})
		})
	}
	both.Wait()
	for i, err := range failures {
		if err != nil {
			t.Fatalf("cluster %d: %v", i, err)
		}
		t.Cleanup(func() {
			if err := clusters[i].Stop(); err != nil {
				t.Error(err)
			}
		})
	}
	for i, c := range clusters {
		runBox(t, c, fmt.Sprint("marker-", i))
	}
	if err := clusters[0].Stop(); err != nil {
		t.Fatal(err)
	}
	requireNodeGone(t, clusters[0].Dir())
	if out := execInBox(t, clusters[1], "cat", "/tmp/marker"); out != "marker-1\n" {
		t.Errorf("the pod of the other cluster says %q", out)
	}
	if err := clusters[1].Stop(); err != nil {
		t.Fatal(err)
	}
	requireNodeGone(t, clusters[1].Dir())
}

func runBox(t *testing.T, c *kube.Cluster, marker string) {
	t.Helper()
	if err := c.Apply(t.Context(), box); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Kubectl(t.Context(), "wait", "pod/box", "--for=condition=Ready", "--timeout=120s"); err != nil {
		t.Fatal(err)
	}
	if out := execInBox(t, c, "sh", "-c", "echo "+marker+" > /tmp/marker; id -u"); out != "0\n" {
		t.Errorf("id in the pod says %q", out)
	}
	log, err := c.Kubectl(t.Context(), "logs", "box")
	if err != nil || log != "salsa verde\n" {
		t.Errorf("the pod's log: %q, %v", log, err)
	}
	// The service address of the API server works inside the pod.
	execInBox(t, c, "nc", "-w", "5", "10.96.0.1", "443", "-e", "true")
	if out := execInBox(t, c, "cat", "/proc/self/cgroup"); !strings.Contains(out, "/kubepods/") {
		t.Errorf("the pod's cgroup: %s", out)
	}
}

func execInBox(t *testing.T, c *kube.Cluster, command ...string) string {
	t.Helper()
	out, err := c.Kubectl(t.Context(), append([]string{"exec", "box", "--"}, command...)...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// requireNodeGone fails when a stopped node left a process, a mount or a bridge
// on the machine.
func requireNodeGone(t *testing.T, dir string) {
	t.Helper()
	requireNothingLeft(t, dir)
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(mounts), dir) {
		t.Errorf("mounts below %s are left", dir)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Errorf("the temporary folder %s is left", dir)
	}
}

// Images that a test makes itself run on the node, and the node starts again
// in its folder with its pods.
func TestNodeRestartsItsPods(t *testing.T) {
	kubetest.RequireMachine(t, kube.Options{Node: true})
	// The path must be short: it holds containerd's socket.
	dir, err := os.MkdirTemp("", "foil")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	o := kube.Options{Node: true, Dir: dir}
	c := kubetest.Start(t, o)
	runBox(t, c, "before")
	bridges := foilBridges(t)
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	requireNothingLeft(t, dir)
	if after := foilBridges(t); len(after) != len(bridges)-1 {
		t.Errorf("bridges before the stop: %v, after: %v", bridges, after)
	}

	c = kubetest.Start(t, o)
	_, err = c.Kubectl(t.Context(), "wait", "pod/box", "--for=jsonpath={.status.containerStatuses[0].restartCount}=1", "--timeout=120s")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Kubectl(t.Context(), "wait", "pod/box", "--for=condition=Ready", "--timeout=120s"); err != nil {
		t.Fatal(err)
	}
	if out := runGreeting(t, c); out != "hola" {
		t.Errorf("a pod from an image of the test says %q", out)
	}
}

// runGreeting runs a pod from an image that is made here and returns its log.
func runGreeting(t *testing.T, c *kube.Cluster) string {
	t.Helper()
	path, err := machine.Find("busybox")
	if err != nil {
		t.Fatal(err)
	}
	busybox, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	image := node.Image{Name: "foil.test/greeting:1", Command: []string{"/busybox", "cat", "/greeting"}, Files: []node.File{
		{Path: "busybox", Mode: 0o755, Content: busybox},
		{Path: "greeting", Mode: 0o644, Content: []byte("hola")},
	}}
	if err := c.LoadImage(t.Context(), image); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"run", "greeting", "--image=" + image.Name, "--restart=Never"},
		{"wait", "pod/greeting", "--for=jsonpath={.status.phase}=Succeeded", "--timeout=120s"},
	} {
		if _, err := c.Kubectl(t.Context(), args...); err != nil {
			t.Fatal(err)
		}
	}
	log, err := c.Kubectl(t.Context(), "logs", "greeting")
	if err != nil {
		t.Fatal(err)
	}
	return log
}

func foilBridges(t *testing.T) []string {
	t.Helper()
	interfaces, err := net.Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, i := range interfaces {
		if strings.HasPrefix(i.Name, "foil-") {
			names = append(names, i.Name)
		}
	}
	return names
}
