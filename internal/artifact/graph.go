package artifact

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/foilsec/foil/internal/graph"
)

const timeForm = time.RFC3339

// The kinds of node that artifacts become.
const (
	KindArtifact graph.Kind = "image"
	KindLayer    graph.Kind = "layer"
	KindPackage  graph.Kind = "package"
	KindProgram  graph.Kind = "program"
)

// The kinds of edge between them.
const (
	HasLayer graph.EdgeKind = "has-layer" // artifact → layer
	Contains graph.EdgeKind = "contains"  // artifact → package, artifact → program
	Adds     graph.EdgeKind = "adds"      // layer → package
)

// ID is the identity of an artifact in the graph: its reference, so that it
// stays the same when the image behind a name is built anew.
func (a *Artifact) ID() graph.NodeID { return graph.KeyedID(string(KindArtifact), a.Reference) }

// Add writes an artifact as nodes and edges.
func Add(b *graph.Builder, a *Artifact, p graph.Provenance) error {
	w := writer{builder: b, artifact: a, provenance: p, taken: map[graph.NodeID]bool{}}
	w.whole()
	w.layers()
	for i := range a.Packages {
		w.pkg(&a.Packages[i])
	}
	for i := range a.Programs {
		program := &a.Programs[i]
		w.contained(KindProgram, a.Reference+" "+program.Path, program.Path, program)
	}
	for _, g := range a.Gaps {
		b.AddGap(graph.Gap{Subject: a.Reference + ": " + g.Path, Reason: g.Reason})
	}
	if w.err != nil {
		return fmt.Errorf("put %s into the graph: %w", a.Reference, w.err)
	}
	return nil
}

type writer struct {
	builder    *graph.Builder
	artifact   *Artifact
	provenance graph.Provenance
	taken      map[graph.NodeID]bool
	err        error
}

// header is what the node of an artifact says.
type header struct {
	Form      Form       `json:"form"`
	Reference string     `json:"reference"`
	Digest    string     `json:"digest,omitempty"`
	ConfigID  string     `json:"configID,omitempty"`
	Platform  string     `json:"platform,omitempty"`
	Created   string     `json:"created,omitempty"`
	OS        OS         `json:"os,omitzero"`
	Config    Config     `json:"config,omitzero"`
	Layers    []Layer    `json:"layers,omitempty"`
	Base      Base       `json:"base,omitzero"`
	Secrets   []Secret   `json:"secrets,omitempty"`
	Documents []Document `json:"documents,omitempty"`
	Gaps      []Gap      `json:"gaps,omitempty"`
}

func (w *writer) whole() {
	a := w.artifact
	h := header{
		Form: a.Form, Reference: a.Reference, Digest: a.Digest, ConfigID: a.ConfigID, Platform: a.Platform,
		OS: a.OS, Config: a.Config, Layers: a.Layers, Base: a.Base, Secrets: a.Secrets, Documents: a.Documents, Gaps: a.Gaps,
	}
	if !a.Created.IsZero() {
		h.Created = a.Created.UTC().Format(timeForm)
	}
	w.node(a.ID(), KindArtifact, a.Reference, h)
}

func (w *writer) layers() {
	for i := range w.artifact.Layers {
		l := &w.artifact.Layers[i]
		if l.DiffID == "" {
			continue
		}
		id := graph.KeyedID(string(KindLayer), l.DiffID)
		w.builder.AddEdges(graph.Edge{From: w.artifact.ID(), To: id, Kind: HasLayer})
		w.node(id, KindLayer, l.DiffID, map[string]string{"diffID": l.DiffID})
	}
}

func (w *writer) pkg(p *Package) {
	id := w.contained(KindPackage, w.artifact.Reference+" "+p.key(), p.Name+" "+p.Version, p)
	if p.Layer >= 0 && p.Layer < len(w.artifact.Layers) && w.artifact.Layers[p.Layer].DiffID != "" {
		layer := graph.KeyedID(string(KindLayer), w.artifact.Layers[p.Layer].DiffID)
		w.builder.AddEdges(graph.Edge{From: layer, To: id, Kind: Adds})
	}
}

// key tells the packages of an artifact apart, and is the same for another
// version of a package in the same place.
func (p *Package) key() string {
	key := p.Type() + "/" + p.Name
	if p.Architecture != "" {
		key += ":" + p.Architecture
	}
	if !p.OfSystem() && len(p.Locations) > 0 {
		key += " " + p.Locations[0]
	}
	return key
}

// Type is the type of the package's URL, "deb" or "npm"; empty without one.
func (p *Package) Type() string {
	rest, found := strings.CutPrefix(p.PURL, "pkg:")
	if !found {
		return ""
	}
	kind, _, _ := strings.Cut(rest, "/")
	return kind
}

// OfSystem reports whether a package belongs to the package manager of an
// operating system.
func (p *Package) OfSystem() bool {
	switch p.Type() {
	case "deb", "rpm", "apk", "alpm", "opkg":
		return true
	}
	return false
}

// contained adds a node that the artifact contains; nodes of one key are
// numbered.
func (w *writer) contained(kind graph.Kind, key, name string, content any) graph.NodeID {
	id := graph.KeyedID(string(kind), key)
	for n := 2; w.taken[id]; n++ {
		id = graph.KeyedID(string(kind), fmt.Sprintf("%s ~%d", key, n))
	}
	w.taken[id] = true
	w.builder.AddEdges(graph.Edge{From: w.artifact.ID(), To: id, Kind: Contains})
	w.node(id, kind, name, content)
	return id
}

func (w *writer) node(id graph.NodeID, kind graph.Kind, name string, content any) {
	document, err := graph.DocumentOf(content)
	if err != nil {
		w.err = errors.Join(w.err, fmt.Errorf("%s: %w", id, err))
		return
	}
	w.builder.AddNode(graph.Node{ID: id, Kind: kind, Name: name, Object: document.Root(), Provenance: w.provenance})
}
