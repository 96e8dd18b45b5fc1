package policyreport

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/text"
)

const (
	source        = "foil"
	managedBy     = "app.kubernetes.io/managed-by"
	coverageName  = "foil-coverage"
	longestName   = 253 // of an object
	longestLabel  = 63  // of a namespace
	hashCharacter = 10
)

// The types below are what both families of reports have in common.
type (
	object struct {
		APIVersion string    `json:"apiVersion"`
		Kind       string    `json:"kind"`
		Metadata   metadata  `json:"metadata"`
		Source     string    `json:"source,omitempty"`
		Scope      *scope    `json:"scope,omitempty"`
		Summary    summary   `json:"summary"`
		Results    []outcome `json:"results"`
	}
	metadata struct {
		Name            string            `json:"name"`
		Namespace       string            `json:"namespace,omitempty"`
		Labels          map[string]string `json:"labels"`
		OwnerReferences []owner           `json:"ownerReferences,omitempty"`
	}
	owner struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
		Name       string `json:"name"`
		UID        string `json:"uid"`
	}
	scope struct {
		APIVersion string `json:"apiVersion,omitempty"`
		Kind       string `json:"kind"`
		Namespace  string `json:"namespace,omitempty"`
		Name       string `json:"name"`
		UID        string `json:"uid,omitempty"`
	}
	summary struct {
		Pass  int `json:"pass"`
		Fail  int `json:"fail"`
		Warn  int `json:"warn"`
		Error int `json:"error"`
		Skip  int `json:"skip"`
	}
)

// object is the report of one node.
func (out *writer) object(g *group) *object {
	of := out.named(g)
	o := out.empty(objectName(g.node, of))
	o.Scope = &scope{
		APIVersion: text.Clean(of.APIVersion), Kind: text.Clean(of.Kind),
		Namespace: text.Clean(of.Namespace), Name: text.Clean(of.Name), UID: of.UID,
	}
	if isLabel(of.Namespace) && len(of.Namespace) <= longestLabel {
		o.Kind, o.Metadata.Namespace = out.family.kind, of.Namespace
	}
	if of.UID != "" {
		o.Metadata.OwnerReferences = []owner{{o.Scope.APIVersion, o.Scope.Kind, o.Scope.Name, of.UID}}
	}
	for _, i := range g.findings {
		o.add(out.finding(&out.report.Findings[i]))
	}
	for _, i := range g.notEvaluated {
		o.add(out.withoutVerdict(&out.report.Coverage.NotEvaluated[i]))
	}
	return o
}

// empty is a cluster-wide report without results.
func (out *writer) empty(name string) *object {
	o := &object{
		APIVersion: out.family.apiVersion, Kind: out.family.clusterKind,
		Metadata: metadata{Name: name, Labels: map[string]string{managedBy: source}},
		Results:  []outcome{},
	}
	if out.family.source {
		o.Source = source
	}
	return o
}

// named is the object of a group, from its identity when it has no findings.
func (out *writer) named(g *group) report.Object {
	if len(g.findings) > 0 {
		return out.report.Findings[g.findings[0]].Object
	}
	if _, kind, namespace, name, ok := g.node.Object(); ok {
		return report.Object{Kind: kind, Namespace: namespace, Name: name}
	}
	kind, name, _ := strings.Cut(string(g.node), ":")
	return report.Object{Kind: kind, Name: name}
}

// objectName is a stable name that Kubernetes accepts: readable in front, and
// unlike all others by a hash of the identity.
func objectName(node graph.NodeID, of report.Object) string {
	hash := sha256.Sum256([]byte(node))
	end := "-" + hex.EncodeToString(hash[:])[:hashCharacter]
	name := "foil-" + nameCharacters(of.Kind) + "-" + nameCharacters(of.Name)
	return strings.TrimRight(name[:min(len(name), longestName-len(end))], "-") + end
}

// nameCharacters keeps what may stand inside the name of an object.
func nameCharacters(s string) string {
	kept := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		}
		return '-'
	}, s)
	return strings.Trim(kept, "-")
}

// isLabel reports whether a namespace is one that can exist. Reports of others,
// as manifests may name, are cluster-wide.
func isLabel(s string) bool { return s != "" && nameCharacters(s) == s }
