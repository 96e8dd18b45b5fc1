package kustomization

import (
	"path"
	"strings"

	"sigs.k8s.io/kustomize/api/resource"

	"github.com/foilsec/foil/internal/graph"
)

// generated is the position of an object that a kustomization file generates:
// the entry that does it. The entries that set its data, there or in files
// that merge into it, go into settings.
func (s *sanitizer) generated(file, generator string, r *resource.Resource, settings map[string]graph.Position) graph.Position {
	if generator == "" {
		return graph.Position{File: s.display(file), Line: 1}
	}
	key := strings.ToLower(generator[:1]) + generator[1:]
	at := graph.Position{File: s.display(file), Line: 1}
	name := s.generatorName(key, r.GetName())
	// Files that build upon others come first in the order of reading, and win.
	for i := len(s.order) - 1; i >= 0; i-- {
		for _, entry := range s.files[s.order[i]].fields.Get(key).Items() {
			if entry.Get("name").Text() != name {
				continue
			}
			if s.order[i] == file {
				at = entry.Position()
			}
			addSettings(entry, settings)
		}
	}
	return at
}

// generatorName is the name in the entry that generates an object. The object
// itself has a hash after it, and whatever the kustomizations put around it.
func (s *sanitizer) generatorName(key, object string) string {
	longest := ""
	for _, file := range s.order {
		for _, entry := range s.files[file].fields.Get(key).Items() {
			if name := entry.Get("name").Text(); len(name) > len(longest) && strings.Contains(object, name) {
				longest = name
			}
		}
	}
	return longest
}

func addSettings(entry graph.Value, settings map[string]graph.Position) {
	for _, literal := range entry.Get("literals").Items() {
		name, _, _ := strings.Cut(literal.Str(), "=")
		settings["/data/"+escapePointer(name)] = literal.Position()
	}
	for _, source := range entry.Get("files").Items() {
		name, _, named := strings.Cut(source.Str(), "=")
		if !named {
			name = path.Base(name)
		}
		settings["/data/"+escapePointer(name)] = source.Position()
	}
}

// images are the entries that change images, the file that is built first.
func (s *sanitizer) images() []graph.Value {
	var all []graph.Value
	for _, name := range s.order {
		for _, entry := range s.files[name].fields.Get("images").Items() {
			all = append(all, entry)
		}
	}
	return all
}

// image finds the entry that changed an image to what it is.
func (p *placer) image(v graph.Value, sources []graph.Value) (graph.Position, bool) {
	if v.Key() != "image" || len(sources) == 0 {
		return graph.Position{}, false
	}
	for _, entry := range p.images {
		if entry.Get("name").Str() != repository(sources[len(sources)-1].Str()) {
			continue
		}
		for _, key := range []string{"newTag", "digest", "newName"} {
			if set := entry.Get(key); set.Exists() && strings.Contains(v.Str(), set.Text()) {
				return set.Position(), true
			}
		}
	}
	return graph.Position{}, false
}

// repository is an image without tag and digest.
func repository(image string) string {
	image, _, _ = strings.Cut(image, "@")
	if colon := strings.LastIndexByte(image, ':'); colon > strings.LastIndexByte(image, '/') {
		image = image[:colon]
	}
	return image
}
