package house

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// linkedList is the reviewed list of every package of others that foil links,
// without the standard library.
const linkedList = "cmd/foil/packages.txt"

var update = flag.Bool("update", false, "write the list of linked packages anew")

// unwanted are modules, or parts of them, that must not be linked.
var unwanted = []struct{ prefix, because string }{
	{"github.com/open-policy-agent/", "controls are CEL, which the API server runs as well"},
	{"k8s.io/kubernetes", "it is no library and brings the whole cluster along"},
	{"github.com/docker/docker/", "a daemon answers a few HTTP requests; its client is a tree of its own"},
	{"github.com/containerd/containerd", "a daemon answers a few requests; its client is a tree of its own"},
	{"github.com/moby/", "a daemon answers a few HTTP requests; its client is a tree of its own"},
	{"github.com/aws/", "no cloud SDK: foil knows Kubernetes only"},
	{"cloud.google.com/", "no cloud SDK: foil knows Kubernetes only"},
	{"google.golang.org/api/", "no cloud SDK: foil knows Kubernetes only"},
	{"github.com/Azure/azure-sdk-for-go", "no cloud SDK: foil knows Kubernetes only"},
	{"github.com/aliyun/", "no cloud SDK: foil knows Kubernetes only"},
	{"google.golang.org/grpc", "the API server is reached by HTTP; gRPC is a megabyte of nothing"},
	{"k8s.io/apiserver/pkg/server", "foil is no API server"},
	{"k8s.io/client-go/kubernetes/fake", "made for tests"},
	{"go.opentelemetry.io/otel/exporters/", "foil sends nothing home"},
	{"go.opentelemetry.io/otel/sdk", "foil sends nothing home"},
	{"github.com/getsentry/", "foil sends nothing home"},
	{"github.com/segmentio/", "foil sends nothing home"},
	{"github.com/posthog/", "foil sends nothing home"},
	{"github.com/rudderlabs/", "foil sends nothing home"},
	{"github.com/bugsnag/", "foil sends nothing home"},
	{"github.com/DataDog/", "foil sends nothing home"},
	{"github.com/newrelic/", "foil sends nothing home"},
	{"github.com/honeycombio/", "foil sends nothing home"},
	{"gopkg.in/alexcesaro/statsd", "foil sends nothing home"},
	{"testing", "made for tests"},
}

// linked lists what the released binary is made of, besides our own packages. The platform is fixed: the
// list must not depend on who runs the test.
func linked(t *testing.T) []string {
	t.Helper()
	output, err := goCommand([]string{"GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0"},
		"list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", "./cmd/foil")
	if err != nil {
		t.Fatal(err)
	}
	list := slices.DeleteFunc(strings.Fields(string(output)), func(path string) bool { return within(path, module) })
	slices.Sort(list)
	return list
}

func TestLinkedPackagesAreReviewed(t *testing.T) {
	got := linked(t)
	path := filepath.Join(root, linkedList)
	if *update {
		if err := os.WriteFile(path, []byte(strings.Join(got, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Fields(string(content))
	packages := loadTree(t)
	for _, path := range difference(got, want) {
		t.Errorf("linked, but not in %s:\n\t%s", linkedList, strings.Join(packages.wayTo(path), "\n\t→ "))
	}
	for _, path := range difference(want, got) {
		t.Errorf("in %s, but no longer linked: %s", linkedList, path)
	}
	if t.Failed() {
		t.Log("if the change is meant: go test ./internal/house -run Linked -update, and commit the list")
	}
}

func TestUnwantedPackagesAreNotLinked(t *testing.T) {
	packages := loadTree(t)
	for _, path := range linked(t) {
		for _, u := range unwanted {
			if strings.HasPrefix(path, u.prefix) {
				t.Errorf("%s\n\tmust not be linked: %s", strings.Join(packages.wayTo(path), "\n\t→ "), u.because)
			}
		}
	}
}

// difference lists what is in a and not in b.
func difference(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}
