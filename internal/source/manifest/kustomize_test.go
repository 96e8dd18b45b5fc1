package manifest_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/manifest"
)

const deployment = `# the base
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
      - name: app
        image: example.com/web:1
      - name: side
        image: example.com/side:1
`

// lines tells where the values of some paths stand, as "path=value file:line".
func lines(t *testing.T, s *graph.Snapshot, id graph.NodeID, paths ...string) []string {
	t.Helper()
	n, ok := s.Node(id)
	if !ok {
		t.Fatalf("no node %s among %v, gaps %v", id, nodes(s), gaps(s))
	}
	found := make(map[string]string)
	var walk func(graph.Value)
	walk = func(v graph.Value) {
		p := v.Position()
		found[v.Path()] = fmt.Sprintf("%s=%s %s:%d", v.Path(), v.Text(), p.File, p.Line)
		for _, f := range v.Fields() {
			walk(f)
		}
		for _, item := range v.Items() {
			walk(item)
		}
	}
	walk(n.Object)
	var all []string
	for _, path := range paths {
		all = append(all, found[path])
	}
	return all
}

func TestKustomizePositions(t *testing.T) {
	write(t, map[string]string{
		"base/deploy.yaml":        deployment,
		"base/kustomization.yaml": "resources: [deploy.yaml]\n",
		"over/kustomization.yaml": `resources:
- ../base
namePrefix: prod-
namespace: shop
commonLabels: {team: a}
images:
- name: example.com/side
  newTag: "2"
replicas:
- {name: web, count: 3}
patches:
- path: strategic.yaml
- target: {kind: Deployment}
  patch: |-
    - op: add
      path: /spec/template/spec/hostNetwork
      value: true
    - op: replace
      path: /spec/template/spec/containers/0/image
      value: example.com/web:9
- patch: |
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      template:
        spec:
          hostPID: true
configMapGenerator:
- name: settings
  literals:
  - A=1
  - B=http://example.com/
  files: [conf/app.txt]
`,
		"over/strategic.yaml": `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
      - name: app
        securityContext:
          privileged: true
      - name: extra
        image: example.com/extra:1
`,
		"over/conf/app.txt": "text",
	})
	snapshot, summary := collect(t, manifest.Options{Paths: []string{"."}})
	if len(snapshot.Gaps()) != 0 || summary.Objects != 2 {
		t.Fatalf("gaps %v, summary %+v", gaps(snapshot), summary)
	}
	c := "spec.template.spec.containers"
	got := lines(t, snapshot, "k8s:apps/Deployment:shop/prod-web", "", "metadata.name", "metadata.namespace", "spec.replicas",
		c+"[0].name", c+"[0].image", c+"[0].securityContext", c+"[0].securityContext.privileged",
		c+"[1].name", c+"[1].image", c+"[2].name", c+"[2].image", "spec.template.spec.hostNetwork", "spec.template.spec.hostPID")
	slices.Sort(got)
	want := []string{
		"= base/deploy.yaml:2", "metadata.name=prod-web base/deploy.yaml:5", "metadata.namespace=shop base/deploy.yaml:4", "spec.replicas=3 base/deploy.yaml:6",
		c + "[0].name=app base/deploy.yaml:10", c + "[0].image=example.com/web:9 over/kustomization.yaml:20",
		c + "[0].securityContext= over/strategic.yaml:10", c + "[0].securityContext.privileged=true over/strategic.yaml:11",
		c + "[1].name=extra over/strategic.yaml:12", c + "[1].image=example.com/extra:1 over/strategic.yaml:13",
		c + "[2].name=side base/deploy.yaml:12", c + "[2].image=example.com/side:2 over/kustomization.yaml:8",
		"spec.template.spec.hostNetwork=true over/kustomization.yaml:17", "spec.template.spec.hostPID=true over/kustomization.yaml:28",
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var config graph.NodeID
	for n := range snapshot.OfKind("ConfigMap") {
		config = n.ID
	}
	got = lines(t, snapshot, config, "", "data.A", "data.B", `data["app.txt"]`)
	want = []string{"= over/kustomization.yaml:30", "data.A=1 over/kustomization.yaml:32", "data.B=http://example.com/ over/kustomization.yaml:33", `data["app.txt"]=text over/kustomization.yaml:34`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestKustomizePlan(t *testing.T) {
	resource := func(name string) string { return fmt.Sprintf(pod, name) }
	files := map[string]string{
		"base/pod.yaml": resource("p"), "base/kustomization.yaml": "resources: [pod.yaml]\n", "base/loose.yaml": resource("loose"),
		"a/kustomization.yml": "resources: [../base]\nnameSuffix: -a\n", "b/Kustomization": "bases: [../base]\nnameSuffix: -b\n",
		"part/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [c.yaml]\n", "part/c.yaml": resource("component"),
		"c/kustomization.yaml": "resources: [../base]\ncomponents: [../part]\nnameSuffix: -c\n",
	}
	write(t, files)
	snapshot, _ := collect(t, manifest.Options{Paths: []string{"."}})
	want := []string{
		"k8s:Pod:default/component-c part/c.yaml:1:1", "k8s:Pod:default/loose base/loose.yaml:1:1",
		"k8s:Pod:default/p-a base/pod.yaml:1:1", "k8s:Pod:default/p-b base/pod.yaml:1:1", "k8s:Pod:default/p-c base/pod.yaml:1:1",
	}
	if diff := cmp.Diff(want, nodes(snapshot)); diff != "" || len(snapshot.Gaps()) != 0 {
		t.Errorf("%s%v", diff, gaps(snapshot))
	}
	n, _ := snapshot.Node("k8s:Pod:default/p-b")
	if n.Provenance.Origin != "b" {
		t.Errorf("origin %q", n.Provenance.Origin)
	}
	t.Run("an overlay by its own path", func(t *testing.T) {
		for _, path := range []string{"a", "a/kustomization.yml", "./a/"} {
			snapshot, _ := collect(t, manifest.Options{Paths: []string{path}})
			if diff := cmp.Diff([]string{"k8s:Pod:default/p-a base/pod.yaml:1:1"}, nodes(snapshot)); diff != "" || len(snapshot.Gaps()) != 0 {
				t.Errorf("%s: %s%v", path, diff, gaps(snapshot))
			}
		}
	})
	t.Run("two variants of one object", func(t *testing.T) {
		if err := os.WriteFile("b/Kustomization", []byte("resources: [../base]\nnameSuffix: -a\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		snapshot, _ := collect(t, manifest.Options{Paths: []string{"a", "b"}})
		want := []string{"k8s:Pod:default/p-a base/pod.yaml:1:1", "k8s:Pod:default/p-a@b base/pod.yaml:1:1"}
		if diff := cmp.Diff(want, nodes(snapshot)); diff != "" {
			t.Error(diff)
		}
	})
}

// TestKustomizeRefusals builds what reaches out of the folder. What can be
// built without it is built, unless the want has no nodes.
func TestKustomizeRefusals(t *testing.T) {
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret.yaml"), []byte(fmt.Sprintf(pod, "secret")), 0o644); err != nil {
		t.Fatal(err)
	}
	const built = "k8s:Pod:default/p k/pod.yaml:1:1"
	const failed = "the kustomization can't be built: "
	bomb := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bomb}\n" + strings.TrimSuffix(aliasBomb, "\n") + "\n"
	tests := []struct {
		name, file string
		more       map[string]string
		want       []string
		gaps       []string
	}{
		{"a remote base", "resources:\n- pod.yaml\n- https://example.invalid/base?ref=v1\n- github.com/a/b//c\n- git@example.invalid:a/b\n", nil, []string{built}, []string{
			`k/kustomization.yaml:3: resources: "https://example.invalid/base?ref=v1" is remote, and nothing is fetched; check it out and scan it there; the rest was built`,
			`k/kustomization.yaml:4: resources: "github.com/a/b//c" is remote, and nothing is fetched; check it out and scan it there; the rest was built`,
			`k/kustomization.yaml:5: resources: "git@example.invalid:a/b" is remote, and nothing is fetched; check it out and scan it there; the rest was built`}},
		{"a folder with the name of a repository", "resources:\n- pod.yaml\n- example.invalid/a/b\n", map[string]string{"k/example.invalid/a/b/kustomization.yaml": "namePrefix: x\nresources: [q.yaml]\n", "k/example.invalid/a/b/q.yaml": fmt.Sprintf(pod, "q")},
			[]string{built, "k8s:Pod:default/xq k/example.invalid/a/b/q.yaml:1:1"}, nil},
		{"a missing file", "resources: [pod.yaml, gone.yaml]\n", nil, []string{built}, []string{`k/kustomization.yaml:1: resources: "gone.yaml" does not exist; the rest was built`}},
		{"a base outside", "resources: [pod.yaml, ../../../../../../etc]\n", nil, []string{built}, []string{`k/kustomization.yaml:1: resources: "../../../../../../etc" lies outside of the scanned folder and its git work tree; scan a folder that holds both; the rest was built`}},
		{"a link to the outside", "resources: [pod.yaml, link.yaml]\n", map[string]string{"k/link.yaml": "-> " + filepath.Join(outside, "secret.yaml")}, []string{built}, []string{
			`k/kustomization.yaml:1: resources: "link.yaml" lies outside of the scanned folder and its git work tree; scan a folder that holds both; the rest was built`,
			`k/link.yaml:0: a symbolic link out of the scanned folder; it was not followed; scan its target by its own path`}},
		{"a remote patch", "resources: [pod.yaml]\npatches: [{path: \"https://example.invalid/p.yaml\"}]\n", nil, nil, []string{
			"k/kustomization.yaml:1: " + failed + `"https://example.invalid/p.yaml" is remote, and nothing is fetched; check it out and refer to it by its path`}},
		{"a remote file of a generator", "resources: [pod.yaml]\nconfigMapGenerator: [{name: a, files: [\"k=https://example.invalid/p\"]}]\n", nil, nil, []string{
			"k/kustomization.yaml:1: " + failed + `"https://example.invalid/p" is remote, and nothing is fetched; check it out and refer to it by its path`}},
		{"a plugin that fetches", "resources: [pod.yaml]\ngenerators: [g.yaml]\n", map[string]string{"k/g.yaml": "apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: a}\nname: a\nfiles: [\"k=https\\x3a//example.invalid/p\"]\n"}, nil, []string{
			"k/g.yaml:1: " + failed + "settings of a plugin that name a URL; nothing is fetched"}},
		{"a plugin that fetches, in the file itself", "resources: [pod.yaml]\ntransformers:\n- |-\n  apiVersion: builtin\n  kind: PatchTransformer\n  metadata: {name: a}\n  path: https://example.invalid/p\n", nil, nil, []string{
			"k/kustomization.yaml:1: " + failed + "settings of a plugin that name a URL; nothing is fetched"}},
		{"charts", "resources: [pod.yaml]\nhelmCharts: [{name: x, repo: \"https://example.invalid\"}]\n", nil, []string{built}, []string{
			"k/kustomization.yaml:2: charts in a kustomization are not rendered, because Kustomize does it by starting helm; scan the chart by its own path"}},
		{"a circle", "resources: [pod.yaml, ../k2]\n", map[string]string{"k2/kustomization.yaml": "resources: [../k]\n"}, nil, []string{
			"k:0: " + failed + "accumulating resources: accumulation err='accumulating resources from './../k2': "}},
		{"itself", "resources: [pod.yaml, .]\n", nil, nil, []string{"k:0: " + failed + "accumulating resources: accumulation err="}},
		{"an alias bomb", "resources: [bomb.yaml]\n", map[string]string{"k/bomb.yaml": bomb}, []string{built}, []string{"k/bomb.yaml:9: " + failed + "more than 200000 values after aliases are expanded; this looks like an alias bomb"}},
		{"an alias bomb in the file itself", aliasBomb, nil, []string{built}, []string{"k/kustomization.yaml:6: " + failed + "more than 200000 values after aliases are expanded; this looks like an alias bomb"}},
		{"an unknown field", "resources: [pod.yaml]\nnosuch: 1\n", nil, []string{built}, []string{"k/kustomization.yaml:1: " + failed + "not a kustomization file: "}},
		{"broken YAML", "resources: [pod.yaml\n", nil, []string{built}, []string{"k/kustomization.yaml:1: " + failed + "not valid YAML: "}},
		{"a patch without target", "resources: [pod.yaml]\npatches: [{path: p.yaml}]\n", map[string]string{"k/p.yaml": fmt.Sprintf(pod, "other")}, nil, []string{"k:0: " + failed + "no resource matches strategic merge patch"}},
		{"a program", "resources: [pod.yaml]\ngenerators: [g.yaml]\n", map[string]string{"k/g.yaml": "apiVersion: example.com/v1\nkind: G\nmetadata:\n  name: g\n  annotations: {config.kubernetes.io/function: \"exec: {path: ./run}\"}\n"}, nil, []string{"k:0: " + failed + "loading generator plugins"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{"k/kustomization.yaml": test.file, "k/pod.yaml": fmt.Sprintf(pod, "p")}
			links := make(map[string]string)
			for name, content := range test.more {
				if target, isLink := strings.CutPrefix(content, "-> "); isLink {
					links[name] = target
				} else {
					files[name] = content
				}
			}
			write(t, files)
			for _, name := range slices.Sorted(maps.Keys(links)) {
				if err := os.Symlink(links[name], name); err != nil {
					t.Fatal(err)
				}
			}
			snapshot, _ := collect(t, manifest.Options{Paths: []string{"."}})
			if diff := cmp.Diff(test.want, nodes(snapshot)); diff != "" {
				t.Error(diff)
			}
			got := gaps(snapshot)
			if len(got) != len(test.gaps) {
				t.Fatalf("gaps %q", got)
			}
			for i, want := range test.gaps {
				if !strings.HasPrefix(got[i], want) {
					t.Errorf("gap %s\nwant %s", got[i], want)
				}
			}
		})
	}
}

const aliasBomb = `a: &a [x,x,x,x,x,x,x,x,x]
b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]
c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]
d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]
e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]
f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]
g: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f]
h: &h [*g,*g,*g,*g,*g,*g,*g,*g,*g]
`
