package reach_test

import (
	"fmt"
	"testing"

	"github.com/foilsec/foil/internal/derive/facttest"
	"github.com/foilsec/foil/internal/derive/reach"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/graph"
)

const pod = `
{apiVersion: v1, kind: Pod, metadata: {name: web, labels: {app: web}}, spec: {containers: [{name: c, ports: [{name: http, containerPort: 80}]}]}}
---
`

// clusterIP is a Service in front of the pod, for the routes to name.
const clusterIP = pod + `
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: 80}]}}
---
`

func TestExposure(t *testing.T) {
	cases := []struct{ name, objects, want string }{
		{"alone", pod, "none"},
		{"a Service in the cluster", clusterIP, "cluster: Service/web(spec.type)"},
		{"a load balancer", pod + `{apiVersion: v1, kind: Service, metadata: {name: lb}, spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}}`,
			"internet: Service/lb(spec.type)"},
		{"an internal load balancer", pod + `{apiVersion: v1, kind: Service, metadata: {name: lb, annotations: {service.beta.kubernetes.io/aws-load-balancer-scheme: internal}}, spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}}`,
			"network: Service/lb(spec.type)"},
		{"a port on every node", pod + `{apiVersion: v1, kind: Service, metadata: {name: np}, spec: {type: NodePort, selector: {app: web}, ports: [{port: 80}]}}`,
			"network: Service/np(spec.type)"},
		{"external addresses", pod + `{apiVersion: v1, kind: Service, metadata: {name: ext}, spec: {selector: {app: web}, externalIPs: [1.2.3.4], ports: [{port: 80}]}}`,
			"internet: Service/ext(spec.externalIPs)"},
		{"a named port that exists", pod + `{apiVersion: v1, kind: Service, metadata: {name: lb}, spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: http}]}}`,
			"internet: Service/lb(spec.type)"},
		{"a named port that does not exist", pod + `{apiVersion: v1, kind: Service, metadata: {name: lb}, spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: gone}]}}`,
			"none"},
		{"a Service of another namespace", pod + `{apiVersion: v1, kind: Service, metadata: {name: lb, namespace: lab}, spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}}`,
			"none"},
		{"a Service without a selector", pod + `{apiVersion: v1, kind: Service, metadata: {name: lb}, spec: {type: LoadBalancer, ports: [{port: 80}]}}`,
			"none"},
		{"an Ingress", clusterIP + `{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: in}, spec: {rules: [{http: {paths: [{backend: {service: {name: web}}}]}}]}}`,
			"internet: Ingress/in(spec.rules[0].http.paths[0].backend.service.name) Service/web(spec.selector)"},
		{"the default backend of an Ingress", clusterIP + `{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: in}, spec: {defaultBackend: {service: {name: web}}}}`,
			"internet: Ingress/in(spec.defaultBackend.service.name) Service/web(spec.selector)"},
		{"an Ingress of the removed API", clusterIP + `{apiVersion: extensions/v1beta1, kind: Ingress, metadata: {name: in}, spec: {backend: {serviceName: web}}}`,
			"internet: Ingress/in(spec.backend.serviceName) Service/web(spec.selector)"},
		{"a route of the Gateway API", clusterIP + `{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r}, spec: {rules: [{backendRefs: [{kind: Other, name: web}, {name: web}]}]}}`,
			"internet: HTTPRoute/r(spec.rules[0].backendRefs[1].name) Service/web(spec.selector)"},
		{"a mirror of the Gateway API", clusterIP + `{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r}, spec: {rules: [{filters: [{requestMirror: {backendRef: {name: web}}}]}]}}`,
			"internet: HTTPRoute/r(spec.rules[0].filters[0].requestMirror.backendRef.name) Service/web(spec.selector)"},
		{"a route from another namespace", clusterIP + `{apiVersion: gateway.networking.k8s.io/v1, kind: TCPRoute, metadata: {name: r, namespace: edge}, spec: {rules: [{backendRefs: [{name: web, namespace: default}]}]}}`,
			"internet: TCPRoute/r(spec.rules[0].backendRefs[0].name) Service/web(spec.selector)"},
		{"the network of the host", `{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {hostNetwork: true}}`,
			"network: Pod/web(spec.hostNetwork)"},
		{"a port of the host", `{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: c, ports: [{hostPort: 0}, {hostPort: 80}]}]}}`,
			"network: Pod/web(spec.containers[0].ports[1].hostPort)"},
	}
	for _, c := range cases {
		if got := exposure(t, c.objects); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestIstio(t *testing.T) {
	const mesh = clusterIP + `
{apiVersion: networking.istio.io/v1, kind: Gateway, metadata: {name: gw, namespace: edge}, spec: {selector: {istio: ingress}}}
---
{apiVersion: v1, kind: Service, metadata: {name: front, namespace: istio-system, labels: {istio: ingress}}, spec: {type: %s, ports: [{port: 80}]}}
---
{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: vs}, spec: {gateways: [mesh, %s], http: [{route: [{destination: {host: %s}}]}]}}
`
	const way = "Service/front(spec.type) Gateway/gw(spec.selector) VirtualService/vs(spec.http[0].route[0].destination.host) Service/web(spec.selector)"
	const closed = "cluster: Service/web(spec.type)"
	cases := []struct{ front, gateway, host, want string }{
		{"LoadBalancer", "edge/gw", "web", "internet: " + way},
		{"NodePort", "edge/gw", "web.default", "network: " + way},
		{"LoadBalancer", "edge/gw", "web.default.svc.cluster.local", "internet: " + way},
		{"ClusterIP", "edge/gw", "web", closed},
		{"LoadBalancer", "gw", "web", closed},
		{"LoadBalancer", "edge/gw", "web.lab", closed},
	}
	for _, c := range cases {
		if got := exposure(t, fmt.Sprintf(mesh, c.front, c.gateway, c.host)); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

// exposure is the level of the pod "web" and its most exposed chain.
func exposure(t *testing.T, objects string) string {
	t.Helper()
	s := facttest.Snapshot(t, objects)
	e := reach.NewMap(s, workload.NewIndex(s)).Of("k8s:Pod:default/web")
	if len(e.Chains) == 0 {
		return e.Level.String()
	}
	text := e.Level.String() + ":"
	for _, link := range e.Chains[0].Links {
		_, kind, _, name, _ := link.Node.Object()
		path := "spec.type"
		if link.Field.Exists() {
			path = link.Field.Path()
		}
		text += fmt.Sprintf(" %s/%s(%s)", kind, name, path)
	}
	return text
}

func TestDeriver(t *testing.T) {
	s := facttest.Snapshot(t, clusterIP+`{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: in}, spec: {rules: [{http: {paths: [{backend: {service: {name: web}}}, {backend: {service: {name: gone}}}]}}]}}`)
	var b graph.Builder
	for n := range s.Nodes() {
		b.AddNode(*n)
	}
	reach.Deriver{}.Derive(s, &b)
	var got []graph.NodeID
	for e := range b.Snapshot().From("k8s:networking.k8s.io/Ingress:default/in") {
		if e.Kind == reach.RoutesTo {
			got = append(got, e.To)
		}
	}
	if fmt.Sprint(got) != "[k8s:Service:default/gone k8s:Service:default/web]" {
		t.Errorf("the Ingress routes to %v", got)
	}
}
