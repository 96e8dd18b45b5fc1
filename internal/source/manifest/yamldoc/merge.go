package yamldoc

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

// field is one field of a map after merging.
type field struct {
	name  string
	key   *yaml.Node
	value *yaml.Node
	// merged tells fields that came in by a merge key: writing those twice is
	// no mistake.
	merged bool
}

// fieldSet is the fields of one map, kept on the stack of the emitter from
// first on. A set of many fields has an index by name.
type fieldSet struct {
	first int
	index map[string]int
}

// manyFields is the number of fields from which on an index is faster than
// looking at each of them.
const manyFields = 24

// maxRepeats is how many fields of one document that are set twice are told.
const maxRepeats = 20

// collect adds the fields of a map. A later field replaces an earlier one of
// the same name, as it does for kubectl: a merge key counts as if its fields
// stood in its place.
func (e *emitter) collect(n *yaml.Node, set *fieldSet, merged bool, depth int) error {
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if isMerge(key) {
			if err := e.merge(value, set, depth); err != nil {
				return err
			}
			continue
		}
		name, err := e.fieldName(key)
		if err != nil {
			return err
		}
		if merged {
			if err := e.spend(key); err != nil {
				return err
			}
		}
		e.set(field{name: name, key: key, value: value, merged: merged}, set)
	}
	return nil
}

// set adds a field or replaces the one of the same name. A name that the
// author wrote twice is a mistake to be told.
func (e *emitter) set(f field, set *fieldSet) {
	at, found := e.find(f.name, set)
	if !found {
		if set.index != nil {
			set.index[f.name] = len(e.fields)
		}
		e.fields = append(e.fields, f)
		return
	}
	if old := e.fields[at]; !f.merged && !old.merged && len(e.repeats) < maxRepeats {
		e.repeats = append(e.repeats, *problemAt(f.key, fmt.Sprintf(
			"field %q is set twice, first on line %d; the last one was scanned, which is what kubectl uses unless it refuses the file; remove one",
			shorten(f.name), old.key.Line+e.skipped)))
	}
	e.fields[at] = f
}

func (e *emitter) find(name string, set *fieldSet) (int, bool) {
	fields := e.fields[set.first:]
	if set.index == nil && len(fields) > manyFields {
		set.index = make(map[string]int, 2*len(fields))
		for i, f := range fields {
			set.index[f.name] = set.first + i
		}
	}
	if set.index != nil {
		at, found := set.index[name]
		return at, found
	}
	for i := range fields {
		if fields[i].name == name {
			return set.first + i, true
		}
	}
	return 0, false
}

// merge adds the fields of the value of a merge key: a map, an alias of one,
// or a list of these, of which the first one wins.
func (e *emitter) merge(value *yaml.Node, set *fieldSet, depth int) error {
	if depth > e.limits.Depth {
		return limitAt(value, "merge keys nested deeper than %d levels", e.limits.Depth)
	}
	if err := e.spend(value); err != nil {
		return err
	}
	switch {
	case value.Kind == yaml.MappingNode:
		return e.collect(value, set, true, depth+1)
	case value.Kind == yaml.AliasNode && value.Alias.Kind == yaml.MappingNode:
		leave, err := e.enter(value)
		if err != nil {
			return err
		}
		defer leave()
		return e.collect(value.Alias, set, true, depth+1)
	case value.Kind == yaml.SequenceNode:
		return e.mergeList(value, set, depth)
	}
	return problemAt(value, "the merge key << needs a map or a list of maps")
}

func (e *emitter) mergeList(list *yaml.Node, set *fieldSet, depth int) error {
	for i := len(list.Content) - 1; i >= 0; i-- {
		item := list.Content[i]
		if item.Kind == yaml.SequenceNode {
			return problemAt(item, "the merge key << needs a map or a list of maps")
		}
		if err := e.merge(item, set, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (e *emitter) fieldName(key *yaml.Node) (string, error) {
	n := key
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind != yaml.ScalarNode {
		return "", problemAt(key, "a map or list as a field name means nothing to Kubernetes")
	}
	v, err := scalarOf(n)
	if err == nil {
		var name string
		if name, err = fieldName(v); err == nil {
			return name, nil
		}
	}
	return "", problemAt(key, err.Error())
}

func isMerge(key *yaml.Node) bool {
	return key.Kind == yaml.ScalarNode && key.Value == "<<" && (key.Style == 0 || key.Tag == "!!merge")
}
