package patch

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// Model is an object as plain Go values: nil, bool, int64, float64, string,
// []any and map[string]any, in the form that [graph.Value.Any] gives.

// maxModel bounds the values that one model may hold once aliases are
// expanded; it is the bound of the reader of manifests.
const maxModel = 2_000_000

var errModelSize = errors.New("the document holds too many values once its aliases are expanded")

// ModelOf is the model of a YAML tree, aliases and merge keys expanded. Of a
// field that is set twice the last one counts.
func ModelOf(n *yaml.Node) (any, error) {
	b := modelBuilder{left: maxModel}
	model := b.value(n, 0)
	if b.left < 0 {
		return nil, errModelSize
	}
	return model, nil
}

type modelBuilder struct{ left int }

// maxModelDepth ends aliases that hold themselves.
const maxModelDepth = 1000

func (b *modelBuilder) value(n *yaml.Node, depth int) any {
	if b.left--; b.left < 0 || depth > maxModelDepth {
		b.left = -1
		return nil
	}
	switch n.Kind {
	case yaml.AliasNode:
		return b.value(n.Alias, depth+1)
	case yaml.MappingNode:
		fields := make(map[string]any, len(n.Content)/2)
		b.fields(n, fields, depth+1)
		return fields
	case yaml.SequenceNode:
		items := make([]any, 0, len(n.Content))
		for _, item := range n.Content {
			items = append(items, b.value(item, depth+1))
		}
		return items
	}
	return ScalarOf(n)
}

func (b *modelBuilder) fields(n *yaml.Node, into map[string]any, depth int) {
	if b.left--; b.left < 0 || depth > maxModelDepth {
		b.left = -1
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if key := n.Content[i]; !IsMerge(key) {
			into[FieldName(key)] = b.value(n.Content[i+1], depth)
		} else {
			b.merge(n.Content[i+1], into, depth)
		}
	}
}

// merge puts in what a merge key names; of a list, the first one that has a
// field wins.
func (b *modelBuilder) merge(n *yaml.Node, into map[string]any, depth int) {
	switch n.Kind {
	case yaml.AliasNode:
		b.merge(n.Alias, into, depth+1)
	case yaml.MappingNode:
		b.fields(n, into, depth+1)
	case yaml.SequenceNode:
		for i := len(n.Content) - 1; i >= 0; i-- {
			b.merge(n.Content[i], into, depth+1)
		}
	}
}

// FieldName is the name that the key of a map stands for: numbers and booleans
// become strings, as Kubernetes writes them. Complex keys, which no object has,
// get a name that no field has.
func FieldName(key *yaml.Node) string {
	switch key.Kind {
	case yaml.ScalarNode:
		switch v := ScalarOf(key).(type) {
		case bool:
			return strconv.FormatBool(v)
		case int64:
			return strconv.FormatInt(v, 10)
		case float64:
			return strconv.FormatFloat(v, 'g', -1, 32)
		}
		return key.Value
	case yaml.AliasNode:
		return FieldName(key.Alias)
	}
	return fmt.Sprintf("\x00%d:%d", key.Line, key.Column)
}

// IsMerge reports whether a key is the merge key of YAML 1.1.
func IsMerge(key *yaml.Node) bool {
	return key.Kind == yaml.ScalarNode && key.Tag == "!!merge"
}

// ScalarOf is the value of a scalar. Words such as yes and off are booleans, as
// they are to Kubernetes, which reads YAML 1.1.
func ScalarOf(n *yaml.Node) any {
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		return isTrue(n.Value)
	case "!!int", "!!float":
		var number any
		if n.Decode(&number) == nil {
			return plainNumber(number, n.Value)
		}
	case "!!str":
		if n.Style == 0 && (isTrue(n.Value) || isFalse(n.Value)) {
			return isTrue(n.Value)
		}
	}
	return n.Value
}

func isTrue(s string) bool {
	switch s {
	case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON":
		return true
	}
	return false
}

func isFalse(s string) bool {
	switch s {
	case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF":
		return true
	}
	return false
}

// plainNumber gives numbers the types that a graph has: whole numbers are
// int64, as JSON knows no difference.
func plainNumber(number any, text string) any {
	switch v := number.(type) {
	case int:
		return int64(v)
	case int64:
		return v
	case uint64:
		return float64(v)
	case float64:
		const maxExact = 1 << 53
		if v == math.Trunc(v) && math.Abs(v) < maxExact {
			return int64(v)
		}
		return v
	}
	return text
}

// SameModel reports whether two models are equal.
func SameModel(a, b any) bool { return reflect.DeepEqual(a, b) }

// WithoutNulls is a copy of a model without the fields that are null.
func WithoutNulls(model any) any {
	switch v := model.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, field := range v {
			if field != nil {
				out[key] = WithoutNulls(field)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = WithoutNulls(item)
		}
		return out
	}
	return model
}
