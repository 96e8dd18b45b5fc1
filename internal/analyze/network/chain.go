package network

import (
	"slices"

	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/reach"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// judgeChains fails every workload that a bad way leads to. With a scope, only
// workloads within it are judged. The message names workload and way.
func (f *facts) judgeChains(v *check.Verdicts, bad func(reach.Chain) bool, message lang.Text, scope ...func(workload.View) bool) {
	for w := range f.workloads.Top() {
		if slices.ContainsFunc(scope, func(within func(workload.View) bool) bool { return !within(w) }) {
			continue
		}
		chains := f.exposure.Of(w.Node.ID).Chains
		first := slices.IndexFunc(chains, bad)
		if first < 0 {
			v.Pass(w.Node)
			continue
		}
		v.Fail(w.Node, check.Fault{
			Message:  check.Say(message, check.Name(w.Node.ID), check.Name(chains[first].Entry().Node)),
			Evidence: chainEvidence(chains, bad, w.Node.ID),
		})
	}
}

// chainEvidence is the links of the bad ways, the first few of them.
func chainEvidence(chains []reach.Chain, bad func(reach.Chain) bool, own graph.NodeID) []finding.Evidence {
	const most = 3
	var evidence []finding.Evidence
	ways := 0
	for _, c := range chains {
		if !bad(c) || ways == most {
			continue
		}
		ways++
		for _, link := range c.Links {
			node := link.Node
			if node == own {
				node = "" // evidence of the finding's own object names none
			}
			evidence = append(evidence, check.Of(node, link.Field))
		}
	}
	return evidence
}

// opens reports whether a node is a Service that is open to callers outside the
// cluster by itself.
func (f *facts) opens(id graph.NodeID) bool {
	n, ok := f.snapshot.Node(id)
	if !ok || n.Kind != workload.Service {
		return false
	}
	spec := n.Object.Get("spec")
	kind := spec.Get("type").Str()
	return kind == "LoadBalancer" || kind == "NodePort" || spec.Get("externalIPs").Len() > 0
}

func (f *facts) isIngress(id graph.NodeID) bool {
	n, ok := f.snapshot.Node(id)
	return ok && slices.Contains(reach.Ingresses(), n.Kind)
}
