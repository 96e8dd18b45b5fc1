package cluster

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/test/cluster/kube"
	"github.com/foilsec/foil/test/cluster/kubetest"
)

var shared = kubetest.Share(kube.Options{Audit: &kube.Audit{}})

func TestMain(m *testing.M) { os.Exit(shared.Run(m)) }

var scanTime = time.Date(2026, 7, 1, 8, 0, 0, 0, time.UTC)

func testOptions(kubeconfig string, namespaces ...string) Options {
	o := DefaultOptions()
	o.Kubeconfig, o.Namespaces, o.Version = kubeconfig, namespaces, "1.2.3-test"
	o.Now = func() time.Time { return scanTime }
	return o
}

// scan reads a cluster and expects that to work.
func scan(t testing.TB, o Options) *graph.Snapshot {
	t.Helper()
	source, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	var b graph.Builder
	if err := source.Collect(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.Snapshot()
}

func gapAbout(s *graph.Snapshot, subject string) (graph.Gap, bool) {
	i := slices.IndexFunc(s.Gaps(), func(g graph.Gap) bool { return g.Subject == subject })
	if i < 0 {
		return graph.Gap{}, false
	}
	return s.Gaps()[i], true
}

func apply(t testing.TB, c *kube.Cluster, manifest string) {
	t.Helper()
	if err := c.Apply(t.Context(), manifest); err != nil {
		t.Fatal(err)
	}
}

// userWith makes a user with these permissions and gives the kubeconfig.
func userWith(t testing.TB, c *kube.Cluster, name, roleAndBinding string) string {
	t.Helper()
	apply(t, c, roleAndBinding)
	t.Cleanup(func() { deleteManifest(t, c, roleAndBinding) })
	path, err := c.UserKubeconfig(name)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func deleteManifest(t testing.TB, c *kube.Cluster, manifest string) {
	t.Helper()
	path := t.TempDir() + "/manifest.yaml"
	if err := os.WriteFile(path, []byte(manifest), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Kubectl(context.Background(), "delete", "--ignore-not-found", "-f", path); err != nil {
		t.Error(err)
	}
}

const shopManifest = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: kitchen, namespace: %[1]s, labels: {app: kitchen}}
spec:
  replicas: 2
  selector: {matchLabels: {app: kitchen}}
  template:
    metadata: {labels: {app: kitchen}}
    spec:
      volumes: [{name: menu, configMap: {name: menu, items: [{key: a, path: b}]}}]
      containers:
      - name: cook
        image: example.com/cook:1
        resources: {limits: {cpu: 1500m, memory: 1Gi}}
        ports: [{containerPort: 80}]
        livenessProbe: {httpGet: {path: /, port: http}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: menu, namespace: %[1]s}
binaryData: {b: AAEC/w==}
data: {a: "burrito 🌯"}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: clean, namespace: %[1]s}
spec:
  schedule: "@daily"
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: %[1]s}
spec: {podSelector: {}, policyTypes: [Ingress], ingress: [{ports: [{port: 80}, {port: web}]}]}
`

// Every object is the same in the graph as kubectl gets it in JSON.
func TestObjectsEqualWhatKubectlGets(t *testing.T) {
	c := shared.Cluster(t)
	namespace := kubetest.Namespace(t, c)
	apply(t, c, fmt.Sprintf(shopManifest, namespace))
	apply(t, c, burritoDefinition("Burrito", ""))
	t.Cleanup(func() { deleteManifest(t, c, burritoDefinition("Burrito", "")) })
	waitFor(t, c, "crd/burritos.shop.foil.test")
	apply(t, c, fmt.Sprintf("apiVersion: shop.foil.test/v1\nkind: Burrito\nmetadata: {name: large, namespace: %s}\nspec: {price: 9.5, count: 3, sauce: null}\n", namespace))

	s := scan(t, testOptions(c.Kubeconfig()))
	if len(s.Gaps()) != 0 {
		t.Errorf("gaps: %+v", s.Gaps())
	}
	for _, kind := range []graph.Kind{"Namespace", "apps/Deployment", "batch/CronJob", "networking.k8s.io/NetworkPolicy", "rbac.authorization.k8s.io/ClusterRole", "shop.foil.test/Burrito", "apiextensions.k8s.io/CustomResourceDefinition", "apiregistration.k8s.io/APIService"} {
		if s.CountOf(kind) == 0 {
			t.Errorf("no %s", kind)
		}
	}
	kubectl, compared := make(reference), 0
	for n := range s.Nodes() {
		if n.Kind == "Secret" {
			continue
		}
		object, ok := kubectl.object(t, c, n)
		if !ok {
			continue // a controller has changed it meanwhile
		}
		compared++
		if want := documentOf(t, object).Root(); !graph.Equal(n.Object, want) {
			t.Errorf("%s:\ngot  %v\nwant %v", n.ID, n.Object.Any(), want.Any())
		}
	}
	if compared < 100 {
		t.Errorf("only %d objects were compared", compared)
	}
	deployment, ok := s.Node(graph.ObjectID("apps", "Deployment", namespace, "kitchen"))
	if !ok {
		t.Fatal("the deployment is not there")
	}
	want := graph.Provenance{Source: "cluster", Origin: "kubernetes/test/apps/v1/deployments", ObservedAt: scanTime}
	if deployment.Provenance != want {
		t.Errorf("provenance %+v, want %+v", deployment.Provenance, want)
	}
}

// reference gets lists with kubectl, each once.
type reference map[string]map[string]map[string]any

// object is what kubectl gets for a node; ok is false when it is gone or has
// changed meanwhile.
func (r reference) object(t *testing.T, c *kube.Cluster, n *graph.Node) (object map[string]any, ok bool) {
	t.Helper()
	apiVersion := n.Object.Get("apiVersion").Str()
	group, version := graph.SplitAPIVersion(apiVersion)
	name := n.Provenance.Origin[strings.LastIndexByte(n.Provenance.Origin, '/')+1:]
	path := resource{group: group, version: version, name: name}.path("")
	if r[path] == nil {
		r[path] = listWithKubectl(t, c, path)
	}
	object, ok = r[path][n.Namespace+"/"+n.Name]
	if !ok {
		return nil, false
	}
	object["apiVersion"], object["kind"] = apiVersion, n.Object.Get("kind").Str()
	metadata := object["metadata"].(map[string]any)
	delete(metadata, "managedFields")
	return object, metadata["resourceVersion"] == n.Object.At("metadata", "resourceVersion").Str()
}

func listWithKubectl(t *testing.T, c *kube.Cluster, path string) map[string]map[string]any {
	t.Helper()
	raw, err := c.Kubectl(t.Context(), "get", "--raw", path)
	if err != nil {
		t.Fatal(err)
	}
	var list struct{ Items []map[string]any }
	decoder := json.NewDecoder(strings.NewReader(raw))
	decoder.UseNumber()
	if err := decoder.Decode(&list); err != nil {
		t.Fatal(err)
	}
	objects := make(map[string]map[string]any)
	for _, item := range list.Items {
		metadata := item["metadata"].(map[string]any)
		namespace, _ := metadata["namespace"].(string)
		objects[namespace+"/"+metadata["name"].(string)] = item
	}
	return objects
}

func documentOf(t *testing.T, v any) *graph.Document {
	t.Helper()
	var b graph.DocumentBuilder
	addAny(&b, "", v)
	d, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func addAny(b *graph.DocumentBuilder, key string, v any) {
	var none graph.Position
	switch v := v.(type) {
	case nil:
		b.Null(key, none)
	case bool:
		b.Bool(key, v, none)
	case string:
		b.String(key, v, none)
	case json.Number:
		if n, err := v.Int64(); err == nil {
			b.Int(key, n, none)
			return
		}
		f, _ := v.Float64()
		b.Float(key, f, none)
	case map[string]any:
		b.OpenMap(key, none)
		for name, field := range v {
			addAny(b, name, field)
		}
		b.Close()
	case []any:
		b.OpenList(key, none)
		for _, item := range v {
			addAny(b, "", item)
		}
		b.Close()
	}
}

func waitFor(t testing.TB, c *kube.Cluster, definition string) {
	t.Helper()
	if _, err := c.Kubectl(t.Context(), "wait", "--for=condition=Established", "--timeout=60s", definition); err != nil {
		t.Fatal(err)
	}
}

// burritoDefinition is a custom kind; conversion is put into its spec.
func burritoDefinition(kind, conversion string) string {
	plural := strings.ToLower(kind) + "s"
	return fmt.Sprintf(`
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: %[2]s.shop.foil.test}
spec:
  group: shop.foil.test
  scope: Namespaced
  names: {kind: %[1]s, plural: %[2]s}
  %[3]s
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
  - name: v2
    served: %[4]t
    storage: false
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`, kind, plural, conversion, conversion != "")
}
