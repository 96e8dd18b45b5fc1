// Package policyreport writes a report as the objects in which Kubernetes
// clusters keep policy results: PolicyReport and ClusterPolicyReport of
// wgpolicyk8s.io/v1alpha2, or Report and ClusterReport of
// openreports.io/v1alpha1. The result is YAML for kubectl apply.
//
// Each object with findings has a report of its own, in its namespace, with
// the object as scope; a live object also owns it. One cluster-wide report,
// foil-coverage, is always there and says what was not seen. Names are stable,
// so that a later scan replaces the reports of an earlier one, and all carry
// the label app.kubernetes.io/managed-by=foil.
//
// Results: fail is an open or known finding, skip an excepted one, error a rule
// without a verdict, warn a requirement that only a person can check.
package policyreport

import (
	"io"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/yamlstream"
)

var (
	_ report.Writer = Write
	_ report.Writer = WriteOpenReports
)

// family is an API group that has these kinds of object.
type family struct {
	apiVersion, kind, clusterKind string
	source                        bool // reports have a source of their own
}

// Write writes PolicyReport and ClusterPolicyReport objects.
func Write(w io.Writer, r *report.Report, options report.Options) error {
	return write(w, r, options.Language, family{
		apiVersion: "wgpolicyk8s.io/v1alpha2", kind: "PolicyReport", clusterKind: "ClusterPolicyReport",
	})
}

// WriteOpenReports writes Report and ClusterReport objects.
func WriteOpenReports(w io.Writer, r *report.Report, options report.Options) error {
	return write(w, r, options.Language, family{
		apiVersion: "openreports.io/v1alpha1", kind: "Report", clusterKind: "ClusterReport", source: true,
	})
}

func write(w io.Writer, r *report.Report, language lang.Language, f family) error {
	out := &writer{family: f, report: r, index: report.NewIndex(r), language: language}
	s := yamlstream.New(w)
	s.Document(out.coverage())
	for _, g := range groupByNode(r) {
		s.Document(out.object(&g))
	}
	return s.Flush()
}

type writer struct {
	family   family
	report   *report.Report
	index    *report.Index
	language lang.Language
}

// group is what there is to say about one node, as numbers in the report.
type group struct {
	node         graph.NodeID
	findings     []int
	notEvaluated []int
}

// groupByNode keeps the order in which nodes first appear.
func groupByNode(r *report.Report) []group {
	var groups []group
	at := make(map[graph.NodeID]int)
	of := func(node graph.NodeID) *group {
		i, ok := at[node]
		if !ok {
			i = len(groups)
			at[node] = i
			groups = append(groups, group{node: node})
		}
		return &groups[i]
	}
	for i := range r.Findings {
		g := of(r.Findings[i].Node)
		g.findings = append(g.findings, i)
	}
	for i := range r.Coverage.NotEvaluated {
		if node := r.Coverage.NotEvaluated[i].Node; node != "" {
			g := of(node)
			g.notEvaluated = append(g.notEvaluated, i)
		}
	}
	return groups
}
