// Package network is the analyzer of who can reach what: workloads and
// namespaces that no network policy covers, and workloads that are published
// outside the cluster.
//
// Each control is one file. Policies are judged by whether they select a pod
// and name a direction, not by what they let through. The facts come from
// derive/reach and derive/workload.
package network

import (
	"github.com/foilsec/foil/internal/analyze"
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/reach"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/rule/control"
)

// New is the analyzer with all its controls.
func New() analyze.Analyzer {
	return check.New(newFacts,
		namespaceWithoutPolicy(),
		workloadWithoutPolicy(),
		trafficNotRestricted(),
		danglingPolicy(),
		publishedOutside(),
		publishedByGateway(),
		sensitiveInterface(),
		sshPublished(),
		plainLoadBalancer(),
	)
}

// facts are what the controls share.
type facts struct {
	snapshot  *graph.Snapshot
	settings  control.Settings
	workloads *workload.Index
	exposure  *reach.Map
	policies  policies
}

func newFacts(f *analyze.Facts) *facts {
	workloads := workload.NewIndex(f.Snapshot)
	return &facts{
		snapshot: f.Snapshot, settings: f.Settings,
		workloads: workloads,
		exposure:  reach.NewMap(f.Snapshot, workloads),
		policies:  readPolicies(f.Snapshot),
	}
}

// defaultDeny is the policy that a namespace should begin with: nothing comes
// in, and nothing goes out but questions to DNS.
const defaultDeny = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
  namespace: {namespace}
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  egress:
  - ports:
    - {port: 53, protocol: UDP}
    - {port: 53, protocol: TCP}
`
