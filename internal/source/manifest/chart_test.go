package manifest_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/manifest"
	"github.com/foilsec/foil/internal/source/manifest/helmchart"
)

func TestCharts(t *testing.T) {
	const object = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}-{{ .Values.name }}\n"
	write(t, map[string]string{
		"shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n", "shop/values.yaml": "name: own\n", "shop/templates/pod.yaml": object,
		"shop/.helmignore": "templates/ignored.yaml\n", "shop/templates/ignored.yaml": "{{ fail \"read all the same\" }}",
		"shop/examples/pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: example}\n",
		"user.yaml":              "name: from-file\n",
	})
	tests := []struct {
		name string
		o    manifest.Options
		want []string
	}{
		{"as it is", manifest.Options{Paths: []string{"."}}, []string{"k8s:Pod:default/release-name-own shop/templates/pod.yaml:1:1"}},
		{"by its file", manifest.Options{Paths: []string{"shop/Chart.yaml"}}, []string{"k8s:Pod:default/release-name-own shop/templates/pod.yaml:1:1"}},
		{"with values", manifest.Options{Paths: []string{"shop"}, Helm: helmchart.Options{ValuesFiles: []string{"user.yaml"}, ReleaseName: "r", Namespace: "ns"}}, []string{"k8s:Pod:ns/r-from-file shop/templates/pod.yaml:1:1"}},
		{"with an assignment", manifest.Options{Paths: []string{"shop"}, Namespace: "sel", Helm: helmchart.Options{Set: []string{"name=set"}}}, []string{"k8s:Pod:sel/release-name-set shop/templates/pod.yaml:1:1"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			snapshot, _ := collect(t, test.o)
			if diff := cmp.Diff(test.want, nodes(snapshot)); diff != "" || len(snapshot.Gaps()) != 0 {
				t.Error(diff, gaps(snapshot))
			}
			for n := range snapshot.Nodes() {
				if n.Provenance.Origin != "shop" {
					t.Errorf("origin %q", n.Provenance.Origin)
				}
			}
		})
	}
}

func TestWrongValuesEndTheScan(t *testing.T) {
	write(t, map[string]string{"a.yaml": "a: 1\n"})
	var b graph.Builder
	err := manifest.New(manifest.Options{Paths: []string{"."}, Helm: helmchart.Options{ValuesFiles: []string{"gone.yaml"}}}).Collect(t.Context(), &b)
	if err == nil || !strings.Contains(err.Error(), "values file gone.yaml") {
		t.Errorf("got %v", err)
	}
}

func TestNamedArchiveMustBeAChart(t *testing.T) {
	write(t, nil)
	if err := os.WriteFile("x.tgz", []byte("no archive"), 0o644); err != nil {
		t.Fatal(err)
	}
	snapshot, _ := collect(t, manifest.Options{Paths: []string{"x.tgz"}})
	if diff := cmp.Diff([]string{"x.tgz:0: the chart can't be read: no Helm chart: not compressed by gzip"}, gaps(snapshot)); diff != "" {
		t.Error(diff)
	}
}
