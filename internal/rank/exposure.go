package rank

import (
	"fmt"
	"strings"

	"github.com/foilsec/foil/internal/derive/reach"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// exposure weighs from where a caller can reach the workload.
type exposure struct{}

func (exposure) weigh(f *Facts, workloads []workload.View) Reason {
	reason := Reason{Factor: "exposure", Value: 1}
	var worst reach.Exposure
	for _, v := range workloads {
		if e := f.Exposure.Of(v.Node.ID); e.Level > worst.Level {
			worst = e
			reason = exposureReason(f.Snapshot, v.Node, e)
		}
	}
	return reason
}

func exposureReason(s *graph.Snapshot, n *graph.Node, e reach.Exposure) Reason {
	way := chainText(s, n, e.Chains[0])
	reason := Reason{Factor: "exposure", Value: 1}
	switch e.Level {
	case reach.Internet:
		reason.Value = 2
		reason.Sentence = lang.Text{EN: fmt.Sprintf("Reachable from outside: %s.", way), ZH: fmt.Sprintf("可从外部访问：%s。", way)}
	case reach.Network:
		reason.Value = 1.5
		reason.Sentence = lang.Text{EN: fmt.Sprintf("Open on the network of the nodes: %s.", way), ZH: fmt.Sprintf("在节点网络上开放：%s。", way)}
	case reach.Cluster:
		reason.Value = 1.1
		reason.Sentence = lang.Text{EN: fmt.Sprintf("Reachable in the cluster: %s.", way), ZH: fmt.Sprintf("可在集群内访问：%s。", way)}
	}
	return reason
}

// chainText writes a chain as "Ingress shop → Service ordering → ordering".
func chainText(s *graph.Snapshot, n *graph.Node, c reach.Chain) string {
	var parts []string
	for _, l := range c.Links {
		if l.Node != n.ID {
			parts = append(parts, nameOf(s, l.Node))
		}
	}
	return strings.Join(append(parts, kindAndName(n)), " → ")
}

func nameOf(s *graph.Snapshot, id graph.NodeID) string {
	if n, ok := s.Node(id); ok {
		return kindAndName(n)
	}
	return string(id)
}

// kindAndName is a node as people write it: "Deployment shop/kitchen".
func kindAndName(n *graph.Node) string {
	kind := string(n.Kind)
	kind = kind[strings.LastIndexByte(kind, '/')+1:]
	if n.Namespace == "" {
		return kind + " " + n.Name
	}
	return kind + " " + n.Namespace + "/" + n.Name
}
