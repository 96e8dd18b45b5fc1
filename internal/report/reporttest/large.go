package reporttest

import (
	"fmt"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/report"
)

// Large is a report of about n findings, five to a workload and to a change,
// for benchmarks and limits.
func Large(n int) *report.Report {
	r := Rich()
	template := r.Findings[0]
	r.Findings = make([]report.Finding, 0, n)
	r.Changes = nil
	for i := 0; len(r.Findings) < n; i++ {
		name := fmt.Sprintf("workload-%05d", i)
		c := report.Change{
			ID: "harden-containers:k8s:apps/Deployment:shop/" + name, Kind: "harden-containers",
			Title:    lang.Text{EN: "Harden the containers of Deployment shop/" + name, ZH: "加固 Deployment shop/" + name + " 的容器"},
			Node:     graph.NodeID("k8s:apps/Deployment:shop/" + name),
			Position: graph.Position{File: name + ".yaml", Line: 1, Column: 1},
			Severity: "critical", Score: 10, Automatic: true, Reasons: kitchenReasons(),
		}
		c.Workloads = []graph.NodeID{c.Node}
		for j := 0; j < 5 && len(r.Findings) < n; j++ {
			f := template
			f.Fingerprint = fmt.Sprintf("%032x", len(r.Findings))
			f.Rule = r.Rules[j%len(r.Rules)].ID
			f.Node, f.Change, f.Object.Name = c.Node, c.ID, name
			c.Fingerprints = append(c.Fingerprints, f.Fingerprint)
			r.Findings = append(r.Findings, f)
		}
		r.Changes = append(r.Changes, c)
	}
	r.Summary.Open, r.Summary.Changes = len(r.Findings), len(r.Changes)
	r.Summary.BySeverity = map[string]int{"critical": len(r.Findings), "high": 0, "medium": 0, "low": 0, "info": 0}
	return r
}
