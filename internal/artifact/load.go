package artifact

import (
	"fmt"
	"iter"
	"time"

	"github.com/foilsec/foil/internal/graph"
)

// Load yields the artifacts of a snapshot in the order of their identities,
// whole. A node that can't be read, as in a snapshot of another version, is an
// error beside a nil artifact.
func Load(s *graph.Snapshot) iter.Seq2[*Loaded, error] {
	return func(yield func(*Loaded, error) bool) {
		for n := range s.OfKind(KindArtifact) {
			a, err := loadOne(s, n)
			if err != nil {
				err = fmt.Errorf("read %s from the graph: %w", n.ID, err)
			}
			if !yield(a, err) {
				return
			}
		}
	}
}

// Loaded is an artifact with the nodes that its parts are in the graph.
type Loaded struct {
	Artifact
	Node         graph.NodeID
	PackageNodes []graph.NodeID // of Packages, in the same order
	ProgramNodes []graph.NodeID // of Programs, in the same order
}

func loadOne(s *graph.Snapshot, n *graph.Node) (*Loaded, error) {
	var h header
	if err := n.Object.Decode(&h); err != nil {
		return nil, err
	}
	a := &Loaded{Node: n.ID}
	a.Artifact = Artifact{
		Form: h.Form, Reference: h.Reference, Digest: h.Digest, ConfigID: h.ConfigID, Platform: h.Platform,
		OS: h.OS, Config: h.Config, Layers: h.Layers, Base: h.Base, Secrets: h.Secrets, Documents: h.Documents, Gaps: h.Gaps,
	}
	if h.Created != "" {
		created, err := time.Parse(timeForm, h.Created)
		if err != nil {
			return nil, fmt.Errorf("created: %w", err)
		}
		a.Created = created
	}
	for e := range s.From(n.ID) {
		if e.Kind != Contains {
			continue
		}
		if part, ok := s.Node(e.To); ok {
			if err := a.part(part); err != nil {
				return nil, fmt.Errorf("%s: %w", part.ID, err)
			}
		}
	}
	return a, nil
}

func (a *Loaded) part(n *graph.Node) error {
	switch n.Kind {
	case KindPackage:
		a.Packages = append(a.Packages, packageOf(n.Object))
		a.PackageNodes = append(a.PackageNodes, n.ID)
	case KindProgram:
		var p Program
		if err := n.Object.Decode(&p); err != nil {
			return err
		}
		a.Programs = append(a.Programs, p)
		a.ProgramNodes = append(a.ProgramNodes, n.ID)
	}
	return nil
}

// packageOf reads a package without a detour, since there are many.
func packageOf(v graph.Value) Package {
	layer, _ := v.Get("layer").Int()
	return Package{
		Name: v.Get("name").Str(), Version: v.Get("version").Str(), PURL: v.Get("purl").Str(),
		Ecosystem: v.Get("ecosystem").Str(), SourceName: v.Get("sourceName").Str(), SourceVersion: v.Get("sourceVersion").Str(),
		Architecture: v.Get("architecture").Str(), Module: v.Get("module").Str(), Owner: v.Get("owner").Str(),
		Licenses: texts(v.Get("licenses")), Locations: texts(v.Get("locations")), Requires: texts(v.Get("requires")),
		Layer: int(layer), Essential: v.Get("essential").True(), Stripped: v.Get("stripped").True(),
	}
}

func texts(list graph.Value) []string {
	if list.Len() == 0 {
		return nil
	}
	out := make([]string, 0, list.Len())
	for _, item := range list.Items() {
		out = append(out, item.Str())
	}
	return out
}
