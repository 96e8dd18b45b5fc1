package exception

import (
	"fmt"

	"github.com/foilsec/foil/internal/derive/selector"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// The kinds with which Kubescape keeps exceptions in a cluster.
const (
	securityException        graph.Kind = "kubescape.io/SecurityException"
	clusterSecurityException graph.Kind = "kubescape.io/ClusterSecurityException"
)

// fromObject reads such an object; ok is false when it is about vulnerabilities
// only. Both of its actions, ignore and alert_only, suppress a finding here:
// it stays in the report and is counted apart.
func fromObject(s *graph.Snapshot, n *graph.Node) (x Exception, ok bool) {
	spec := n.Object.Get("spec")
	if spec.Get("posture").Len() == 0 && spec.Get("vulnerabilities").Len() > 0 {
		return x, false
	}
	x.Position = spec.Position()
	x.ID = string(n.ID)
	x.Source = x.ID
	if x.Owner = spec.Get("author").Str(); x.Owner == "" {
		x.Owner = n.Name
	}
	if x.Reason = spec.Get("reason").Str(); x.Reason == "" {
		x.Reason = "exception object " + n.Name
	}
	var date lang.Text
	if end := spec.Get("expiresAt"); end.Exists() {
		x.Expires, date = parseDate(end.Str())
	}
	fault := readPosture(&x, spec.Get("posture"))
	if fault == (lang.Text{}) {
		fault = readMatch(&x, s, n, spec.Get("match"))
	}
	if x.Defect = x.defect(date); fault != (lang.Text{}) {
		x.Defect = fault
	}
	return x, true
}

func readPosture(x *Exception, posture graph.Value) (fault lang.Text) {
	for _, item := range posture.Items() {
		id := item.Get("controlID").Str()
		if id == "" {
			return lang.Text{EN: "an item of posture has no controlID", ZH: "posture 中有一项没有 controlID"}
		}
		pattern, err := expression("(?i)", id)
		if err != nil {
			return untranslated(err)
		}
		if action := item.Get("action").Str(); action != "" && action != "ignore" && action != "alert_only" {
			return lang.Text{
				EN: fmt.Sprintf("action %q is not known: want ignore or alert_only", action),
				ZH: fmt.Sprintf("未知的 action %q：应为 ignore 或 alert_only", action),
			}
		}
		x.Rules = append(x.Rules, Rule{ID: pattern})
	}
	return lang.Text{}
}

// readMatch reads the objects that the exception covers: all that is given must
// fit, and one of the resources.
func readMatch(x *Exception, s *graph.Snapshot, n *graph.Node, match graph.Value) (fault lang.Text) {
	all := Object{Labels: selector.FromLabelSelector(match.Get("objectSelector"))}
	if n.Kind == securityException {
		all.Among = map[string]bool{n.Namespace: true}
	} else if namespaces := match.Get("namespaceSelector"); namespaces.Exists() {
		all.Among = namespacesWith(s, selector.FromLabelSelector(namespaces))
	}
	if match.Get("resources").Len() == 0 {
		x.Objects = []Object{all}
		return lang.Text{}
	}
	for _, item := range match.Get("resources").Items() {
		o := all
		for _, name := range []string{"kind", "name", "apiGroup"} {
			pattern, err := expression("", item.Get(name).Str())
			if err != nil {
				return untranslated(err)
			}
			*o.attribute(name) = pattern
		}
		x.Objects = append(x.Objects, o)
	}
	return lang.Text{}
}

func namespacesWith(s *graph.Snapshot, labels selector.Selector) map[string]bool {
	names := map[string]bool{}
	for n := range s.OfKind("Namespace") {
		if labels.Matches(n.Object.At("metadata", "labels")) {
			names[n.Name] = true
		}
	}
	return names
}
