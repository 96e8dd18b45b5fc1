package relation_test

import (
	"fmt"
	"testing"

	"github.com/foilsec/foil/internal/analyze/check/checktest"
	"github.com/foilsec/foil/internal/analyze/relation"
	"github.com/foilsec/foil/internal/derive/facttest"
)

func TestMetadata(t *testing.T) { checktest.Metadata(t, relation.New()) }

func TestOddObjects(t *testing.T) { checktest.Odd(t, relation.New()) }

func TestDanglingReferences(t *testing.T) {
	checktest.Expect(t, relation.New(), `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {template: {metadata: {labels: {app: web}}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}}}
---
{apiVersion: v1, kind: Service, metadata: {name: lost}, spec: {selector: {app: gone}}}
---
{apiVersion: v1, kind: Service, metadata: {name: plain}, spec: {}}
---
{apiVersion: v1, kind: Service, metadata: {name: outside}, spec: {type: ExternalName, selector: {app: gone}}}
---
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: good}, spec: {defaultBackend: {service: {name: web}}}}
---
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: bad}, spec: {rules: [{http: {paths: [{backend: {service: {name: web}}}, {backend: {service: {name: gone}}}]}}]}}
---
{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: bad}, spec: {rules: [{backendRefs: [{name: web, namespace: lab}]}]}}
---
{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: custom}, spec: {rules: [{backendRefs: [{group: example.com, kind: Bucket, name: gone}]}]}}
---
{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: good}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}}
---
{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: bad}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: gone}}}
---
{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: custom}, spec: {scaleTargetRef: {apiVersion: example.com/v1, kind: Fleet, name: gone}}}
`, map[string]string{
		"service-without-workload": "[k8s:Service:default/lost]",
		"dangling-ingress":         "[k8s:networking.k8s.io/Ingress:default/bad]",
		"dangling-gateway-route":   "[k8s:gateway.networking.k8s.io/HTTPRoute:default/bad]",
		"dangling-autoscaler":      "[k8s:autoscaling/HorizontalPodAutoscaler:default/bad]",
	})
}

func TestMounts(t *testing.T) {
	const pod = `
{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {
  volumes: [{name: a, secret: {secretName: s}}, {name: b, configMap: {name: m}}, {name: c, persistentVolumeClaim: {claimName: d}}],
  initContainers: [{name: i, volumeMounts: [{name: a, mountPath: /a}]}],
  containers: [{name: x, volumeMounts: [{name: z, mountPath: /z}, {name: b, mountPath: /b}, {name: c, mountPath: /c}]}]}}
---
`
	const objects = `
{apiVersion: v1, kind: Secret, metadata: {name: s}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: m}}
---
{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: d}}
`
	rules := []string{"mounts-secret", "mounts-config-map", "mounts-persistent-volume-claim"}
	for text, want := range map[string]string{pod: "[]", pod + objects: "[k8s:Pod:default/p]"} {
		expected := make(map[string]string)
		for _, rule := range rules {
			expected[rule] = want
		}
		checktest.Expect(t, relation.New(), text, expected)
	}
	v := checktest.Run(t, relation.New(), facttest.Snapshot(t, pod+objects), nil)
	paths := make(map[string]string)
	for _, f := range v.Findings {
		paths[f.Rule] = f.Evidence[0].Path
	}
	want := map[string]string{
		"mounts-secret":                  "spec.initContainers[0].volumeMounts",
		"mounts-config-map":              "spec.containers[0].volumeMounts[1]",
		"mounts-persistent-volume-claim": "spec.containers[0].volumeMounts",
	}
	for _, rule := range rules {
		if paths[rule] != want[rule] {
			t.Errorf("%s points at %q, want %q", rule, paths[rule], want[rule])
		}
	}
}

func TestPlainVolume(t *testing.T) {
	const objects = `
{apiVersion: v1, kind: PersistentVolume, metadata: {name: v}, spec: {storageClassName: c}}
---
{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: %s}, provisioner: %s, parameters: {encrypted: %s}}
`
	cases := []struct{ class, provisioner, encrypted, want string }{
		{"c", "ebs.csi.aws.com", `"true"`, "[]"},
		{"c", "ebs.csi.aws.com", `"false"`, "[k8s:PersistentVolume:v]"},
		{"c", "disk.csi.azure.com", `""`, "[]"},
		{"c", "pd.csi.storage.gke.io", `""`, "[]"},
		{"other", "ebs.csi.aws.com", `"false"`, "[]"},
	}
	for _, c := range cases {
		checktest.Expect(t, relation.New(), fmt.Sprintf(objects, c.class, c.provisioner, c.encrypted), map[string]string{"plain-persistent-volume": c.want})
	}
}

func TestNoPolicyControl(t *testing.T) {
	const namespaces = `
{apiVersion: v1, kind: Namespace, metadata: {name: open}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: guarded, labels: {pod-security.kubernetes.io/enforce: baseline}}}
---
`
	cases := map[string]string{
		"": "[k8s:Namespace:open]",
		`{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: w}, webhooks: [{rules: [{scope: Cluster}]}]}`:  "[k8s:Namespace:open]",
		`{apiVersion: admissionregistration.k8s.io/v1, kind: MutatingWebhookConfiguration, metadata: {name: w}, webhooks: [{rules: [{scope: Namespaced}]}]}`: "[]",
		`{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicyBinding, metadata: {name: b}, spec: {policyName: p}}`:                  "[]",
	}
	for object, want := range cases {
		checktest.Expect(t, relation.New(), namespaces+object, map[string]string{"no-policy-control": want})
	}
}

func TestSharedEtcdCA(t *testing.T) {
	const pods = `
{apiVersion: v1, kind: Pod, metadata: {name: etcd, namespace: kube-system}, spec: {containers: [{name: e, command: [etcd], args: [--trusted-ca-file=%s]}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: api, namespace: kube-system}, spec: {containers: [{name: a, command: [/usr/bin/kube-apiserver, --client-ca-file=/ca.crt]}]}}
`
	const both = "[k8s:Pod:kube-system/api k8s:Pod:kube-system/etcd]"
	for file, want := range map[string]string{"/ca.crt": both, "/etcd.crt": "[]"} {
		checktest.Expect(t, relation.New(), fmt.Sprintf(pods, file), map[string]string{"shared-etcd-ca": want})
	}
}

func TestSymlinkExchange(t *testing.T) {
	const objects = `
{apiVersion: v1, kind: Node, metadata: {name: n}, status: {nodeInfo: {kubeletVersion: %s}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, volumeMounts: [{name: v, subPath: x}]}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: q}, spec: {containers: [{name: c, volumeMounts: [{name: v}]}]}}
`
	versions := map[string]bool{
		"v1.9.11": true, "v1.19.14": true, "v1.19.15": false, "v1.20.10": true, "v1.20.11": false, "v1.21.4-gke.1": true,
		"v1.21.5": false, "v1.22.0": true, "v1.22.2": false, "v1.34.0": false, "unknown": false,
	}
	for version, vulnerable := range versions {
		want := "[]"
		if vulnerable {
			want = "[k8s:Pod:default/p]"
		}
		checktest.Expect(t, relation.New(), fmt.Sprintf(objects, version), map[string]string{"symlink-exchange": want})
	}
}

func TestIngressSnippets(t *testing.T) {
	const controller = `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: c}, spec: {template: {spec: {containers: [{name: c, image: "%s"}]}}}}
---
`
	images := map[string]bool{
		"registry.k8s.io/ingress-nginx/controller:v0.48.1":                     true,
		"registry.k8s.io/ingress-nginx/controller:v0.49.0@sha256:00":           true,
		"registry.k8s.io/ingress-nginx/controller:v0.49.1":                     false,
		"registry.k8s.io/ingress-nginx/controller:v1.0.0":                      true,
		"registry.k8s.io/ingress-nginx/controller:v1.0.1":                      false,
		"localhost:5000/ingress-nginx/controller":                              false,
		"docker.io/library/nginx:0.1.0":                                        false,
		"quay.io/kubernetes-ingress-controller/nginx-ingress-controller:0.9.0": true,
	}
	for image, vulnerable := range images {
		want := "[]"
		if vulnerable {
			want = "[k8s:apps/Deployment:default/c]"
		}
		text := fmt.Sprintf(controller, image)
		checktest.Expect(t, relation.New(), text, map[string]string{"ingress-snippets": want})
		checktest.Expect(t, relation.New(), text+`{apiVersion: v1, kind: ConfigMap, metadata: {name: m}, data: {allow-snippet-annotations: "false"}}`, map[string]string{"ingress-snippets": "[]"})
	}
}

func TestOpenService(t *testing.T) {
	const service = `
{apiVersion: v1, kind: Service, metadata: {name: db}, spec: {ports: [{port: 80}, {port: 6379}]}}
---
`
	const scan = `{apiVersion: kubescape.io/v1, kind: ServiceScanResult, metadata: {name: db}, spec: {ports: [{port: 80}, {port: 6379, authenticated: %s}]}}`
	v := checktest.Run(t, relation.New(), facttest.Snapshot(t, service), nil)
	if v.Evaluations["service-without-authentication"] != 0 {
		t.Error("a Service passed although no network scan looked at it")
	}
	for authenticated, want := range map[string]string{"true": "[]", "false": "[k8s:Service:default/db]"} {
		checktest.Expect(t, relation.New(), service+fmt.Sprintf(scan, authenticated), map[string]string{"service-without-authentication": want})
	}
}

func TestNodesWithoutIsolation(t *testing.T) {
	const shared = "{apiVersion: v1, kind: Node, metadata: {name: worker-1}}\n---\n{apiVersion: v1, kind: Node, metadata: {name: worker-2}}\n"
	const fargate = "---\n{apiVersion: v1, kind: Node, metadata: {name: fargate-ip-10-0-0-1}}\n"
	const rule = "node-without-workload-isolation"
	checktest.Expect(t, relation.New(), shared, map[string]string{rule: "[k8s:Node:worker-1 k8s:Node:worker-2]"})
	checktest.Expect(t, relation.New(), shared+fargate, map[string]string{rule: "[]"})
}
