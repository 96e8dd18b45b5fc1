// Package selector matches labels the way Kubernetes does: the plain maps of
// Services and the label selectors of everything else.
//
// It reads values of documents as they are and never fails: a selector that
// the API server would refuse selects nothing. It must not look anything up.
package selector

import "github.com/foilsec/foil/internal/graph"

// Selector is a condition on labels. The zero Selector selects everything.
type Selector struct {
	equal       []Pair
	expressions []expression
	nothing     bool
}

// Pair is a label that must have exactly this value.
type Pair struct{ Key, Value string }

type expression struct {
	key      string
	operator string
	values   graph.Value
}

// FromMap reads a map of labels, as a Service has it. The caller decides what
// an empty map means: of a Service it selects nothing, elsewhere everything.
func FromMap(labels graph.Value) Selector {
	var s Selector
	for key, value := range labels.Fields() {
		s.equal = append(s.equal, Pair{key, value.Text()})
	}
	return s
}

// FromLabelSelector reads matchLabels and matchExpressions. An empty selector
// selects everything; an absent one too, as for the podSelector of a
// NetworkPolicy, which can't be left out.
func FromLabelSelector(v graph.Value) Selector {
	s := FromMap(v.Get("matchLabels"))
	for _, item := range v.Get("matchExpressions").Items() {
		e := expression{key: item.Get("key").Str(), operator: item.Get("operator").Str(), values: item.Get("values")}
		if !e.valid() {
			s.nothing = true
		}
		s.expressions = append(s.expressions, e)
	}
	return s
}

// Empty reports whether the selector has no condition: it selects everything.
func (s Selector) Empty() bool {
	return !s.nothing && len(s.equal) == 0 && len(s.expressions) == 0
}

// Pairs are the labels that every match must have; an index can start there.
func (s Selector) Pairs() []Pair { return s.equal }

// Rename gives every key another name. Cilium, for example, writes the source
// of a label before its key.
func (s Selector) Rename(name func(key string) string) Selector {
	renamed := Selector{nothing: s.nothing}
	for _, pair := range s.equal {
		renamed.equal = append(renamed.equal, Pair{name(pair.Key), pair.Value})
	}
	for _, e := range s.expressions {
		renamed.expressions = append(renamed.expressions, expression{name(e.key), e.operator, e.values})
	}
	return renamed
}

// Take splits off the values that a label must have; the rest of the selector
// does not ask for the label any more.
func (s Selector) Take(key string) (values []string, rest Selector) {
	rest = Selector{expressions: s.expressions, nothing: s.nothing}
	for _, pair := range s.equal {
		if pair.Key == key {
			values = append(values, pair.Value)
		} else {
			rest.equal = append(rest.equal, pair)
		}
	}
	return values, rest
}

// Matches reports whether labels, a map of strings, meet every condition.
func (s Selector) Matches(labels graph.Value) bool {
	if s.nothing {
		return false
	}
	for _, pair := range s.equal {
		if value := labels.Get(pair.Key); !value.Exists() || value.Text() != pair.Value {
			return false
		}
	}
	for _, e := range s.expressions {
		if !e.matches(labels) {
			return false
		}
	}
	return true
}

func (e expression) valid() bool {
	switch e.operator {
	case "In", "NotIn", "Exists", "DoesNotExist":
		return true
	}
	return false
}

func (e expression) matches(labels graph.Value) bool {
	value := labels.Get(e.key)
	switch e.operator {
	case "In":
		return value.Exists() && e.lists(value.Text())
	case "NotIn":
		return !value.Exists() || !e.lists(value.Text())
	case "Exists":
		return value.Exists()
	default:
		return !value.Exists()
	}
}

func (e expression) lists(text string) bool {
	for _, item := range e.values.Items() {
		if item.Text() == text {
			return true
		}
	}
	return false
}
