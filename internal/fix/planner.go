package fix

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/fix/linediff"
	"github.com/foilsec/foil/internal/graph"
)

// maxRounds bounds how often findings that changes bring to light are fixed in
// turn.
const maxRounds = 4

// Make plans the changes that remove findings. It fails only when it can't
// read or judge at all; what can't be fixed is in the plan.
func Make(ctx context.Context, r Request) (*Plan, error) {
	known := r.Known
	if known == nil {
		var err error
		if known, err = r.Scan.Judge(ctx, objectsOnly(r.Snapshot)); err != nil {
			return nil, err
		}
	}
	p := &planner{request: &r, snapshot: r.Snapshot, known: known, files: map[string]*file{}, asked: r.Findings}
	todo := r.Findings
	for range maxRounds {
		if len(todo) == 0 {
			break
		}
		added, err := p.run(ctx, todo)
		if err != nil {
			return nil, err
		}
		todo = fixable(added)
	}
	return p.plan(), nil
}

// planner carries what is true after each round on to the next one.
type planner struct {
	request  *Request
	snapshot *graph.Snapshot
	known    []finding.Finding // all findings of the snapshot
	asked    []finding.Finding
	files    map[string]*file
	skipped  []Skip
	refuted  []Skip
	added    []finding.Finding
	overlays []Overlay
}

// file is a file that was changed.
type file struct {
	change   *linediff.Change
	created  bool
	findings []finding.Fingerprint
}

// run makes one round, and gives the findings that it brought to light.
func (p *planner) run(ctx context.Context, todo []finding.Finding) ([]finding.Finding, error) {
	r := newRound(p)
	r.collect(todo)
	r.place()
	for _, step := range []func(context.Context) error{r.settle, r.tryValues, r.tryInside, r.settle, r.spare} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	p.overlays = append(p.overlays, r.patches()...)
	for _, t := range r.tasks {
		switch {
		case t.active():
		case t.refuted:
			p.refuted = append(p.refuted, t.skip())
		default:
			p.skipped = append(p.skipped, t.skip())
		}
	}
	added := r.commit()
	p.added = append(p.added, added...)
	return added, nil
}

// fixable are the findings that can be fixed automatically.
func fixable(findings []finding.Finding) []finding.Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(f finding.Finding) bool { return len(f.Fixes) == 0 })
}

// plan is what the rounds came to.
func (p *planner) plan() *Plan {
	out := &Plan{Overlays: p.overlays, Refuted: p.refuted}
	open := fingerprints(p.known)
	for i := range p.asked {
		if f := p.asked[i].Fingerprint; !open[f] && !slices.Contains(out.Fixed, f) {
			out.Fixed = append(out.Fixed, f)
		}
	}
	patched := map[finding.Fingerprint]bool{}
	for _, o := range p.overlays {
		for _, f := range o.Findings {
			patched[f] = true
		}
	}
	for _, s := range p.skipped {
		if s.Overlay = patched[s.Fingerprint]; open[s.Fingerprint] {
			out.Skipped = append(out.Skipped, s)
		}
	}
	for _, f := range p.added {
		if open[f.Fingerprint] {
			out.Added = append(out.Added, f)
		}
	}
	for name, f := range p.files {
		out.Files = append(out.Files, FileChange{
			Path: name, Before: f.change.Before, After: f.change.After, Created: f.created,
			Findings: f.findings, change: f.change,
		})
	}
	slices.SortFunc(out.Files, func(a, b FileChange) int { return cmp.Compare(a.Path, b.Path) })
	return out
}

// content is a file as it is after the rounds so far.
func (p *planner) content(name string) ([]byte, error) {
	if f := p.files[name]; f != nil {
		return f.change.After, nil
	}
	if !p.request.Files.Contains(name) {
		return nil, errOutside
	}
	data, err := p.request.Files.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return data, nil
}

var errOutside = errors.New("outside of the folder")

// objectsOnly is a snapshot of the objects that were read: what was derived
// from them is derived anew.
func objectsOnly(s *graph.Snapshot) *graph.Snapshot { return replaced(s, nil, nil) }

// replaced is a snapshot with other objects for some nodes, and more nodes.
func replaced(s *graph.Snapshot, objects map[graph.NodeID]graph.Value, more []graph.Node) *graph.Snapshot {
	b := &graph.Builder{}
	for n := range s.Nodes() {
		if !n.Object.Exists() {
			continue
		}
		node := *n
		if object, ok := objects[n.ID]; ok {
			node.Object, node.Provenance.Position = object, object.Position()
		}
		b.AddNode(node)
	}
	for _, n := range more {
		b.AddNode(n)
	}
	for _, g := range s.Gaps() {
		b.AddGap(g)
	}
	return b.Snapshot()
}
