package exception

import (
	"strings"

	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// The annotations that except the object they stand on.
const (
	skip       = "foil.dev/skip"        // comma-separated control ids
	skipOwner  = "foil.dev/skip-owner"  // who decided
	skipReason = "foil.dev/skip-reason" // why
	skipUntil  = "foil.dev/skip-until"  // date, RFC 3339 or never

	kubescapeSkip   = "kubescape.io/skip-controls"
	kubescapeReason = "kubescape.io/skip-reason"
	kubescapeExpiry = "kubescape.io/skip-expiry" // RFC 3339; may be left out
)

// fromAnnotations reads the exceptions that an object carries. Those of an
// object that a controller made are left out: Kubernetes copies annotations of
// Deployments to ReplicaSets, whose faults are reported on the Deployment.
func fromAnnotations(s *graph.Snapshot, n *graph.Node) []Exception {
	annotations := n.Object.At("metadata", "annotations")
	ours, theirs := annotations.Get(skip), annotations.Get(kubescapeSkip)
	if !ours.Exists() && !theirs.Exists() || workload.Controlled(s, n) {
		return nil
	}
	var list []Exception
	if ours.Exists() {
		list = append(list, own(n, annotations, ours))
	}
	if theirs.Exists() {
		list = append(list, kubescape(n, annotations, theirs))
	}
	return list
}

func own(n *graph.Node, annotations, field graph.Value) Exception {
	x := onObject(n, field, skip)
	x.Owner, x.Reason = annotations.Get(skipOwner).Str(), annotations.Get(skipReason).Str()
	var date lang.Text
	x.Expires, date = parseDate(annotations.Get(skipUntil).Str())
	x.Defect = x.defect(date)
	return x
}

// kubescape reads the annotations of Kubescape, which know no owner and need
// no date; a malformed date voids the exception there as here.
func kubescape(n *graph.Node, annotations, field graph.Value) Exception {
	x := onObject(n, field, kubescapeSkip)
	x.Owner, x.Reason = "annotation", annotations.Get(kubescapeReason).Str()
	if x.Reason == "" {
		x.Reason = "annotation " + kubescapeSkip
	}
	var date lang.Text
	if end := annotations.Get(kubescapeExpiry); end.Exists() {
		x.Expires, date = parseDate(end.Str())
	}
	x.Defect = x.defect(date)
	return x
}

func onObject(n *graph.Node, field graph.Value, annotation string) Exception {
	x := Exception{Node: n.ID, Position: field.Position(), Rules: rulesOf(strings.Split(field.Str(), ","))}
	x.ID = string(n.ID) + " " + annotation
	x.Source = x.ID
	return x
}
