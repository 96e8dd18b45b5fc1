package kustomization

import (
	"path/filepath"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/api/resource"

	"github.com/foilsec/foil/internal/graph"
)

// placer finds the position of each field of a built object.
type placer struct {
	// sources are the texts that may have set a field: patches, the last one
	// first, then the object as it stands in its file.
	sources []graph.Value
	// operations are those of JSON patches, by the pointer they set.
	operations map[string][]graph.Value
	// settings are the entries of kustomization files that set a place, by its
	// pointer; images are those that change images.
	settings  map[string]graph.Position
	images    []graph.Value
	fallback  graph.Position
	positions map[graph.Value]graph.Position
}

func (s *sanitizer) placer(r *resource.Resource, origin *resource.Origin, patches []patch) *placer {
	p := &placer{
		operations: make(map[string][]graph.Value), positions: make(map[graph.Value]graph.Position),
		settings: make(map[string]graph.Position), images: s.images(),
	}
	var source graph.Value
	if origin != nil && origin.Path != "" {
		source = s.source(filepath.Join(s.root, origin.Path), r)
		p.fallback = graph.Position{File: s.display(filepath.Join(s.root, origin.Path)), Line: 1}
	}
	for i := len(patches) - 1; i >= 0; i-- {
		if patches[i].matches(r, source.At("metadata", "name").Text()) {
			p.add(patches[i].content)
		}
	}
	switch {
	case source.Exists():
		p.sources = append(p.sources, source)
		p.fallback = source.Position()
	case origin != nil && origin.Path == "":
		p.fallback = s.generated(filepath.Join(s.root, origin.ConfiguredIn), origin.ConfiguredBy.Kind, r, p.settings)
	}
	return p
}

// source is the document of a file that an object was made from. Its name may
// have got a prefix and a suffix since.
func (s *sanitizer) source(file string, r *resource.Resource) graph.Value {
	var best graph.Value
	for _, d := range s.documents[file] {
		root := d.Root()
		name := root.At("metadata", "name").Text()
		if root.Get("kind").Str() != r.GetKind() || !strings.Contains(r.GetName(), name) {
			continue
		}
		if !best.Exists() || len(name) > len(best.At("metadata", "name").Text()) {
			best = root
		}
	}
	return best
}

// add takes in a patch: an object, or a list of operations.
func (p *placer) add(content graph.Value) {
	if content.Kind() != graph.List {
		p.sources = append(p.sources, content)
		return
	}
	for _, op := range content.Items() {
		if pointer := op.Get("path").Str(); pointer != "" && op.Get("value").Exists() {
			p.operations[pointer] = append(p.operations[pointer], op)
		}
	}
}

// value places a value of the built object and all below it. The sources are
// the values at the same path of the texts; around is the position of the
// parent.
func (p *placer) value(v graph.Value, sources []graph.Value, pointer string, around graph.Position) {
	at := p.choose(v, sources, pointer, around)
	p.positions[v] = at
	for name, field := range v.Fields() {
		var below []graph.Value
		for _, s := range sources {
			if f := s.Get(name); f.Exists() {
				below = append(below, f)
			}
		}
		p.value(field, p.withOperations(below, pointer, name), pointer+"/"+escapePointer(name), at)
	}
	for i, item := range v.Items() {
		var below []graph.Value
		for _, s := range sources {
			if e := element(s, item, i, v.Len()); e.Exists() {
				below = append(below, e)
			}
		}
		p.value(item, p.withOperations(below, pointer, strconv.Itoa(i)), pointer+"/"+strconv.Itoa(i), at)
	}
}

// withOperations puts the values of JSON patches that set a place before the
// other sources.
func (p *placer) withOperations(sources []graph.Value, pointer, name string) []graph.Value {
	for _, op := range p.operations[pointer+"/"+escapePointer(name)] {
		sources = append([]graph.Value{op.Get("value")}, sources...)
	}
	return sources
}

// choose picks the position of one value: where it was written with this
// content; else where the field stands in the object's file; else that of its
// parent.
func (p *placer) choose(v graph.Value, sources []graph.Value, pointer string, around graph.Position) graph.Position {
	if v.Kind() == graph.Map || v.Kind() == graph.List {
		// The object's own file says where a map stands; a patch that adds to
		// it does not move it.
		for i := len(sources) - 1; i >= 0; i-- {
			if sources[i].Kind() == v.Kind() {
				return sources[i].Position()
			}
		}
	}
	// The object's own file comes first: patches repeat its kind and name.
	for i := range sources {
		if s := sources[(i+len(sources)-1)%len(sources)]; graph.Equal(s, v) {
			return s.Position()
		}
	}
	if at, found := p.settings[pointer]; found {
		return at
	}
	if at, found := p.image(v, sources); found {
		return at
	}
	for _, op := range p.operations[parentPointer(pointer)+"/-"] {
		if graph.Equal(op.Get("value"), v) {
			return op.Get("value").Position()
		}
	}
	if len(sources) > 0 {
		return sources[len(sources)-1].Position()
	}
	return around
}

func parentPointer(pointer string) string {
	return pointer[:max(strings.LastIndexByte(pointer, '/'), 0)]
}

func escapePointer(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

// element finds the element of a list that became an element of the built
// one: the one of the same name or content, or else of the same number if the
// lists are equally long.
func element(list, item graph.Value, i, length int) graph.Value {
	for _, key := range []string{"name", "containerPort", "mountPath", "key", "ip"} {
		want := item.Get(key)
		if !want.Exists() {
			continue
		}
		for _, e := range list.Items() {
			if graph.Equal(e.Get(key), want) {
				return e
			}
		}
	}
	if item.Kind() != graph.Map {
		for _, e := range list.Items() {
			if graph.Equal(e, item) {
				return e
			}
		}
	}
	if list.Kind() == graph.List && list.Len() == length {
		return list.Item(i)
	}
	return graph.Value{}
}
