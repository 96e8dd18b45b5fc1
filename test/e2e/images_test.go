package e2e

import (
	"bytes"
	"log"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/crane"
	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/tarball"

	"github.com/foilsec/foil/internal/cli"
	"github.com/foilsec/foil/internal/source/image/imagetest"
)

// TestImagesOfTheCluster scans a cluster whose workload runs an image from a
// registry: the flaw in the image is a finding about that workload. No pod runs:
// the nodes of this cluster are not real and make digests up.
func TestImagesOfTheCluster(t *testing.T) {
	c := shared.Cluster(t)
	server := httptest.NewServer(registry.New(registry.Logger(log.New(new(bytes.Buffer), "", 0))))
	t.Cleanup(server.Close)
	image := strings.TrimPrefix(server.URL, "http://") + "/shop/images:1"
	push(t, image)
	manifest := `
apiVersion: v1
kind: Namespace
metadata: {name: images}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: kitchen, namespace: images}
spec:
  replicas: 0
  selector: {matchLabels: {app: kitchen}}
  template:
    metadata: {labels: {app: kitchen}}
    spec: {containers: [{name: kitchen, image: "` + image + `"}]}
`
	file := filepath.Join(t.TempDir(), "kitchen.yaml")
	if err := os.WriteFile(file, []byte(manifest), 0o600); err != nil {
		t.Fatal(err)
	}
	apply := exec.CommandContext(t.Context(), c.KubectlPath(), "--kubeconfig", c.Kubeconfig(), "apply", "-f", file)
	if out, err := apply.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	for _, target := range [][]string{{"cluster", "--namespace", "images", "--kubeconfig", c.Kubeconfig()}, {file}} {
		r := scanned(t, cli.CodeClean, append(target, "--images", "--max-db-age", "0h")...)
		found := false
		for _, f := range r.Findings {
			found = found || f.Rule == "CVE-2018-16487" && f.Vulnerability != nil && f.Vulnerability.Artifact == image
		}
		if !found {
			t.Errorf("%q: the flaw in %s is not found; gaps %+v", target, image, r.Coverage.Gaps)
		}
		for _, change := range r.Changes {
			if change.Kind == "upgrade-package" && !slices.Contains(change.Workloads, "k8s:apps/Deployment:images/kitchen") {
				t.Errorf("%q: change %s puts workloads %v at risk, want the one that runs the image", target, change.ID, change.Workloads)
			}
		}
	}
}

func push(t *testing.T, name string) {
	t.Helper()
	layer := []imagetest.Entry{{Path: "app/node_modules/lodash/package.json", Type: "file", Content: `{"name":"lodash","version":"4.17.10"}`, Mode: 0o644}}
	image, err := tarball.ImageFromPath(imagetest.New(t, layer).Saved("shop/images:1").Archive(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := crane.Push(image, name); err != nil {
		t.Fatal(err)
	}
}
