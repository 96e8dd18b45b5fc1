package kustomization

import (
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/kustomize/api/types"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/manifest/yamldoc"
)

// patch is one patch of the build, in the order in which they are applied.
type patch struct {
	content graph.Value
	target  *types.Selector
}

// patches are those of all kustomization files of the build. The library reads
// a file before those that it builds upon, but applies it after them.
func (s *sanitizer) patches() []patch {
	var all []patch
	for i := len(s.order) - 1; i >= 0; i-- {
		f := s.files[s.order[i]]
		for _, p := range f.content.Patches {
			for _, d := range s.patchDocuments(f, p) {
				all = append(all, patch{content: d.Root(), target: p.Target})
			}
		}
	}
	return all
}

func (s *sanitizer) patchDocuments(f *file, p types.Patch) []*graph.Document {
	if p.Path != "" {
		path := f.join(p.Path)
		if real, _, err := s.disk.resolve(path); err == nil {
			path = real
		}
		return s.documents[path]
	}
	field := f.inlinePatch(p.Patch)
	at := field.Position()
	first := at.Line
	if strings.Contains(field.Str(), "\n") {
		first++ // the text of a block begins on the line after its key
	}
	var moved []*graph.Document
	var mover yamldoc.Mover
	for _, d := range s.decode([]byte(p.Patch), at.File).Documents {
		m, err := mover.Move(d, func(v graph.Value) graph.Position {
			return graph.Position{File: at.File, Line: first + v.Position().Line - 1}
		})
		if err == nil {
			moved = append(moved, m)
		}
	}
	return moved
}

// inlinePatch finds the field that holds the text of a patch.
func (f *file) inlinePatch(text string) graph.Value {
	for _, key := range []string{"patches", "patchesJson6902", "patchesStrategicMerge"} {
		for _, entry := range f.fields.Get(key).Items() {
			if entry.Str() == text {
				return entry
			}
			if field := entry.Get("patch"); field.Str() == text {
				return field
			}
		}
	}
	return f.fields
}

// matches reports whether a patch may have touched a resource, which had
// another name in its file.
func (p patch) matches(r *resource.Resource, fileName string) bool {
	names := []string{fileName, r.GetName()}
	if p.target == nil {
		return p.content.Get("kind").Str() == r.GetKind() && slices.Contains(names, p.content.At("metadata", "name").Text())
	}
	return matchesPattern(p.target.Kind, r.GetKind()) &&
		slices.ContainsFunc(names, func(name string) bool { return matchesPattern(p.target.Name, name) })
}

// matchesPattern compares as selectors do: by a regular expression for the
// whole name; an empty one matches all.
func matchesPattern(pattern, name string) bool {
	if pattern == "" || pattern == name {
		return true
	}
	re, err := regexp.Compile("^(?:" + pattern + ")$")
	return err == nil && re.MatchString(name)
}
