package exception

import (
	"fmt"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/derive/facttest"
	"github.com/foilsec/foil/internal/graph"
)

// annotated is a pod with annotations; the annotations are YAML in one line.
func annotated(name, annotations string) string {
	return fmt.Sprintf("{apiVersion: v1, kind: Pod, metadata: {name: %s, namespace: shop, annotations: {%s}}}\n---\n", name, annotations)
}

func TestAnnotations(t *testing.T) {
	const until = "foil.dev/skip-until: '2027-02-01'"
	s := facttest.Snapshot(t, strings.Join([]string{
		annotated("a", "foil.dev/skip: 'C-0057, host-path', foil.dev/skip-owner: mei, foil.dev/skip-reason: because, "+until),
		annotated("b", "foil.dev/skip: own-rule, foil.dev/skip-reason: because, "+until),
		annotated("c", "foil.dev/skip: own-rule, foil.dev/skip-owner: mei, "+until),
		annotated("d", "foil.dev/skip: own-rule, foil.dev/skip-owner: mei, foil.dev/skip-reason: because"),
		annotated("e", "foil.dev/skip: ' , ', foil.dev/skip-owner: mei, foil.dev/skip-reason: because, "+until),
		annotated("f", "foil.dev/skip: own-rule, foil.dev/skip-owner: mei, foil.dev/skip-reason: because, foil.dev/skip-until: '2027-01-30'"),
		annotated("k", "kubescape.io/skip-controls: ',C-0048,'"),
		annotated("l", "kubescape.io/skip-controls: C-0048, kubescape.io/skip-expiry: '2027-01-31T12:00:01Z', kubescape.io/skip-reason: known"),
		annotated("m", "kubescape.io/skip-controls: C-0048, kubescape.io/skip-expiry: soon"),
		annotated("n", "kubescape.io/skip-controls: C-0048, kubescape.io/skip-expiry: ''"),
		annotated("o", "kubescape.io/skip-reason: without controls"),
		annotated("p", "foil.dev/skip: host-path, kubescape.io/skip-controls: C-0048"),
	}, ""))
	list := FromSnapshot(s)
	set := NewSet(list, rules, noon)
	got := apply(s, set)
	want := []string{
		"privileged-container k8s:Pod:shop/a",
		"host-path k8s:Pod:shop/a", "host-path k8s:Pod:shop/k", "host-path k8s:Pod:shop/l", "host-path k8s:Pod:shop/p",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("suppressed %q, want %q", got, want)
	}
	faults := strings.Join(describe(set.Findings(false)), "\n")
	for _, fault := range []string{
		"exception-invalid exception:k8s:Pod:shop%2Fb foil.dev%2Fskip medium no owner",
		"exception-invalid exception:k8s:Pod:shop%2Fc foil.dev%2Fskip medium no reason",
		"exception-invalid exception:k8s:Pod:shop%2Fd foil.dev%2Fskip medium no end",
		"exception-invalid exception:k8s:Pod:shop%2Fe foil.dev%2Fskip medium no controls",
		"exception-expired exception:k8s:Pod:shop%2Ff foil.dev%2Fskip medium It ended on 2027-01-30.",
		`exception-invalid exception:k8s:Pod:shop%2Fm kubescape.io%2Fskip-controls medium expires "soon" is no date`,
		"exception-invalid exception:k8s:Pod:shop%2Fn kubescape.io%2Fskip-controls medium no end",
		"exception-invalid exception:k8s:Pod:shop%2Fp foil.dev%2Fskip medium no end",
	} {
		if !strings.Contains(faults, fault) {
			t.Errorf("no finding %s in\n%s", fault, faults)
		}
	}
	if n := strings.Count(faults, "\n") + 1; n != 8 {
		t.Errorf("%d findings, want 8:\n%s", n, faults)
	}
	if p := list[0].Position; p.File != "test.yaml" || p.Line == 0 {
		t.Errorf("the annotation stands at %+v", p)
	}
}

// TestAnnotationIsForOneObject: neither patterns in its name nor a namesake
// widens the exception of an object.
func TestAnnotationIsForOneObject(t *testing.T) {
	const annotations = "annotations: {kubescape.io/skip-controls: own-rule}"
	s := facttest.Snapshot(t, `
{apiVersion: batch/v1, kind: Job, metadata: {generateName: report-, namespace: shop, `+annotations+`}}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: report-1, namespace: shop}}
---
{apiVersion: v1, kind: Pod, metadata: {name: twin, namespace: shop, `+annotations+`}}
---
{apiVersion: v1, kind: Pod, metadata: {name: twin, namespace: shop}}
---
{apiVersion: v1, kind: Pod, metadata: {name: twin, namespace: lab}}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: twin, `+annotations+`}}
`)
	got := apply(s, NewSet(FromSnapshot(s), rules, noon))
	want := []string{
		"own-rule k8s:Pod:shop/twin", "own-rule k8s:batch/Job:shop/report-*", "own-rule k8s:rbac.authorization.k8s.io/ClusterRole:twin",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("suppressed %q, want %q", got, want)
	}
}

// TestCopiedAnnotations: Kubernetes copies annotations of a Deployment to its
// ReplicaSets; the copies are no exceptions of their own, which would match
// nothing.
func TestCopiedAnnotations(t *testing.T) {
	const annotations = "annotations: {kubescape.io/skip-controls: own-rule}"
	s := facttest.Snapshot(t, `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: kitchen, namespace: shop, `+annotations+`}}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: kitchen-5d
  namespace: shop
  `+annotations+`
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: kitchen, controller: true}]
---
{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: alone, namespace: shop, `+annotations+`}}
`)
	var nodes []graph.NodeID
	for _, x := range FromSnapshot(s) {
		nodes = append(nodes, x.Node)
	}
	if want := "[k8s:apps/Deployment:shop/kitchen k8s:apps/ReplicaSet:shop/alone]"; fmt.Sprint(nodes) != want {
		t.Errorf("exceptions on %v, want %s", nodes, want)
	}
}
