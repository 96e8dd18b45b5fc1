package image

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/foilsec/foil/internal/source/image/imagetest"
)

// TestContainerd reads an image out of a containerd of its own.
func TestContainerd(t *testing.T) {
	socket := startContainerd(t)
	archive := imagetest.New(t, []imagetest.Entry{{Path: "app/package.json", Type: "file", Content: "a=1", Mode: 0o644}}).Saved("example.com/shop/kitchen:1").Archive(t)
	ctr(t, socket, "images", "import", "--no-unpack", archive)
	o := Options{Catalog: packagesCatalog(), Sockets: Sockets{Containerd: socket}, Reference: "containerd:example.com/shop/kitchen:1"}
	a, err := Read(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Layers) != 1 || len(a.Gaps) > 0 || len(a.Packages) != 1 {
		t.Errorf("layers %v, packages %v, gaps %v", a.Layers, a.Packages, a.Gaps)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Read(ctx, o); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	o.Reference = "containerd:none/none:1"
	if _, err := Read(t.Context(), o); err == nil || !strings.Contains(err.Error(), "has no image") {
		t.Errorf("error %v", err)
	}
}

// startContainerd gives the socket of a containerd that ends with the test.
func startContainerd(t *testing.T) string {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("containerd needs the rights of root")
	}
	if _, err := exec.LookPath("containerd"); err != nil {
		t.Skip("containerd is not installed")
	}
	folder, err := os.MkdirTemp("", "ctd") // a short path: sockets allow 108 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	socket := filepath.Join(folder, "s")
	config := filepath.Join(folder, "config.toml")
	text := "version = 2\ndisabled_plugins = [\"io.containerd.grpc.v1.cri\"]\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	daemon := exec.Command("containerd", "--config", config, "--address", socket, "--root", filepath.Join(folder, "root"), "--state", filepath.Join(folder, "state"))
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = daemon.Process.Signal(os.Interrupt)
		_ = daemon.Wait()
	})
	for range 300 {
		if exec.Command("ctr", "--address", socket, "version").Run() == nil {
			return socket
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("containerd does not answer after 30 seconds")
	return ""
}

func ctr(t *testing.T, socket string, args ...string) {
	t.Helper()
	if out, err := exec.Command("ctr", append([]string{"--address", socket, "--namespace", "default"}, args...)...).CombinedOutput(); err != nil {
		t.Fatalf("ctr %q: %v: %s", args, err, out)
	}
}
