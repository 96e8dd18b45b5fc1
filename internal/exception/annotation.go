package exception

import (
	"strings"

	"github.com/foilsec/foil/internal/graph"
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

// FromAnnotations reads the exceptions that objects of a snapshot carry.
func FromAnnotations(s *graph.Snapshot) []Exception {
	var list []Exception
	for n := range s.Nodes() {
		annotations := n.Object.At("metadata", "annotations")
		if field := annotations.Get(skip); field.Exists() {
			list = append(list, own(n, annotations, field))
		}
		if field := annotations.Get(kubescapeSkip); field.Exists() {
			list = append(list, kubescape(n, annotations, field))
		}
	}
	return list
}

func own(n *graph.Node, annotations, field graph.Value) Exception {
	x := onObject(n, field, skip)
	x.Owner, x.Reason = annotations.Get(skipOwner).Str(), annotations.Get(skipReason).Str()
	var err error
	x.Expires, err = parseDate(annotations.Get(skipUntil).Str())
	x.Defect = defect(&x, err)
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
	var err error
	if date := annotations.Get(kubescapeExpiry); date.Exists() {
		x.Expires, err = parseDate(date.Str())
	}
	x.Defect = defect(&x, err)
	return x
}

func onObject(n *graph.Node, field graph.Value, annotation string) Exception {
	x := Exception{Position: field.Position()}
	x.ID = string(n.ID) + " " + annotation
	x.Source = x.ID
	x.Objects = []Object{{Kind: string(n.Kind), Namespace: n.Namespace, Name: n.Name, File: n.Provenance.Position.File}}
	for name := range strings.SplitSeq(field.Str(), ",") {
		if name = strings.TrimSpace(name); name != "" {
			x.Controls = append(x.Controls, name)
		}
	}
	return x
}
