package cluster

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/test/cluster/kubetest"
)

func TestBrokenConversionIsAGap(t *testing.T) {
	c := shared.Cluster(t)
	namespace := kubetest.Namespace(t, c)
	broken := burritoDefinition("Taco", `conversion: {strategy: Webhook, webhook: {conversionReviewVersions: [v1], clientConfig: {url: "https://127.0.0.1:1/convert"}}}`)
	working := burritoDefinition("Taco", "")
	taco := fmt.Sprintf("apiVersion: shop.foil.test/v1\nkind: Taco\nmetadata: {name: hard, namespace: %s}\n", namespace)
	apply(t, c, working)
	t.Cleanup(func() {
		// A kind whose conversion fails can't be deleted.
		if err := c.Apply(context.Background(), working); err != nil {
			t.Error(err)
		}
		deleteManifest(t, c, working)
	})
	waitFor(t, c, "crd/tacos.shop.foil.test")
	apply(t, c, taco)
	apply(t, c, broken)
	waitFor(t, c, "crd/tacos.shop.foil.test")

	var s *graph.Snapshot
	eventually(t, "a gap about tacos", func() bool {
		s = scan(t, testOptions(c.Kubeconfig()))
		_, ok := gapAbout(s, "tacos.shop.foil.test")
		return ok
	})
	gap, _ := gapAbout(s, "tacos.shop.foil.test")
	if !strings.Contains(gap.Reason, "conversion webhook fails") || !strings.Contains(gap.Reason, "kubectl get crd tacos.shop.foil.test") {
		t.Errorf("reason %q, want the conversion webhook and where to look", gap.Reason)
	}
	if s.Sees("shop.foil.test/Taco") || !s.Sees("Pod") {
		t.Errorf("sees Taco %v, Pod %v; want only the second", s.Sees("shop.foil.test/Taco"), s.Sees("Pod"))
	}
}

// eventually repeats what an API server takes some time to notice.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(60 * time.Second); !done(); time.Sleep(200 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("no %s within a minute", what)
		}
	}
}

const deadService = `
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1beta1.%[1]s}
spec:
  group: %[1]s
  version: v1beta1
  groupPriorityMinimum: 100
  versionPriority: 100
  insecureSkipTLSVerify: true
  service: {name: nowhere, namespace: default}
`

func TestDeadAggregatedAPIIsAGap(t *testing.T) {
	c := shared.Cluster(t)
	for _, group := range []string{"dead.foil.test", "metrics.k8s.io"} {
		manifest := fmt.Sprintf(deadService, group)
		apply(t, c, manifest)
		t.Cleanup(func() { deleteManifest(t, c, manifest) })
	}
	var s *graph.Snapshot
	eventually(t, "a gap about the dead group", func() bool {
		s = scan(t, testOptions(c.Kubeconfig()))
		_, ok := gapAbout(s, "API group dead.foil.test/v1beta1")
		return ok
	})
	gap, _ := gapAbout(s, "API group dead.foil.test/v1beta1")
	if !strings.Contains(gap.Reason, "kubectl get apiservice v1beta1.dead.foil.test") {
		t.Errorf("reason %q, want where to look", gap.Reason)
	}
	if len(s.Gaps()) != 1 {
		t.Errorf("gaps %+v, want one; metrics are not read, so they can't be missing", s.Gaps())
	}
	if s.CountOf("Namespace") == 0 {
		t.Error("the other kinds were not read")
	}
}

func TestPaging(t *testing.T) {
	c := shared.Cluster(t)
	namespace := kubetest.Namespace(t, c)
	const count = 1200
	var manifest strings.Builder
	for i := range count {
		fmt.Fprintf(&manifest, "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: page-%d, namespace: %s}\n", i, namespace)
	}
	path := t.TempDir() + "/many.yaml"
	if err := os.WriteFile(path, []byte(manifest.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Kubectl(t.Context(), "create", "-f", path); err != nil {
		t.Fatal(err)
	}
	o := testOptions(c.Kubeconfig(), namespace)
	o.PageSize = 70
	s := scan(t, o)
	if len(s.Gaps()) != 0 {
		t.Errorf("gaps: %+v", s.Gaps())
	}
	for i := range count {
		if _, ok := s.Node(graph.ObjectID("", "ConfigMap", namespace, fmt.Sprintf("page-%d", i))); !ok {
			t.Errorf("page-%d is not there", i)
		}
	}
	if got := s.CountOf("ConfigMap"); got != count+1 { // kube-root-ca.crt
		t.Errorf("%d ConfigMaps, want %d", got, count+1)
	}
}

const secretManifest = `
apiVersion: v1
kind: Secret
metadata: {name: oven, namespace: %[1]s, labels: {app: kitchen}, annotations: {team: cooks}}
type: example.com/oven-key
stringData: {code: %[2]s}
data: {other: %[3]s}
`

// No value of a Secret reaches the graph, in whatever way it may get there.
func TestSecretValuesStayInTheCluster(t *testing.T) {
	c := shared.Cluster(t)
	namespace := kubetest.Namespace(t, c)
	const plain, other = "marker-open-sesame-4711", "marker-second-key-0815"
	encodedOther := base64.StdEncoding.EncodeToString([]byte(other))
	apply(t, c, fmt.Sprintf(secretManifest, namespace, plain, encodedOther))

	s := scan(t, testOptions(c.Kubeconfig()))
	secret, ok := s.Node(graph.ObjectID("", "Secret", namespace, "oven"))
	if !ok {
		t.Fatal("the Secret is not there")
	}
	if got := secret.Object.Get("type").Str(); got != "example.com/oven-key" {
		t.Errorf("type %q", got)
	}
	if got := secret.Object.At("metadata", "annotations").Any(); fmt.Sprint(got) != "map[team:cooks]" {
		t.Errorf("annotations %v, want that of the team alone", got)
	}
	if secret.Object.At("metadata", "labels", "app").Str() != "kitchen" {
		t.Error("the label is not there")
	}
	var image bytes.Buffer
	if err := graph.WriteSnapshot(&image, s); err != nil {
		t.Fatal(err)
	}
	for _, value := range []string{plain, other, encodedOther, base64.StdEncoding.EncodeToString([]byte(plain))} {
		if bytes.Contains(image.Bytes(), []byte(value)) {
			t.Errorf("%q is in the graph", value)
		}
	}
}

func TestCancelledScanIsAnError(t *testing.T) {
	c := shared.Cluster(t)
	source, err := New(testOptions(c.Kubeconfig()))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var b graph.Builder
	if err := source.Collect(ctx, &b); err == nil || !strings.Contains(err.Error(), "context canceled") {
		t.Errorf("error %v, want that the context was canceled", err)
	}
}

// The API server's own record of what was done.
func TestOnlyReads(t *testing.T) {
	c := shared.Cluster(t)
	const version = "9.9.9-reads"
	o := testOptions(c.Kubeconfig())
	o.Version = version
	scan(t, o)
	var lines []string
	eventually(t, "record of the scan", func() bool {
		log, err := os.ReadFile(c.AuditLog())
		if err != nil {
			t.Fatal(err)
		}
		lines = nil
		for line := range strings.Lines(string(log)) {
			if strings.Contains(line, `"userAgent":"foil/`+version+`"`) && strings.Contains(line, `"stage":"ResponseComplete"`) {
				lines = append(lines, line)
			}
		}
		return len(lines) > 40
	})
	for _, line := range lines {
		if !strings.Contains(line, `"verb":"list"`) && !strings.Contains(line, `"verb":"get"`) {
			t.Errorf("not a read: %s", line)
		}
	}
}
