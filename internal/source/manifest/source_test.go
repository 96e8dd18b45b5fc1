package manifest_test

import (
	"bytes"
	cmpor "cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/manifest"
)

var observed = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func clock() time.Time { return observed }

// write makes files in a new folder, into which the test goes, so that
// positions are short.
func write(t *testing.T, files map[string]string) {
	t.Helper()
	writeFiles(t, files)
}

func writeFiles(t testing.TB, files map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
}

func collect(t *testing.T, o manifest.Options) (*graph.Snapshot, manifest.Summary) {
	t.Helper()
	if o.Clock == nil {
		o.Clock = clock
	}
	s := manifest.New(o)
	var b graph.Builder
	if err := s.Collect(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.Snapshot(), s.Summary()
}

// nodes lists the nodes as "id file:line:column".
func nodes(s *graph.Snapshot) []string {
	var all []string
	for n := range s.Nodes() {
		p := n.Provenance.Position
		all = append(all, fmt.Sprintf("%s %s:%d:%d", n.ID, p.File, p.Line, p.Column))
	}
	return all
}

// gaps lists the gaps as "file:line: reason".
func gaps(s *graph.Snapshot) []string {
	var all []string
	for _, g := range s.Gaps() {
		all = append(all, fmt.Sprintf("%s:%d: %s", cmpor.Or(g.Position.File, g.Subject), g.Position.Line, g.Reason))
	}
	return all
}

const pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: %s\n"

func TestCollectFolder(t *testing.T) {
	write(t, map[string]string{
		"a.yaml":             fmt.Sprintf(pod, "one") + "---\n" + fmt.Sprintf(pod, "two") + "  namespace: shop\n",
		"sub/b.json":         `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"three"}}`,
		"sub/values.yaml":    "replicas: 2\n",
		"docker-compose.yml": "services: {}\n",
		"tsconfig.json":      "{\n  // a comment\n  \"a\": 1\n}\n",
		"kubeconfig.yaml":    "apiVersion: v1\nkind: Config\nclusters: []\n",
	})
	snapshot, summary := collect(t, manifest.Options{Paths: []string{"."}})
	want := []string{
		"k8s:Pod:default/one a.yaml:1:1",
		"k8s:Pod:shop/two a.yaml:6:1",
		"k8s:apps/Deployment:default/three sub/b.json:1:1",
	}
	if diff := cmp.Diff(want, nodes(snapshot)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(manifest.Summary{Read: 6, Objects: 3, Others: 4}, summary); diff != "" {
		t.Error(diff)
	}
	if len(snapshot.Gaps()) != 0 {
		t.Errorf("gaps: %v", gaps(snapshot))
	}
	n, _ := snapshot.Node("k8s:Pod:default/one")
	if diff := cmp.Diff(graph.Provenance{Source: "manifest", Origin: "a.yaml", Position: graph.Position{File: "a.yaml", Line: 1, Column: 1}, ObservedAt: observed}, n.Provenance); diff != "" {
		t.Error(diff)
	}
}

func TestNamespaces(t *testing.T) {
	object := func(apiVersion, kind, name, namespace string) string {
		return fmt.Sprintf("---\napiVersion: %s\nkind: %s\nmetadata: {name: %s, namespace: %s}\n", apiVersion, kind, name, namespace)
	}
	write(t, map[string]string{"a.yaml": object("v1", "Pod", "p", "") + object("v1", "Pod", "q", "other") +
		object("v1", "Namespace", "ns", "wrong") + object("rbac.authorization.k8s.io/v1", "ClusterRole", "r", "") +
		object("example.com/v1", "Galaxy", "g", "") + object("example.com/v1", "Star", "s", "") + object("example.org/v1", "Unknown", "u", "") +
		object("constraints.gatekeeper.sh/v1beta1", "K8sRequiredLabels", "c", ""),
		"z.yaml": `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: galaxies.example.com}
spec: {group: example.com, scope: Cluster, names: {kind: Galaxy}}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: stars.example.com}
spec: {group: example.com, scope: Namespaced, names: {kind: Star}}
`})
	cluster := []string{
		"k8s:Namespace:ns", "k8s:apiextensions.k8s.io/CustomResourceDefinition:galaxies.example.com",
		"k8s:apiextensions.k8s.io/CustomResourceDefinition:stars.example.com",
		"k8s:constraints.gatekeeper.sh/K8sRequiredLabels:c", "k8s:example.com/Galaxy:g", "k8s:rbac.authorization.k8s.io/ClusterRole:r",
	}
	tests := []struct {
		selected string
		want     []string
		left     int
	}{
		{"", []string{"k8s:Pod:default/p", "k8s:Pod:other/q", "k8s:example.com/Star:default/s", "k8s:example.org/Unknown:default/u"}, 0},
		{"shop", []string{"k8s:Pod:shop/p", "k8s:example.com/Star:shop/s", "k8s:example.org/Unknown:shop/u"}, 1},
	}
	for _, test := range tests {
		snapshot, summary := collect(t, manifest.Options{Paths: []string{"."}, Namespace: test.selected})
		got := make(map[string]bool)
		for n := range snapshot.Nodes() {
			got[string(n.ID)] = true
		}
		want := make(map[string]bool)
		for _, id := range append(test.want, cluster...) {
			want[id] = true
		}
		if diff := cmp.Diff(want, got); diff != "" || summary.OtherNamespaces != test.left {
			t.Errorf("namespace %q: left out %d, %s", test.selected, summary.OtherNamespaces, diff)
		}
	}
}

func TestPaths(t *testing.T) {
	write(t, map[string]string{"d/a.yaml": fmt.Sprintf(pod, "a"), "d/b.txt": fmt.Sprintf(pod, "b"), "c.yaml": fmt.Sprintf(pod, "c")})
	tests := []struct {
		name  string
		paths []string
		want  []string
		gaps  []string
	}{
		{"a file of any name", []string{"d/b.txt"}, []string{"k8s:Pod:default/b d/b.txt:1:1"}, nil},
		{"a file named twice is read once", []string{"./c.yaml", "c.yaml", "d", "d/a.yaml"}, []string{"k8s:Pod:default/a d/a.yaml:1:1", "k8s:Pod:default/c c.yaml:1:1"}, nil},
		{"standard input", []string{"-", "c.yaml"}, []string{"k8s:Pod:default/c c.yaml:1:1", "k8s:Pod:default/in stdin:1:1"}, nil},
		{"one path is missing", []string{"c.yaml", "nowhere"}, []string{"k8s:Pod:default/c c.yaml:1:1"}, []string{"nowhere:0: nowhere does not exist"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			snapshot, _ := collect(t, manifest.Options{Paths: test.paths, Stdin: strings.NewReader(fmt.Sprintf(pod, "in"))})
			if diff := cmp.Diff(test.want, nodes(snapshot)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(test.gaps, gaps(snapshot)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNothingToRead(t *testing.T) {
	for _, paths := range [][]string{nil, {"nowhere"}, {"-"}} {
		var b graph.Builder
		if err := manifest.New(manifest.Options{Paths: paths}).Collect(t.Context(), &b); err == nil {
			t.Errorf("%v: no error", paths)
		}
	}
}

func TestDevicesAreRefused(t *testing.T) {
	if _, err := os.Stat("/dev/zero"); err != nil {
		t.Skip("no devices here")
	}
	snapshot, _ := collect(t, manifest.Options{Paths: []string{"/dev/zero"}})
	want := []string{"/dev/zero:0: can't be read: a device or socket, not a file; use - to read standard input"}
	if diff := cmp.Diff(want, gaps(snapshot)); diff != "" {
		t.Error(diff)
	}
}

// memory is a cache that counts.
type memory struct {
	mu     sync.Mutex
	values map[string][]byte
	hits   int
}

func (m *memory) Get(key string) ([]byte, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	value, ok := m.values[key]
	if ok {
		m.hits++
	}
	return value, ok
}

func (m *memory) Put(key string, value []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.values[key] = value
}

func TestCache(t *testing.T) {
	write(t, map[string]string{"a.yaml": fmt.Sprintf(pod, "a") + "---\nkind: [\n---\n" + fmt.Sprintf(pod, "b"), "b.yaml": fmt.Sprintf(pod, "c")})
	cache := &memory{values: make(map[string][]byte)}
	options := manifest.Options{Paths: []string{"."}, Cache: cache}
	first, one := collect(t, options)
	second, two := collect(t, options)
	if cache.hits != 2 || one != two {
		t.Errorf("hits: %d, summaries %v and %v", cache.hits, one, two)
	}
	if diff := cmp.Diff(describe(first), describe(second)); diff != "" {
		t.Error(diff)
	}
	if err := os.WriteFile("b.yaml", []byte(fmt.Sprintf(pod, "changed")), 0o644); err != nil {
		t.Fatal(err)
	}
	third, _ := collect(t, options)
	if _, ok := third.Node("k8s:Pod:default/changed"); !ok || cache.hits != 3 {
		t.Errorf("a changed file was not read again: %v, hits %d", nodes(third), cache.hits)
	}
	for key := range cache.values {
		cache.values[key] = []byte("nonsense")
	}
	fourth, _ := collect(t, options)
	if diff := cmp.Diff(describe(third), describe(fourth)); diff != "" {
		t.Errorf("a broken cache changes the result: %s", diff)
	}
}

// describe writes all that a snapshot says about objects: every field with its
// position, and the gaps.
func describe(s *graph.Snapshot) []string {
	var all []string
	for n := range s.Nodes() {
		all = append(all, fmt.Sprintf("node %s %s %s", n.ID, n.Namespace, n.Provenance.Origin))
		all = append(all, fields(n.Object)...)
	}
	return append(all, gaps(s)...)
}

func fields(v graph.Value) []string {
	p := v.Position()
	all := []string{fmt.Sprintf("%s = %d %s at %s:%d:%d", v.Path(), v.Kind(), v.Text(), p.File, p.Line, p.Column)}
	for _, f := range v.Fields() {
		all = append(all, fields(f)...)
	}
	for _, item := range v.Items() {
		all = append(all, fields(item)...)
	}
	return all
}

func TestWorkersDoNotChangeTheResult(t *testing.T) {
	var many bytes.Buffer
	for i := range 200 {
		fmt.Fprintf(&many, "---\n"+pod, fmt.Sprint("p", i%150))
		if i%17 == 0 {
			many.WriteString("---\nbroken: [\n")
		}
	}
	files := map[string]string{"many.yaml": many.String()}
	for i := range 50 {
		files[fmt.Sprintf("d/%d.yaml", i)] = fmt.Sprintf(pod, fmt.Sprint("f", i%40))
	}
	write(t, files)
	one, _ := collect(t, manifest.Options{Paths: []string{"."}, Workers: 1})
	for _, workers := range []int{2, 7, 32} {
		other, _ := collect(t, manifest.Options{Paths: []string{"."}, Workers: workers})
		if diff := cmp.Diff(describe(one), describe(other)); diff != "" {
			t.Errorf("%d workers: %s", workers, diff)
		}
	}
}

func TestProgress(t *testing.T) {
	write(t, map[string]string{"a.yaml": "", "b.yaml": "", "c.yaml": ""})
	var told []string
	collect(t, manifest.Options{Paths: []string{"."}, Workers: 3, Progress: func(done, total int) {
		told = append(told, fmt.Sprintf("%d/%d", done, total))
	}})
	if diff := cmp.Diff([]string{"1/3", "2/3", "3/3"}, told); diff != "" {
		t.Error(diff)
	}
}
