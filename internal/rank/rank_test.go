package rank

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/derive"
	"github.com/foilsec/foil/internal/derive/facttest"
	"github.com/foilsec/foil/internal/derive/rbac"
	"github.com/foilsec/foil/internal/derive/reach"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
)

// factsOf reads objects and derives what a scan derives.
func factsOf(t testing.TB, objects string) *Facts {
	t.Helper()
	b := &graph.Builder{}
	if err := facttest.Add(b, objects); err != nil {
		t.Fatal(err)
	}
	return derived(b)
}

func derived(b *graph.Builder) *Facts {
	read := b.Snapshot()
	for _, d := range []derive.Deriver{workload.Deriver{}, reach.Deriver{}} {
		d.Derive(read, b)
	}
	s := b.Snapshot()
	x := workload.NewIndex(s)
	return &Facts{Snapshot: s, Workloads: x, Grants: rbac.NewIndex(s), Exposure: reach.NewMap(s, x)}
}

// pod is a pod "web" in namespace default with the given fields of its spec.
func pod(spec string) string {
	return "{apiVersion: v1, kind: Pod, metadata: {name: web, labels: {app: web}}, spec: {" + spec + "}}\n---\n"
}

const webID = graph.NodeID("k8s:Pod:default/web")

func service(spec string) string {
	return "{apiVersion: v1, kind: Service, metadata: {name: front}, spec: {selector: {app: web}, ports: [{port: 80}], " + spec + "}}\n---\n"
}

func role(rules string) string {
	return `
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: power}, rules: [` + rules + `]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: bound}, roleRef: {kind: ClusterRole, name: power}, subjects: [{kind: ServiceAccount, name: default, namespace: default}]}
---
`
}

// TestFactors holds each factor: its value and its sentence, and that it is
// silent when it has nothing to say.
func TestFactors(t *testing.T) {
	const container = "containers: [{name: c, image: a, "
	for name, test := range map[string]struct{ objects, want string }{
		"nothing to say": {pod(""), ""},

		"an Ingress":           {pod("") + service("") + `{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: in}, spec: {defaultBackend: {service: {name: front}}}}`, "exposure 2 Reachable from outside: Ingress default/in → Service default/front → Pod default/web."},
		"a load balancer":      {pod("") + service("type: LoadBalancer"), "exposure 2 Reachable from outside: Service default/front → Pod default/web."},
		"a port of the nodes":  {pod("") + service("type: NodePort"), "exposure 1.5 Open on the network of the nodes: Service default/front → Pod default/web."},
		"a port of its node":   {pod(container + "ports: [{hostPort: 80}]}]"), "exposure 1.5 Open on the network of the nodes: Pod default/web."},
		"a Service":            {pod("") + service(""), "exposure 1.1 Reachable in the cluster: Service default/front → Pod default/web."},
		"a Service for others": {pod("") + strings.Replace(service("type: LoadBalancer"), "app: web", "app: other", 1), ""},

		"a privileged container": {pod(container + "securityContext: {privileged: true}}]"), "privilege 1.5 Pod default/web reaches into its node: container c is privileged."},
		"a privileged init":      {pod("initContainers: [{name: i, securityContext: {privileged: true}}]"), "privilege 1.5 Pod default/web reaches into its node: container i is privileged."},
		"not privileged":         {pod(container + "securityContext: {privileged: false}}]"), ""},
		"a capability":           {pod(container + "securityContext: {capabilities: {add: [NET_BIND_SERVICE, cap_sys_admin]}}}]"), "privilege 1.5 Pod default/web reaches into its node: capability SYS_ADMIN."},
		"a harmless capability":  {pod(container + "securityContext: {capabilities: {add: [NET_BIND_SERVICE]}}}]"), ""},
		"a path of the node":     {pod("volumes: [{name: v, hostPath: {path: /var/run}}]"), "privilege 1.5 Pod default/web reaches into its node: it mounts /var/run of the node."},
		"processes of the node":  {pod("hostPID: true"), "privilege 1.5 Pod default/web reaches into its node: it shares the node's namespace (hostPID)."},

		"may do everything":     {pod("") + role("{verbs: ['*'], apiGroups: ['*'], resources: ['*']}"), "access 2 Runs as ServiceAccount default/default, which can do everything (ClusterRoleBinding bound)."},
		"may escalate":          {pod("") + role("{verbs: [escalate], apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles]}"), "access 1.8 Runs as ServiceAccount default/default, which can give itself more rights (ClusterRoleBinding bound)."},
		"may read Secrets":      {pod("") + role("{verbs: [list], apiGroups: [''], resources: [secrets]}"), "access 1.5 Runs as ServiceAccount default/default, which can read Secrets (ClusterRoleBinding bound)."},
		"may run pods":          {pod("") + role("{verbs: [create], apiGroups: [''], resources: [pods]}"), "access 1.4 Runs as ServiceAccount default/default, which can run code in pods (ClusterRoleBinding bound)."},
		"the worst rule counts": {pod("") + role("{verbs: [create], apiGroups: [''], resources: [pods]}, {verbs: [get], apiGroups: [''], resources: [secrets]}"), "access 1.5 Runs as ServiceAccount default/default, which can read Secrets (ClusterRoleBinding bound)."},
		"may read pods":         {pod("") + role("{verbs: [get], apiGroups: [''], resources: [pods]}"), ""},
		"without a token":       {pod("automountServiceAccountToken: false") + role("{verbs: ['*'], apiGroups: ['*'], resources: ['*']}"), ""},
		"its account has none":  {pod("") + "{apiVersion: v1, kind: ServiceAccount, metadata: {name: default}, automountServiceAccountToken: false}\n---\n" + role("{verbs: ['*'], apiGroups: ['*'], resources: ['*']}"), ""},
		"the pod wins":          {pod("automountServiceAccountToken: true") + "{apiVersion: v1, kind: ServiceAccount, metadata: {name: default}, automountServiceAccountToken: false}\n---\n" + role("{verbs: [get], apiGroups: [''], resources: [secrets]}"), "access 1.5 Runs as ServiceAccount default/default, which can read Secrets (ClusterRoleBinding bound)."},
		"a projected token":     {pod("automountServiceAccountToken: false, volumes: [{name: t, projected: {sources: [{serviceAccountToken: {path: t}}]}}]") + role("{verbs: [get], apiGroups: [''], resources: [secrets]}"), "access 1.5 Runs as ServiceAccount default/default, which can read Secrets (ClusterRoleBinding bound)."},
		"a role that is gone":   {pod("") + "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: bound}, roleRef: {kind: ClusterRole, name: gone}, subjects: [{kind: ServiceAccount, name: default, namespace: default}]}", ""},

		"a Secret":             {pod("volumes: [{name: s, secret: {secretName: keys}}]"), "sensitivity 1.25 Pod default/web holds Secret keys."},
		"a Secret to pull":     {pod("imagePullSecrets: [{name: keys}]"), ""},
		"labelled high":        {strings.Replace(pod(""), "app: web", "foil.dev/sensitivity: high", 1), "sensitivity 1.5 Pod default/web is labelled as sensitive."},
		"labelled low":         {strings.Replace(pod(""), "app: web", "foil.dev/sensitivity: low", 1), "sensitivity 0.7 Pod default/web is labelled as not sensitive."},
		"a labelled namespace": {pod("") + "{apiVersion: v1, kind: Namespace, metadata: {name: default, labels: {foil.dev/sensitivity: high}}}", "sensitivity 1.5 Pod default/web is labelled as sensitive."},
		"its own label wins":   {strings.Replace(pod(""), "app: web", "foil.dev/sensitivity: low", 1) + "{apiVersion: v1, kind: Namespace, metadata: {name: default, labels: {foil.dev/sensitivity: high}}}", "sensitivity 0.7 Pod default/web is labelled as not sensitive."},
	} {
		t.Run(name, func(t *testing.T) {
			ranked := Rank([]*finding.Finding{{Rule: "r", Node: webID, Severity: finding.Medium}}, factsOf(t, test.objects))
			reasons := ranked[0].Reasons
			if reasons[0].Factor != "severity" || reasons[0].Value != 30 || reasons[0].Sentence.EN != "Medium by itself." {
				t.Errorf("base %+v", reasons[0])
			}
			var got []string
			score := reasons[0].Value
			for _, r := range reasons[1:] {
				got = append(got, fmt.Sprint(r.Factor, " ", r.Value, " ", r.Sentence.EN))
				if score *= r.Value; !r.Sentence.Complete() {
					t.Errorf("%s says nothing in one of the languages: %+v", r.Factor, r.Sentence)
				}
			}
			if strings.Join(got, "; ") != test.want {
				t.Errorf("got  %s\nwant %s", strings.Join(got, "; "), test.want)
			}
			if ranked[0].Score != round(score) {
				t.Errorf("score %v is not the product of its reasons, %v", ranked[0].Score, round(score))
			}
		})
	}
}

// TestFactorsMultiply has a workload about which every factor speaks.
func TestFactorsMultiply(t *testing.T) {
	facts := factsOf(t, pod("hostPID: true, volumes: [{name: s, secret: {secretName: keys}}]")+service("type: LoadBalancer")+role("{verbs: ['*'], apiGroups: ['*'], resources: ['*']}"))
	for severity, want := range map[finding.Severity]float64{
		finding.Critical: 750, finding.High: 450, finding.Medium: 225, finding.Low: 75, finding.Info: 15,
	} {
		r := Rank([]*finding.Finding{{Rule: "r", Node: webID, Severity: severity}}, facts)[0]
		if r.Score != want || len(r.Reasons) != 5 {
			t.Errorf("%s: score %v for %d reasons, want %v for 5", severity, r.Score, len(r.Reasons), want)
		}
	}
}

// TestWhoIsAffected names the workloads that a fault of each kind of object
// puts at risk.
func TestWhoIsAffected(t *testing.T) {
	facts := factsOf(t, `
{apiVersion: v1, kind: Namespace, metadata: {name: shop}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: kitchen, namespace: shop}, spec: {template: {metadata: {labels: {app: kitchen}}, spec: {serviceAccountName: cook, containers: [{name: c, envFrom: [{configMapRef: {name: menu}}]}], volumes: [{name: v, secret: {secretName: keys}}]}}}}
---
{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: kitchen-5d, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: kitchen, controller: true}]}, spec: {template: {metadata: {labels: {app: kitchen}}, spec: {serviceAccountName: cook}}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: till, namespace: shop, labels: {app: till}}}
---
{apiVersion: v1, kind: Service, metadata: {name: kitchen, namespace: shop}, spec: {selector: {app: kitchen}, ports: [{port: 80}]}}
---
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: shop, namespace: shop}, spec: {defaultBackend: {service: {name: kitchen}}}}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: cook, namespace: shop}}
---
{apiVersion: v1, kind: Secret, metadata: {name: keys, namespace: shop}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: menu, namespace: shop}}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: cook, namespace: shop}, rules: []}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: cooks, namespace: shop}, roleRef: {kind: Role, name: cook}, subjects: [{kind: ServiceAccount, name: cook}, {kind: User, name: mei}]}
---
{apiVersion: v1, kind: Node, metadata: {name: worker}}
`)
	const kitchen, till = "k8s:apps/Deployment:shop/kitchen", "k8s:Pod:shop/till"
	for id, want := range map[graph.NodeID][]graph.NodeID{
		kitchen:                    {kitchen},
		till:                       {till},
		"k8s:Namespace:shop":       {till, kitchen},
		"k8s:Service:shop/kitchen": {kitchen},
		"k8s:networking.k8s.io/Ingress:shop/shop":              {kitchen},
		"k8s:ServiceAccount:shop/cook":                         {kitchen},
		"k8s:Secret:shop/keys":                                 {kitchen},
		"k8s:ConfigMap:shop/menu":                              {kitchen},
		"k8s:rbac.authorization.k8s.io/Role:shop/cook":         {kitchen},
		"k8s:rbac.authorization.k8s.io/RoleBinding:shop/cooks": {kitchen},
		"k8s:Node:worker":                                      nil,
		"k8s:Pod:shop/unknown":                                 nil,
		"exception:.foil.yaml#1":                               nil,
	} {
		r := Rank([]*finding.Finding{{Rule: "r", Node: id}}, facts)[0]
		if !slices.Equal(r.Workloads, want) {
			t.Errorf("%s puts %v at risk, want %v", id, r.Workloads, want)
		}
	}
}

// TestOrderIsFixed ranks the same findings in many orders.
func TestOrderIsFixed(t *testing.T) {
	facts := factsOf(t, pod("hostPID: true")+"{apiVersion: v1, kind: Pod, metadata: {name: quiet}}")
	var findings []*finding.Finding
	for _, node := range []graph.NodeID{webID, "k8s:Pod:default/quiet", "k8s:Node:gone"} {
		for _, rule := range []string{"a", "b"} {
			for severity := finding.Info; severity <= finding.Critical; severity++ {
				for _, print := range []finding.Fingerprint{"1", "2"} {
					findings = append(findings, &finding.Finding{Rule: rule, Node: node, Severity: severity, Fingerprint: print})
				}
			}
		}
	}
	var want string
	r := rand.New(rand.NewPCG(1, 1))
	for range 30 {
		r.Shuffle(len(findings), func(i, j int) { findings[i], findings[j] = findings[j], findings[i] })
		ranked := Rank(slices.Clone(findings), facts)
		if !slices.IsSortedFunc(ranked, func(a, b Ranked) int { return int(b.Score*10) - int(a.Score*10) }) {
			t.Fatal("scores do not fall")
		}
		var got strings.Builder
		for _, f := range ranked {
			fmt.Fprintln(&got, f.Score, f.Rule, f.Node, f.Severity, f.Fingerprint)
		}
		if want == "" {
			want = got.String()
		}
		if got.String() != want {
			t.Fatalf("the order depends on the order of the findings:\n%s\nwas\n%s", got.String(), want)
		}
	}
}
