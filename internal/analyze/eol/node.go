package eol

import (
	"strings"

	feed "github.com/foilsec/foil/internal/feed/eol"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

const nodeKind graph.Kind = "Node"

// node looks at what a node of a cluster says of itself: its kubelet, which is
// Kubernetes as its provider supports it, its system and its container runtime.
func (r *run) node(n *graph.Node) *sightings {
	s, info := &sightings{}, n.Object.At("status", "nodeInfo")
	kubelet := info.Get("kubeletVersion")
	r.component(s, n, kubernetesOf(n, kubelet.Str()), kubelet, kubelet.Str())
	engine, version, _ := strings.Cut(info.Get("containerRuntimeVersion").Str(), "://")
	if engine == "docker" {
		engine = "docker-engine"
	}
	r.component(s, n, engine, info.Get("containerRuntimeVersion"), version)
	system := info.Get("osImage")
	if known, ok := feed.SystemOf(system.Str()); ok {
		p, c, err := r.db.BySystem(known)
		if !r.failed(err) && c != nil {
			s.add(feed.Match{Product: p, Cycle: c}, part(n, system))
		}
	}
	return s
}

func (r *run) component(s *sightings, n *graph.Node, product string, field graph.Value, version string) {
	if product == "" || version == "" {
		return
	}
	p, err := r.db.Product(product)
	if r.failed(err) || p == nil {
		return
	}
	if c, ok := p.Cycle(version); ok {
		s.add(feed.Match{Product: p, Cycle: c}, part(n, field))
	}
}

func part(n *graph.Node, field graph.Value) sighting {
	return sighting{
		node: n.ID, evidence: []finding.Evidence{at(field)},
		remedy: &remedy{"upgrade-node", n.ID, lang.Text{
			EN: "Upgrade node " + n.Name + " from {from} to {to}",
			ZH: "将节点 " + n.Name + " 从 {from} 升级到 {to}",
		}},
	}
}

// kubernetesOf is the product whose dates hold for the Kubernetes of a node:
// providers support versions for longer than the project does.
func kubernetesOf(n *graph.Node, version string) string {
	switch provider := n.Object.At("spec", "providerID").Str(); {
	case strings.Contains(version, "-eks-"):
		return "amazon-eks"
	case strings.Contains(version, "-gke."):
		return "google-kubernetes-engine"
	case strings.Contains(version, "-aliyun"):
		return "alibaba-ack"
	case strings.HasPrefix(provider, "azure://") && n.Object.At("metadata", "labels").Get("kubernetes.azure.com/cluster").Exists():
		return "azure-kubernetes-service"
	}
	return "kubernetes"
}
