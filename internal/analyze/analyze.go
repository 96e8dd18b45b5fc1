// Package analyze turns a snapshot into findings. This package holds what all
// analyzers share: the interface, the facts they read, and the sink they write
// to; each folder below is one analyzer.
//
// Analyzers read facts and rules, never the outside world, and do not know
// each other. What they could not evaluate they say.
package analyze

import (
	"context"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/rule/control"
)

// Analyzer finds faults in a snapshot.
type Analyzer interface {
	// Rules lists the rules that the analyzer evaluates, in a fixed order.
	Rules() []finding.Rule
	// Analyze emits every finding to the sink. The order of findings does not
	// matter. It returns an error only when it could not run at all.
	Analyze(ctx context.Context, facts *Facts, sink Sink) error
}

// Sink takes what analyzers say. It is safe for concurrent use.
type Sink interface {
	// Rule adds a rule that is known only once the facts are: an advisory is one.
	// To add it again changes nothing.
	Rule(r finding.Rule)
	// Finding takes a finding; fingerprint and severity are set.
	Finding(f finding.Finding)
	// Evaluated counts nodes on which a rule gave a verdict, failed ones included.
	Evaluated(rule string, nodes int)
	// NotEvaluated says that a rule gave no verdict on a node, or, when node is
	// empty, could not run at all.
	NotEvaluated(rule string, node graph.NodeID, reason string)
}

// Facts is what analyzers read: the snapshot and the settings of controls.
type Facts struct {
	Snapshot *graph.Snapshot
	Settings control.Settings
}

// OfTheSystem reports whether a namespace belongs to Kubernetes itself. What is
// wrong there is told like anywhere else; but a change that closes a whole
// namespace, a default-deny policy or a Pod Security label, can stop a cluster
// and is never written by a program.
func OfTheSystem(namespace string) bool {
	switch namespace {
	case "kube-system", "kube-public", "kube-node-lease":
		return true
	}
	return false
}
