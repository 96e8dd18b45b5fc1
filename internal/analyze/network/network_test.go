package network_test

import (
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/analyze/check/checktest"
	"github.com/foilsec/foil/internal/analyze/network"
	"github.com/foilsec/foil/internal/derive/facttest"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/rule/control"
)

func TestMetadata(t *testing.T) { checktest.Metadata(t, network.New()) }

func TestOddObjects(t *testing.T) { checktest.Odd(t, network.New()) }

const shop = `
{apiVersion: v1, kind: Namespace, metadata: {name: shop}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, ports: [{name: http}]}]}}}}
---
`

const (
	web       = "[k8s:apps/Deployment:shop/web]"
	namespace = "[k8s:Namespace:shop]"
)

func TestPolicies(t *testing.T) {
	// For each set of policies: does the namespace, does the workload, and does
	// its traffic fail?
	cases := []struct {
		name, policies               string
		namespace, workload, traffic bool
	}{
		{"none", "", true, true, true},
		{"one that selects everything", `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}, policyTypes: [Ingress]}}`, false, false, false},
		{"one without directions", `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {matchLabels: {app: web}}}}`, false, false, true},
		{"one for others", `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {matchLabels: {app: db}}, policyTypes: [Egress]}}`, false, true, true},
		{"one by expression", `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {matchExpressions: [{key: app, operator: In, values: [web]}]}, policyTypes: [Egress]}}`, false, false, false},
		{"one of another namespace", `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: lab}, spec: {podSelector: {}, policyTypes: [Ingress]}}`, true, true, true},
		{"one of another API group", `{apiVersion: example.com/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}, policyTypes: [Ingress]}}`, true, true, true},
		{"one of Cilium", `{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: p, namespace: shop}, spec: {endpointSelector: {matchLabels: {"k8s:app": web}}, ingress: []}}`, false, false, false},
		{"one of Cilium without rules", `{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: p, namespace: shop}, specs: [{endpointSelector: {}}]}`, false, false, true},
		{"one of the cluster", `{apiVersion: cilium.io/v2, kind: CiliumClusterwideNetworkPolicy, metadata: {name: p}, specs: [{endpointSelector: {}, egress: [{}]}]}`, false, false, false},
		{"one of the cluster for this namespace", `{apiVersion: cilium.io/v2, kind: CiliumClusterwideNetworkPolicy, metadata: {name: p}, spec: {endpointSelector: {matchLabels: {"k8s:io.kubernetes.pod.namespace": shop}}, egress: [{}]}}`, false, false, false},
		{"one of the cluster for another namespace", `{apiVersion: cilium.io/v2, kind: CiliumClusterwideNetworkPolicy, metadata: {name: p}, spec: {endpointSelector: {matchLabels: {io.kubernetes.pod.namespace: lab}}, egress: [{}]}}`, true, true, true},
		{"one of the cluster for some pods", `{apiVersion: cilium.io/v2, kind: CiliumClusterwideNetworkPolicy, metadata: {name: p}, spec: {endpointSelector: {matchLabels: {app: web}}, egress: [{}]}}`, true, false, false},
		{"one of the cluster that denies nothing", `{apiVersion: cilium.io/v2, kind: CiliumClusterwideNetworkPolicy, metadata: {name: p}, spec: {endpointSelector: {}, egress: [{}], enableDefaultDeny: {ingress: false, egress: false}}}`, true, false, false},
		{"one of the cluster for hosts", `{apiVersion: cilium.io/v2, kind: CiliumClusterwideNetworkPolicy, metadata: {name: p}, spec: {nodeSelector: {}, ingress: [{}]}}`, true, true, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			checktest.Expect(t, network.New(), shop+c.policies, map[string]string{
				"namespace-without-network-policy": pick(c.namespace, namespace),
				"workload-without-network-policy":  pick(c.workload, web),
				"traffic-not-restricted":           pick(c.traffic, web),
			})
		})
	}
}

func pick(fails bool, node string) string {
	if fails {
		return node
	}
	return "[]"
}

func TestDanglingPolicy(t *testing.T) {
	checktest.Expect(t, network.New(), shop+`
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: good, namespace: shop}, spec: {podSelector: {matchLabels: {app: web}}}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: lost, namespace: shop}, spec: {podSelector: {matchExpressions: [{key: app, operator: In, values: [gone]}]}}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: everything, namespace: empty}, spec: {podSelector: {}}}
`, map[string]string{"dangling-network-policy": "[k8s:networking.k8s.io/NetworkPolicy:shop/lost]"})
}

const service = `
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {type: %TYPE%, selector: {app: web}, ports: [{port: 80}]}}
---
`

func TestPublished(t *testing.T) {
	ingress := `{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: in, namespace: shop}, spec: {rules: [{http: {paths: [{backend: {service: {name: web}}}]}}]}}`
	route := `{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop}, spec: {rules: [{backendRefs: [{kind: Service, name: web}]}]}}`
	cases := []struct {
		kind, route      string
		outside, gateway bool
	}{
		{"ClusterIP", "", false, false},
		{"NodePort", "", true, false},
		{"LoadBalancer", "", true, false},
		{"ClusterIP", ingress, true, false},
		{"ClusterIP", route, false, true},
		{"NodePort", route, true, false},
	}
	for _, c := range cases {
		objects := shop + strings.Replace(service, "%TYPE%", c.kind, 1) + c.route
		checktest.Expect(t, network.New(), objects, map[string]string{
			"published-outside":    pick(c.outside, web),
			"published-by-gateway": pick(c.gateway, web),
		})
	}
}

func TestSensitiveInterface(t *testing.T) {
	const objects = `
{apiVersion: v1, kind: Pod, metadata: {name: my-jenkins-0, labels: {app: j}}, spec: {containers: [{name: c}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: plain, labels: {app: j}}, spec: {containers: [{name: c}]}}
---
`
	cases := []struct {
		service string
		fails   bool
	}{
		{`{type: NodePort, selector: {app: j}, ports: [{port: 80}]}}`, true},
		{`{type: LoadBalancer, selector: {app: j}, ports: [{port: 80}]}}`, true},
		{`{type: LoadBalancer, selector: {app: j}, ports: [{port: 80}]}, status: {loadBalancer: {ingress: [{ip: 1.2.3.4}]}}}`, true},
		{`{type: LoadBalancer, selector: {app: j}, ports: [{port: 80}]}, status: {loadBalancer: {}}}`, false},
		{`{selector: {app: j}, ports: [{port: 80}]}}`, false},
	}
	for _, c := range cases {
		s := facttest.Snapshot(t, objects+"{apiVersion: v1, kind: Service, metadata: {name: s}, spec: "+c.service)
		v := checktest.Run(t, network.New(), s, control.Settings{"sensitiveInterfaces": {"jenkins"}})
		got := v.Failed("sensitive-interface-published")
		if (len(got) == 1 && got[0] == "k8s:Pod:default/my-jenkins-0") != c.fails || len(got) > 1 {
			t.Errorf("%s: fails %v", c.service, got)
		}
		if v.Evaluations["sensitive-interface-published"] != 1 {
			t.Errorf("evaluated %d workloads, want the one of that name", v.Evaluations["sensitive-interface-published"])
		}
	}
}

func TestSSH(t *testing.T) {
	checktest.Expect(t, network.New(), shop+`
{apiVersion: v1, kind: Service, metadata: {name: ssh, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}, {port: 8022, targetPort: 22}]}}
`, map[string]string{"ssh-published": web})
	checktest.Expect(t, network.New(), shop+`
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: ssh, namespace: lab}, spec: {selector: {app: web}, ports: [{port: 22}]}}
`, map[string]string{"ssh-published": "[]"})
}

func TestPlainLoadBalancer(t *testing.T) {
	checktest.Expect(t, network.New(), `
{apiVersion: v1, kind: Service, metadata: {name: public}, spec: {type: LoadBalancer}}
---
{apiVersion: v1, kind: Service, metadata: {name: inside}, spec: {type: ClusterIP}}
---
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: elsewhere}, spec: {}}
`, map[string]string{"plain-load-balancer": "[k8s:Service:default/public]"})
	checktest.Expect(t, network.New(), `
{apiVersion: v1, kind: Service, metadata: {name: internal, annotations: {service.beta.kubernetes.io/azure-load-balancer-internal: "true"}}, spec: {type: LoadBalancer}}
---
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: plain}, spec: {}}
---
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: other, annotations: {kubernetes.io/ingress.class: nginx}}, spec: {tls: [{}]}}
---
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: good, annotations: {kubernetes.io/ingress.class: azure/application-gateway}}, spec: {tls: [{}]}}
`, map[string]string{"plain-load-balancer": "[k8s:networking.k8s.io/Ingress:default/other k8s:networking.k8s.io/Ingress:default/plain]"})
}

func TestHiddenPolicies(t *testing.T) {
	var b graph.Builder
	if err := facttest.Add(&b, shop); err != nil {
		t.Fatal(err)
	}
	b.AddGap(graph.Gap{Subject: "networkpolicies", Kinds: []graph.Kind{"networking.k8s.io/NetworkPolicy"}})
	v := checktest.Run(t, network.New(), b.Snapshot(), nil)
	for _, rule := range []string{"namespace-without-network-policy", "workload-without-network-policy", "traffic-not-restricted"} {
		if len(v.Failed(rule)) != 0 || v.Evaluations[rule] != 0 {
			t.Errorf("%s judged although policies were hidden", rule)
		}
	}
	if len(v.NotEvaluable) != 3 {
		t.Errorf("not evaluated = %v, want the three controls", v.NotEvaluable)
	}
}

func TestFixIsAPolicyOfTheNamespace(t *testing.T) {
	v := checktest.Run(t, network.New(), facttest.Snapshot(t, shop), nil)
	for _, f := range v.Findings {
		if len(f.Fixes) != 1 || f.Fixes[0].Operation != finding.Create || !strings.Contains(f.Fixes[0].Value, "namespace: shop\n") {
			t.Errorf("%s on %s: fixes = %+v", f.Rule, f.Node, f.Fixes)
		}
	}
}
