package network

import (
	"strings"

	"github.com/foilsec/foil/internal/derive/selector"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/graph"
)

// The kinds of network policy. Those of Cilium say in spec or specs what they
// select and allow.
const (
	networkPolicy       graph.Kind = "networking.k8s.io/NetworkPolicy"
	ciliumPolicy        graph.Kind = "cilium.io/CiliumNetworkPolicy"
	ciliumClusterPolicy graph.Kind = "cilium.io/CiliumClusterwideNetworkPolicy"
)

// policyKinds lists the kinds of network policy.
func policyKinds() []graph.Kind {
	return []graph.Kind{networkPolicy, ciliumPolicy, ciliumClusterPolicy}
}

// policy is a network policy of any kind.
type policy struct {
	node  *graph.Node
	specs []policySpec
}

// policySpec is one selector of a policy with the directions it restricts.
type policySpec struct {
	selector selector.Selector
	// namespaces are those that a cluster-wide selector is limited to.
	namespaces []string
	// directed: a direction is named, so that traffic is cut down to what is
	// allowed there.
	directed bool
	// open: the spec says that it denies nothing by default.
	open bool
}

// policies are all policies of a snapshot, by the namespace they hold in; those
// of the whole cluster are under "".
type policies map[string][]*policy

func readPolicies(s *graph.Snapshot) policies {
	all := make(policies)
	for n := range s.OfKind(policyKinds()...) {
		p := &policy{node: n}
		if n.Kind == networkPolicy {
			p.specs = []policySpec{kubernetesSpec(n.Object.Get("spec"))}
		} else {
			p.specs = ciliumSpecs(n.Object)
		}
		all[n.Namespace] = append(all[n.Namespace], p)
	}
	return all
}

// kubernetesSpec reads a NetworkPolicy. The directions must be named: what a
// missing policyTypes stands for depends on the rules beside it.
func kubernetesSpec(spec graph.Value) policySpec {
	s := policySpec{selector: selector.FromLabelSelector(spec.Get("podSelector"))}
	for _, direction := range spec.Get("policyTypes").Items() {
		s.directed = s.directed || direction.Str() == "Ingress" || direction.Str() == "Egress"
	}
	return s
}

// ciliumSpecs reads the specs that select pods; one with a nodeSelector in
// place of the endpointSelector is about hosts.
func ciliumSpecs(object graph.Value) []policySpec {
	var specs []policySpec
	add := func(spec graph.Value) {
		if spec.Get("endpointSelector").Kind() == graph.Map {
			specs = append(specs, ciliumSpec(spec))
		}
	}
	add(object.Get("spec"))
	for _, spec := range object.Get("specs").Items() {
		add(spec)
	}
	return specs
}

func ciliumSpec(spec graph.Value) policySpec {
	var s policySpec
	for _, rules := range [...]string{"ingress", "egress", "ingressDeny", "egressDeny"} {
		s.directed = s.directed || spec.Get(rules).Exists()
	}
	s.open = denyOff(spec, "ingress") && denyOff(spec, "egress")
	plain := selector.FromLabelSelector(spec.Get("endpointSelector")).Rename(plainKey)
	s.namespaces, s.selector = plain.Take(namespaceKey)
	return s
}

// denyOff reports whether a spec switches the default deny of a direction off.
func denyOff(spec graph.Value, direction string) bool {
	on, set := spec.At("enableDefaultDeny", direction).Bool()
	return set && !on
}

// namespaceKey is the label by which Cilium selects the namespace of a pod.
const namespaceKey = "io.kubernetes.pod.namespace"

// plainKey is a label key without the source that Cilium may write before it.
func plainKey(key string) string {
	for _, source := range [...]string{"k8s:", "any:"} {
		if plain, ok := strings.CutPrefix(key, source); ok {
			return plain
		}
	}
	return key
}

// inNamespace reports whether the spec may select pods of a namespace.
func (s policySpec) inNamespace(namespace string) bool {
	for _, wanted := range s.namespaces {
		if wanted != namespace {
			return false
		}
	}
	return true
}

// selecting lists the policies that select the pods of a workload.
func (all policies) selecting(w workload.View) []*policy {
	var found []*policy
	for _, scope := range [...]string{w.Node.Namespace, ""} {
		for _, p := range all[scope] {
			if p.selects(w) {
				found = append(found, p)
			}
		}
	}
	return found
}

func (p *policy) selects(w workload.View) bool {
	for _, spec := range p.specs {
		if spec.inNamespace(w.Node.Namespace) && spec.selector.Matches(w.Labels()) {
			return true
		}
	}
	return false
}

// directed reports whether the policy restricts a direction.
func (p *policy) directed() bool {
	for _, spec := range p.specs {
		if spec.directed {
			return true
		}
	}
	return false
}

// covers reports whether a policy of the whole cluster protects every pod of a
// namespace.
func (p *policy) covers(namespace string) bool {
	for _, spec := range p.specs {
		if spec.selector.Empty() && spec.inNamespace(namespace) && spec.directed && !spec.open {
			return true
		}
	}
	return false
}
