package workload_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/derive/facttest"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/graph"
)

const connected = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web, tier: front}}
    spec:
      serviceAccountName: runner
      imagePullSecrets: [{name: pull}]
      volumes:
      - {name: a, secret: {secretName: tls}}
      - {name: b, configMap: {name: settings}}
      - {name: c, persistentVolumeClaim: {claimName: data}}
      - {name: d, projected: {sources: [{secret: {name: one}}, {configMap: {name: two}}, {serviceAccountToken: {path: t}}]}}
      - {name: e, csi: {driver: x, nodePublishSecretRef: {name: node}}}
      - {name: f, cephfs: {secretRef: {name: ceph}}}
      - {name: g, azureFile: {secretName: azure}}
      - {name: h, emptyDir: {}}
      initContainers:
      - name: setup
        envFrom: [{secretRef: {name: env}}, {configMapRef: {name: envmap}}]
      containers:
      - name: app
        env: [{name: A, valueFrom: {secretKeyRef: {name: key, key: k}}}, {name: B, valueFrom: {configMapKeyRef: {name: keymap, key: k}}}, {name: C, value: c}]
---
{apiVersion: v1, kind: Pod, metadata: {name: other, namespace: shop, labels: {app: other}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: elsewhere, namespace: lab, labels: {app: web, tier: front}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}}}
---
{apiVersion: v1, kind: Service, metadata: {name: none, namespace: shop}, spec: {}}
---
{apiVersion: v1, kind: Service, metadata: {name: outside, namespace: shop}, spec: {type: ExternalName, selector: {app: web}}}
---
{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}}
`

func TestEdges(t *testing.T) {
	want := []string{
		"web mounts Secret/tls @ spec.template.spec.volumes[0].secret.secretName",
		"web mounts ConfigMap/settings @ spec.template.spec.volumes[1].configMap.name",
		"web mounts PersistentVolumeClaim/data @ spec.template.spec.volumes[2].persistentVolumeClaim.claimName",
		"web mounts Secret/one @ spec.template.spec.volumes[3].projected.sources[0].secret.name",
		"web mounts ConfigMap/two @ spec.template.spec.volumes[3].projected.sources[1].configMap.name",
		"web mounts Secret/node @ spec.template.spec.volumes[4].csi.nodePublishSecretRef.name",
		"web mounts Secret/ceph @ spec.template.spec.volumes[5].cephfs.secretRef.name",
		"web mounts Secret/azure @ spec.template.spec.volumes[6].azureFile.secretName",
		"web reads Secret/env @ spec.template.spec.initContainers[0].envFrom[0].secretRef.name",
		"web reads ConfigMap/envmap @ spec.template.spec.initContainers[0].envFrom[1].configMapRef.name",
		"web reads Secret/key @ spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef.name",
		"web reads ConfigMap/keymap @ spec.template.spec.containers[0].env[1].valueFrom.configMapKeyRef.name",
		"web pulls-with Secret/pull @ spec.template.spec.imagePullSecrets[0].name",
		"web runs-as ServiceAccount/runner @ spec.template.spec.serviceAccountName",
		"other runs-as ServiceAccount/default @ ",
		"web selects Deployment/web @ spec.selector",
		"web scales Deployment/web @ spec.scaleTargetRef.name",
	}
	s := derive(facttest.Snapshot(t, connected))
	var got []string
	for e := range s.Edges() {
		_, _, namespace, from, _ := e.From.Object()
		_, kind, _, to, _ := e.To.Object()
		if namespace == "shop" {
			got = append(got, fmt.Sprintf("%s %s %s/%s @ %s", from, e.Kind, kind, to, e.Evidence.Path()))
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("edges:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestOwnerEdge(t *testing.T) {
	s := derive(facttest.Snapshot(t, owned))
	for e := range s.From("k8s:Pod:default/web-1-a") {
		if e.Kind == workload.OwnedBy && e.To == "k8s:apps/ReplicaSet:default/web-1" {
			return
		}
	}
	t.Error("the pod has no edge to its ReplicaSet")
}

func derive(s *graph.Snapshot) *graph.Snapshot {
	var b graph.Builder
	for n := range s.Nodes() {
		b.AddNode(*n)
	}
	workload.Deriver{}.Derive(s, &b)
	return b.Snapshot()
}

// BenchmarkDerive measures the joins on 20,000 objects: 9,000 Deployments in
// 90 namespaces that share one label, a Service for each, and 2,000 pods.
func BenchmarkDerive(b *testing.B) {
	var text strings.Builder
	for i := range 9000 {
		fmt.Fprintf(&text, "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d%d, namespace: n%d}, spec: {template: {metadata: {labels: {app: a%d, team: all}}, spec: {volumes: [{name: v, secret: {secretName: s}}], containers: [{name: c, envFrom: [{configMapRef: {name: m}}]}]}}}}\n---\n", i, i%90, i)
		fmt.Fprintf(&text, "{apiVersion: v1, kind: Service, metadata: {name: d%d, namespace: n%d}, spec: {selector: {team: all, app: a%d}}}\n---\n", i, i%90, i)
	}
	for i := range 2000 {
		fmt.Fprintf(&text, "{apiVersion: v1, kind: Pod, metadata: {name: p%d, namespace: n%d, labels: {app: p, team: all}}, spec: {containers: [{name: c}]}}\n---\n", i, i%90)
	}
	s := facttest.Snapshot(b, text.String())
	for b.Loop() {
		workload.Deriver{}.Derive(s, &graph.Builder{})
	}
}
