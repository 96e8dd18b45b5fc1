package workload_test

import (
	"slices"
	"testing"

	"github.com/foilsec/foil/internal/derive/facttest"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/graph"
)

const everyKind = `
{apiVersion: v1, kind: Pod, metadata: {name: w, labels: {k: Pod}}, spec: {serviceAccountName: sa}}
---
{apiVersion: v1, kind: ReplicationController, metadata: {name: w}, spec: {template: {metadata: {labels: {k: ReplicationController}}, spec: {serviceAccountName: sa}}}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: w}, spec: {template: {metadata: {labels: {k: Deployment}}, spec: {serviceAccountName: sa}}}}
---
{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: w}, spec: {template: {metadata: {labels: {k: ReplicaSet}}, spec: {serviceAccountName: sa}}}}
---
{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: w}, spec: {template: {metadata: {labels: {k: DaemonSet}}, spec: {serviceAccountName: sa}}}}
---
{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: w}, spec: {template: {metadata: {labels: {k: StatefulSet}}, spec: {serviceAccountName: sa}}}}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: w}, spec: {template: {metadata: {labels: {k: Job}}, spec: {serviceAccountName: sa}}}}
---
{apiVersion: batch/v1beta1, kind: CronJob, metadata: {name: w}, spec: {jobTemplate: {spec: {template: {metadata: {labels: {k: CronJob}}, spec: {serviceAccountName: sa}}}}}}
---
{apiVersion: extensions.agents.x-k8s.io/v1beta1, kind: SandboxTemplate, metadata: {name: w}, spec: {podTemplate: {metadata: {labels: {k: SandboxTemplate}}, spec: {serviceAccountName: sa}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: w}, spec: {selector: {k: Pod}}}
`

func TestEveryKindHasItsView(t *testing.T) {
	s := facttest.Snapshot(t, everyKind)
	seen := 0
	for v := range workload.All(s) {
		seen++
		if got, want := v.Labels().Get("k").Str(), v.Node.Object.Get("kind").Str(); got != want {
			t.Errorf("%s: label of the pod template = %q, want %q", v.Node.ID, got, want)
		}
		if name, field := v.ServiceAccount(); name != "sa" || field.Key() != "serviceAccountName" {
			t.Errorf("%s: service account = %q by field %q", v.Node.ID, name, field.Path())
		}
	}
	if seen != len(workload.Kinds()) {
		t.Errorf("saw %d workloads, want one for each of %v", seen, workload.Kinds())
	}
}

func TestServiceAccountFallsBack(t *testing.T) {
	s := facttest.Snapshot(t, `
{apiVersion: v1, kind: Pod, metadata: {name: old}, spec: {serviceAccount: legacy}}
---
{apiVersion: v1, kind: Pod, metadata: {name: unset}, spec: {serviceAccountName: ""}}
`)
	want := map[string]string{"old": "legacy", "unset": "default"}
	for v := range workload.All(s) {
		if name, _ := v.ServiceAccount(); name != want[v.Node.Name] {
			t.Errorf("%s runs as %q, want %q", v.Node.Name, name, want[v.Node.Name])
		}
	}
}

func TestContainersCoverAllThreeLists(t *testing.T) {
	s := facttest.Snapshot(t, `
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  ephemeralContainers: [{name: debug}]
  initContainers: [{name: setup}]
  containers: [{name: app}, {name: sidecar}]
`)
	var got []string
	for v := range workload.All(s) {
		for c := range v.Containers() {
			got = append(got, string(c.Type)+"/"+c.Name())
		}
	}
	want := []string{"containers/app", "containers/sidecar", "initContainers/setup", "ephemeralContainers/debug"}
	if !slices.Equal(got, want) {
		t.Errorf("containers = %v, want %v", got, want)
	}
}

const owned = `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, uid: d1}}
---
{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: web-1, uid: r1, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: d1, controller: true}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web-1-a, ownerReferences: [{apiVersion: v1, kind: Node, name: n}, {apiVersion: apps/v1, kind: ReplicaSet, name: web-1, uid: r1, controller: true}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: other-uid, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-1, uid: r0, controller: true}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: other-namespace, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-1, controller: true}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: unseen-owner, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: gone, controller: true}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: first-owner, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-1}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: own-owner, ownerReferences: [{apiVersion: v1, kind: Pod, name: own-owner, controller: true}]}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: upside-down, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-1, controller: true}]}}
`

func TestController(t *testing.T) {
	s := facttest.Snapshot(t, owned)
	tops := map[graph.NodeID]graph.NodeID{
		"k8s:Pod:default/web-1-a":                 "k8s:apps/Deployment:default/web",
		"k8s:apps/ReplicaSet:default/web-1":       "k8s:apps/Deployment:default/web",
		"k8s:Pod:default/first-owner":             "k8s:apps/Deployment:default/web",
		"k8s:Pod:default/other-uid":               "k8s:Pod:default/other-uid",
		"k8s:Pod:shop/other-namespace":            "k8s:Pod:shop/other-namespace",
		"k8s:Pod:default/unseen-owner":            "k8s:Pod:default/unseen-owner",
		"k8s:Pod:default/own-owner":               "k8s:Pod:default/own-owner",
		"k8s:apps/Deployment:default/upside-down": "k8s:apps/Deployment:default/upside-down",
	}
	for id, want := range tops {
		n, ok := s.Node(id)
		if !ok {
			t.Fatalf("no node %s", id)
		}
		if got := workload.Top(s, n).ID; got != want {
			t.Errorf("top controller of %s = %s, want %s", id, got, want)
		}
		if got := workload.Controlled(s, n); got != (id != want) {
			t.Errorf("Controlled(%s) = %v", id, got)
		}
	}
}
