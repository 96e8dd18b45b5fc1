package control

import (
	"errors"
	"slices"
	"strings"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/foilsec/foil/internal/graph"
)

// Object is what a policy judges: an object, and its Namespace where that was
// read.
type Object struct {
	Value     graph.Value
	Group     string
	Version   string
	Kind      string
	Resource  string // "deployments"; empty: derived from the kind
	Namespace string // empty for cluster-scoped objects
	Name      string
	// NamespaceObject is the Namespace of the object, absent when it was not read.
	NamespaceObject graph.Value
}

// NewObject describes an object of the graph.
func NewObject(n *graph.Node, namespace graph.Value) Object {
	group, version := graph.SplitAPIVersion(n.Object.Get("apiVersion").Str())
	kind := n.Object.Get("kind").Str()
	return Object{
		Value: n.Object, Group: group, Version: version, Kind: kind, Resource: resourceOf(kind),
		Namespace: n.Namespace, Name: n.Name, NamespaceObject: namespace,
	}
}

// errNamespaceUnknown says that a selector or expression needs the labels of a
// Namespace that the snapshot does not hold.
var errNamespaceUnknown = errors.New("needs the Namespace of the object, which was not read")

// matcher is the compiled matchConstraints of a policy or binding.
type matcher struct {
	include, exclude []admissionv1.NamedRuleWithOperations
	object           labels.Selector
	namespace        labels.Selector
}

func newMatcher(m *admissionv1.MatchResources) (*matcher, error) {
	if m == nil {
		return nil, nil
	}
	object, err := selector(m.ObjectSelector)
	if err != nil {
		return nil, err
	}
	namespace, err := selector(m.NamespaceSelector)
	if err != nil {
		return nil, err
	}
	return &matcher{include: m.ResourceRules, exclude: m.ExcludeResourceRules, object: object, namespace: namespace}, nil
}

// selector compiles a label selector; nil selects everything.
func selector(s *metav1.LabelSelector) (labels.Selector, error) {
	if s == nil {
		return labels.Everything(), nil
	}
	return metav1.LabelSelectorAsSelector(s)
}

// matchesKind reports whether the resource rules alone let the kind in. It is
// the cheap first question, asked once for each kind.
func (m *matcher) matchesKind(o *Object) bool {
	if m == nil {
		return true
	}
	return len(m.include) == 0 || slices.ContainsFunc(m.include, func(r admissionv1.NamedRuleWithOperations) bool {
		return ruleMatchesKind(&r, o)
	})
}

// MayJudge reports whether the policy lets in any objects of a kind, whatever
// their version, name and namespace.
func (p *Program) MayJudge(kind graph.Kind) bool {
	group, name := "", string(kind)
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		group, name = name[:i], name[i+1:]
	}
	if p.matcher == nil || len(p.matcher.include) == 0 {
		return true
	}
	return slices.ContainsFunc(p.matcher.include, func(r admissionv1.NamedRuleWithOperations) bool {
		return oneOf(r.APIGroups, group) && creates(r.Operations) && resourceMatches(r.Resources, resourceOf(name))
	})
}

// matches decides as the API server's matcher does for the creation of the
// object.
func (m *matcher) matches(o *Object) (bool, error) {
	if m == nil {
		return true, nil
	}
	if len(m.include) > 0 && !anyRule(m.include, o) || anyRule(m.exclude, o) {
		return false, nil
	}
	if !m.object.Empty() && !m.object.Matches(labelsOf(o.Value)) {
		return false, nil
	}
	return m.matchesNamespace(o)
}

func (m *matcher) matchesNamespace(o *Object) (bool, error) {
	switch {
	case m.namespace.Empty():
		return true, nil
	case o.Kind == "Namespace" && o.Group == "":
		return m.namespace.Matches(labelsOf(o.Value)), nil
	case o.Namespace == "":
		return true, nil // selectors of namespaces do not limit cluster-scoped objects
	case !o.NamespaceObject.Exists():
		return false, errNamespaceUnknown
	}
	return m.namespace.Matches(labelsOf(o.NamespaceObject)), nil
}

func anyRule(rules []admissionv1.NamedRuleWithOperations, o *Object) bool {
	return slices.ContainsFunc(rules, func(r admissionv1.NamedRuleWithOperations) bool {
		return ruleMatchesKind(&r, o) && (len(r.ResourceNames) == 0 || slices.Contains(r.ResourceNames, o.Name))
	})
}

func ruleMatchesKind(r *admissionv1.NamedRuleWithOperations, o *Object) bool {
	return oneOf(r.APIGroups, o.Group) && oneOf(r.APIVersions, o.Version) &&
		creates(r.Operations) && resourceMatches(r.Resources, o.Resource) && scopeMatches(r.Scope, o)
}

func oneOf(list []string, want string) bool {
	return slices.Contains(list, "*") || slices.Contains(list, want)
}

// creates reports whether a rule covers the creation of objects, which is what
// an offline evaluation models.
func creates(operations []admissionv1.OperationType) bool {
	return slices.Contains(operations, admissionv1.OperationAll) || slices.Contains(operations, admissionv1.Create)
}

func resourceMatches(resources []string, resource string) bool {
	for _, r := range resources {
		if r == "*" || r == "*/*" || r == resource {
			return true
		}
	}
	return false
}

func scopeMatches(scope *admissionv1.ScopeType, o *Object) bool {
	if scope == nil || *scope == admissionv1.AllScopes {
		return true
	}
	// A Namespace is a cluster-scoped object, whatever its own name.
	namespaced := o.Namespace != ""
	return (*scope == admissionv1.NamespacedScope) == namespaced
}

// labelsOf are the labels of an object.
func labelsOf(object graph.Value) labels.Set {
	set := labels.Set{}
	for key, value := range object.At("metadata", "labels").Fields() {
		set[key] = value.Str()
	}
	return set
}
