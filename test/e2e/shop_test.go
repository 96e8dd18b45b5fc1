package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/foilsec/foil/internal/cli"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/pipeline"
	"github.com/foilsec/foil/internal/source/manifest"
	"github.com/foilsec/foil/internal/source/snapshot"
	"github.com/foilsec/foil/test/cluster/kube"
)

// shopFiles is the example shop as the cluster knows it: its objects of kinds
// that the API server has, each in a file.
type shopFiles struct {
	once   sync.Once
	folder string
	nodes  map[graph.NodeID]bool
	err    error
}

var shop shopFiles

// deploy applies the shop to the cluster, once for all tests, and gives the
// folder with the same objects.
func (s *shopFiles) deploy(t *testing.T, c *kube.Cluster) {
	t.Helper()
	s.once.Do(func() {
		if s.folder, s.err = os.MkdirTemp("", "foil-e2e-"); s.err == nil {
			s.err = s.apply(c)
		}
	})
	if s.err != nil {
		t.Fatal(s.err)
	}
}

func (s *shopFiles) apply(c *kube.Cluster) error {
	ctx := context.Background()
	known, err := c.Kubectl(ctx, "api-resources", "--no-headers", "-o", "wide")
	if err != nil {
		return err
	}
	read, err := pipeline.Collect(ctx, manifest.New(manifest.Options{Paths: []string{"../../examples/burrito-shop"}}), func(string) {})
	if err != nil {
		return err
	}
	s.nodes = map[graph.NodeID]bool{}
	var namespaces, others []string
	for n := range read.Nodes() {
		text, err := json.Marshal(placed(n))
		if err != nil {
			return err
		}
		kind := fmt.Sprintf(" %s ", n.Object.Get("kind").Str())
		served := slices.ContainsFunc(strings.Split(known, "\n"), func(line string) bool {
			return strings.Contains(line, kind) && strings.Contains(line, " "+n.Object.Get("apiVersion").Str()+" ")
		})
		switch {
		case !served || strings.Contains(string(n.ID), "@"):
			continue
		case n.Kind == "Namespace":
			namespaces = append(namespaces, string(text))
		default:
			others = append(others, string(text))
		}
		s.nodes[n.ID] = true
		if err := os.WriteFile(filepath.Join(s.folder, fmt.Sprint(len(s.nodes), ".json")), text, 0o600); err != nil {
			return err
		}
	}
	if err := c.Apply(ctx, strings.Join(namespaces, "\n---\n")); err != nil {
		return err
	}
	if err := c.Apply(ctx, strings.Join(others, "\n---\n")); err != nil {
		return err
	}
	_, err = c.Kubectl(ctx, "wait", "--for=condition=Available", "--timeout=60s", "--all", "deployment", "--namespace", "payments")
	return err
}

// placed is an object with the namespace that the scan puts it in.
func placed(n *graph.Node) map[string]any {
	object := n.Object.Any().(map[string]any)
	if n.Namespace != "" {
		object["metadata"].(map[string]any)["namespace"] = n.Namespace
	}
	return object
}

// TestClusterIsJudgedLikeItsFiles scans the objects of the shop once as files
// and once as the API server has them.
func TestClusterIsJudgedLikeItsFiles(t *testing.T) {
	c := shared.Cluster(t)
	shop.deploy(t, c)
	files := verdicts(scanned(t, cli.CodeClean, shop.folder))
	live := verdicts(scanned(t, cli.CodeClean, "cluster", "--kubeconfig", c.Kubeconfig()))
	onlyShop := func(list []string) []string {
		return slices.DeleteFunc(list, func(line string) bool {
			_, node, _ := strings.Cut(line, " ")
			return !shop.nodes[graph.NodeID(node)]
		})
	}
	files, live = onlyShop(files), onlyShop(live)
	t.Logf("%d objects, %d findings in files, %d in the cluster", len(shop.nodes), len(files), len(live))
	for _, line := range missing(files, live) {
		t.Errorf("only in files: %s", line)
	}
	for _, line := range missing(live, files) {
		t.Errorf("only in the cluster: %s", line)
	}
}

// TestSnapshotOfACluster saves a cluster and scans it offline: the findings are
// those of the live scan.
func TestSnapshotOfACluster(t *testing.T) {
	c := shared.Cluster(t)
	shop.deploy(t, c)
	file := filepath.Join(t.TempDir(), "cluster.foil")
	if code, _, errors := foil(t, "snapshot", "cluster", "--kubeconfig", c.Kubeconfig(), "-o", file); code != cli.CodeClean {
		t.Fatalf("code %d: %s", code, errors)
	}
	saved, live := scanned(t, cli.CodeClean, file), scanned(t, cli.CodeClean, "cluster", "--kubeconfig", c.Kubeconfig())
	if got, want := verdicts(saved), verdicts(live); !slices.Equal(got, want) {
		t.Errorf("only offline: %q\nonly live: %q", missing(got, want), missing(want, got))
	}
	for i := range min(len(saved.Findings), len(live.Findings)) {
		if a, b := saved.Findings[i], live.Findings[i]; a.Fingerprint != b.Fingerprint || a.Score != b.Score {
			t.Fatalf("finding %d: %s %v offline, %s %v live", i, a.Fingerprint, a.Score, b.Fingerprint, b.Score)
		}
	}
	if len(live.Findings) < 300 || saved.Target.Kind != "snapshot" || live.Target.Kind != "cluster" {
		t.Errorf("%d findings of a %s, %d of a %s", len(saved.Findings), saved.Target.Kind, len(live.Findings), live.Target.Kind)
	}
}

// TestNoSecretValues: neither the values of Secrets nor the copies of them that
// kubectl leaves in an annotation are read.
func TestNoSecretValues(t *testing.T) {
	c := shared.Cluster(t)
	const marker = "bWFya2VyLTc3Mw==" // marker-773
	if err := c.Apply(t.Context(), `{apiVersion: v1, kind: Secret, metadata: {name: marked, namespace: default}, data: {password: `+marker+`}}`); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "cluster.foil")
	if code, _, errors := foil(t, "snapshot", "cluster", "--kubeconfig", c.Kubeconfig(), "-o", file); code != cli.CodeClean {
		t.Fatalf("code %d: %s", code, errors)
	}
	source, err := snapshot.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	read, err := pipeline.Collect(t.Context(), source, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	n, ok := read.Node("k8s:Secret:default/marked")
	if !ok {
		t.Fatal("the Secret itself was not read")
	}
	var all strings.Builder
	for n := range read.Nodes() {
		fmt.Fprintln(&all, n.Object.Any())
	}
	if text := all.String(); strings.Contains(text, marker) || strings.Contains(text, "marker-773") {
		t.Errorf("the value of a Secret is in the snapshot; the Secret: %v", n.Object.Any())
	}
}
