package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	utilnet "k8s.io/apimachinery/pkg/util/net"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/yaml"

	"github.com/foilsec/foil/content"
	"github.com/foilsec/foil/internal/cli"
	"github.com/foilsec/foil/internal/rule/control"
	"github.com/foilsec/foil/test/cluster/kube"
)

// sentinel is a policy that refuses everything. It is applied after all others:
// once it is in force, so are they.
const sentinel = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: sentinel}
spec:
  matchConstraints: {resourceRules: [{apiGroups: ["*"], apiVersions: ["*"], operations: [CREATE], resources: ["*"]}]}
  validations: [{expression: "false"}]
`

// binding puts a policy in force. It warns only: of several policies that
// refuse, an API server names one, but it warns of all. The name is short, as
// there is room for few kilobytes of warnings.
func binding(number int, policy string, params bool) string {
	text := fmt.Sprintf(`
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: b%d}
spec:
  policyName: %s
  validationActions: [Warn]
`, number, policy)
	if params {
		text += "  paramRef: {name: foil-settings, namespace: foil-system, parameterNotFoundAction: Deny}\n"
	}
	return text
}

// admission is the embedded controls in force in a cluster.
type admission struct {
	client *http.Client
	server string
	rules  map[string]string // name of the policy → id of the control
}

// enforce applies every control as it stands in content/controls, with its
// settings, and waits until the API server goes by them.
func enforce(t *testing.T, c *kube.Cluster) *admission {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", c.Kubeconfig())
	if err != nil {
		t.Fatal(err)
	}
	config.QPS = -1
	client, err := rest.HTTPClientFor(config)
	if err != nil {
		t.Fatal(err)
	}
	a := &admission{client: client, server: config.Host, rules: map[string]string{}}
	settings, err := fs.ReadFile(content.Files(), "settings.yaml")
	if err != nil {
		t.Fatal(err)
	}
	apply(t, c, "{apiVersion: v1, kind: Namespace, metadata: {name: foil-system}}", string(settings))
	var policies, bindings []string
	for _, p := range library(t).Policies {
		data, err := fs.ReadFile(content.Files(), p.File)
		if err != nil {
			t.Fatal(err)
		}
		policies = append(policies, string(data))
		bindings = append(bindings, binding(len(bindings), p.Name, p.Spec.ParamKind != nil))
		a.rules[p.Name] = p.ID
	}
	apply(t, c, policies...)
	apply(t, c, bindings...)
	apply(t, c, sentinel, binding(len(bindings), "sentinel", false))
	t.Cleanup(func() {
		for _, kind := range []string{"validatingadmissionpolicybindings", "validatingadmissionpolicies"} {
			if _, err := c.Kubectl(context.Background(), "delete", kind, "--all"); err != nil {
				t.Error(err)
			}
		}
	})
	a.waitForSentinel(t)
	return a
}

func apply(t *testing.T, c *kube.Cluster, manifests ...string) {
	t.Helper()
	if err := c.Apply(t.Context(), strings.Join(manifests, "\n---\n")); err != nil {
		t.Fatal(err)
	}
}

func library(t *testing.T) control.Library {
	t.Helper()
	var files []control.File
	err := fs.WalkDir(content.Files(), "controls", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".yaml" {
			return err
		}
		data, err := fs.ReadFile(content.Files(), name)
		files = append(files, control.File{Name: name, Data: data})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	l, err := control.Parse(files)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (a *admission) waitForSentinel(t *testing.T) {
	t.Helper()
	for range 240 {
		probe := map[string]any{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "probe", "namespace": "default"}}
		v, err := a.try(t.Context(), probe, "configmaps")
		if err != nil {
			t.Fatal(err)
		}
		if v.refused["sentinel"] {
			return
		}
		time.Sleep(500 * time.Millisecond)
	}
	t.Fatal("the policies did not come into force")
}

// attempt is what came of a dry run.
type attempt struct {
	object  map[string]any // as it would be stored, with all defaults; nil when it was invalid
	refused map[string]bool
	// cut is true when the API server may have had more to say than it does.
	cut bool
}

// try creates an object without keeping it, and reads from the warnings which
// policies would have refused it.
func (a *admission) try(ctx context.Context, object map[string]any, resource string) (attempt, error) {
	body, err := json.Marshal(object)
	if err != nil {
		return attempt{}, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, a.server+collection(object, resource)+"?dryRun=All", bytes.NewReader(body))
	if err != nil {
		return attempt{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := a.client.Do(request)
	if err != nil {
		return attempt{}, err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusCreated {
		return attempt{}, nil
	}
	v := attempt{refused: map[string]bool{}}
	if err := json.NewDecoder(response.Body).Decode(&v.object); err != nil {
		return v, err
	}
	return v, v.readWarnings(response.Header.Values("Warning"))
}

// readWarnings finds the names of policies in the warnings of a response.
func (v *attempt) readWarnings(headers []string) error {
	const limit, longest = 4096, 256 // of all warnings of a response, and of one
	warnings, errs := utilnet.ParseWarningHeaders(headers)
	length := 0
	for _, w := range warnings {
		length += len(w.Text)
		if _, rest, ok := strings.Cut(w.Text, "ValidatingAdmissionPolicy '"); ok {
			policy, _, _ := strings.Cut(rest, "'")
			v.refused[policy] = true
		}
	}
	v.cut = length > limit-longest
	return errors.Join(errs...)
}

func collection(object map[string]any, resource string) string {
	version := object["apiVersion"].(string)
	metadata := object["metadata"].(map[string]any)
	root := "/apis/" + version
	if !strings.Contains(version, "/") {
		root = "/api/" + version
	}
	if namespace, ok := metadata["namespace"].(string); ok {
		return root + "/namespaces/" + namespace + "/" + resource
	}
	return root + "/" + resource
}

// resources are the kinds that are tried, with their resources.
var resources = map[string]string{
	"Pod": "pods", "Deployment": "deployments", "CronJob": "cronjobs", "Service": "services", "ConfigMap": "configmaps",
	"Ingress": "ingresses", "Namespace": "namespaces", "ServiceAccount": "serviceaccounts",
}

// fixtures are the objects with which the controls are tested, of each control
// the first one.
func fixtures(t *testing.T) []map[string]any {
	t.Helper()
	files, err := filepath.Glob("../../content/testdata/controls/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files with fixtures, error %v", len(files), err)
	}
	var objects []map[string]any
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		taken := 0
		for document := range strings.SplitSeq("\n"+string(data), "\n---\n") {
			var object map[string]any
			if err := yaml.Unmarshal([]byte(document), &object); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if taken < 1 && triable(object) {
				taken++
				objects = append(objects, object)
			}
		}
	}
	return objects
}

// triable leaves out what an API server makes of its own accord, mirror pods
// and what belongs to its own namespaces, and kinds that are not tried.
func triable(object map[string]any) bool {
	kind, _ := object["kind"].(string)
	metadata, ok := object["metadata"].(map[string]any)
	if !ok || resources[kind] == "" || metadata["namespace"] == "kube-system" {
		return false
	}
	annotations, _ := metadata["annotations"].(map[string]any)
	return annotations["kubernetes.io/config.mirror"] == nil
}

// TestAdmissionAgrees applies the controls to a real API server and compares
// what they refuse with what a scan finds in the same objects: as they are with
// the defaults of the API server, and as they stand in files.
func TestAdmissionAgrees(t *testing.T) {
	c := shared.Cluster(t)
	a := enforce(t, c)
	var files, stored []map[string]any
	var refused []map[string]bool
	pods, cut := 0, 0
	namespaces := map[string]bool{}
	for _, object := range fixtures(t) {
		inNamespace(t, c, object, namespaces)
		v, err := a.try(t.Context(), object, resources[object["kind"].(string)])
		if err != nil {
			t.Fatal(err)
		}
		if v.object == nil {
			continue // the API server does not take the object at all
		}
		if v.cut {
			cut++
			continue
		}
		files, stored, refused = append(files, object), append(stored, v.object), append(refused, a.rulesOf(v.refused))
		if object["kind"] == "Pod" {
			pods++
		}
	}
	t.Logf("%d objects compared, of them %d pods; %d with too many warnings", len(stored), pods, cut)
	if pods < 40 || len(stored) < 60 {
		t.Errorf("%d objects compared, of them %d pods: too few", len(stored), pods)
	}
	a.compare(t, c, "as stored", stored, refused, nil)
	a.compare(t, c, "in files", files, refused, defaulted)
}

// inNamespace puts an object into a namespace and sees that it is there.
func inNamespace(t *testing.T, c *kube.Cluster, object map[string]any, ready map[string]bool) {
	t.Helper()
	metadata := object["metadata"].(map[string]any)
	if object["kind"] == "Namespace" {
		return
	}
	if metadata["namespace"] == nil {
		metadata["namespace"] = "default"
	}
	name := metadata["namespace"].(string)
	if ready[name] {
		return
	}
	ready[name] = true
	if _, err := c.Kubectl(t.Context(), "get", "namespace", name); err == nil {
		return
	}
	if err := c.CreateNamespace(t.Context(), name); err != nil {
		t.Fatal(err)
	}
}

// rulesOf are the controls whose policies are named.
func (a *admission) rulesOf(policies map[string]bool) map[string]bool {
	rules := map[string]bool{}
	for policy := range policies {
		if rule, ok := a.rules[policy]; ok {
			rules[rule] = true
		}
	}
	return rules
}

// compare scans all objects at once, each in a file of its own, beside the
// namespaces of the cluster.
func (a *admission) compare(t *testing.T, c *kube.Cluster, form string, objects []map[string]any, want []map[string]bool, except map[string]bool) {
	t.Helper()
	folder := t.TempDir()
	namespaces, err := c.Kubectl(t.Context(), "get", "namespaces", "-o", "json")
	if err != nil {
		t.Fatal(err)
	}
	write(t, folder, "0-namespaces.json", json.RawMessage(namespaces))
	for i, object := range objects {
		write(t, folder, fileName(i), object)
	}
	found := map[string]map[string]bool{}
	for _, f := range scanned(t, cli.CodeClean, folder).Findings {
		file := filepath.Base(f.Place().File)
		if found[file] == nil {
			found[file] = map[string]bool{}
		}
		found[file][f.Rule] = true
	}
	for i, object := range objects {
		for _, rule := range a.rules {
			if got := found[fileName(i)][rule]; got != want[i][rule] && !except[rule] {
				text, _ := yaml.Marshal(object)
				t.Errorf("%s, %s: the scan finds a fault: %t, the API server: %t\n%s", form, rule, got, want[i][rule], text)
			}
		}
	}
}

func fileName(i int) string { return fmt.Sprintf("object-%03d.json", i) }

func write(t *testing.T, folder, name string, object any) {
	t.Helper()
	data, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// defaulted are controls whose verdict on a file differs from that of the API
// server because of what the server fills in: a request that is missing becomes
// the limit. In the file it is missing all the same.
var defaulted = map[string]bool{"cpu-request-missing": true, "memory-request-missing": true}
