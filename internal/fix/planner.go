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

// maxAttempts bounds how often planning begins anew because a finding that came
// up could not be fixed in turn.
const maxAttempts = 5

// Make plans the changes that remove findings. It fails only when it can't
// read or judge at all; what can't be fixed is in the plan.
func Make(ctx context.Context, r Request) (*Plan, error) {
	// The findings that are asked for may be a choice; what is new is seen only
	// by comparing with all.
	known, err := r.Scan.Judge(ctx, objectsOnly(r.Snapshot))
	if err != nil {
		return nil, err
	}
	hopeless := map[finding.Fingerprint]bool{}
	for attempt := 1; ; attempt++ {
		p := newPlanner(&r, known, hopeless)
		if err := p.rounds(ctx); err != nil {
			return nil, err
		}
		plan := p.plan()
		if !p.learn(plan) || attempt == maxAttempts {
			return plan, nil
		}
	}
}

// planner carries what is true after each round on to the next one.
type planner struct {
	request  *Request
	snapshot *graph.Snapshot
	known    []finding.Finding // all findings of the snapshot
	files    map[string]*file
	skipped  []Skip
	refuted  []Skip
	added    []finding.Finding
	overlays []Overlay
	// hopeless are findings that must not come up, as they can't be fixed in
	// turn; gone are those that rounds so far removed.
	hopeless, gone map[finding.Fingerprint]bool
}

func newPlanner(r *Request, known []finding.Finding, hopeless map[finding.Fingerprint]bool) *planner {
	return &planner{
		request: r, snapshot: r.Snapshot, known: known, files: map[string]*file{},
		hopeless: hopeless, gone: map[finding.Fingerprint]bool{},
	}
}

// rounds fixes what is asked for, and then what that brought to light.
func (p *planner) rounds(ctx context.Context) error {
	todo := p.request.Findings
	for range maxRounds {
		if len(todo) == 0 {
			break
		}
		added, err := p.run(ctx, todo)
		if err != nil {
			return err
		}
		todo = fixable(added)
	}
	return nil
}

// learn notes findings that came up on objects which were there before, and
// reports whether that is news.
func (p *planner) learn(plan *Plan) bool {
	news := false
	for i := range plan.Added {
		f := &plan.Added[i]
		if _, existed := p.request.Snapshot.Node(f.Node); existed && !p.hopeless[f.Fingerprint] {
			p.hopeless[f.Fingerprint], news = true, true
		}
	}
	return news
}

// file is a file that was changed.
type file struct {
	change   *linediff.Change
	created  bool
	findings []finding.Fingerprint
	known    map[finding.Fingerprint]bool // the same
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
	listed := map[finding.Fingerprint]bool{}
	for i := range p.request.Findings {
		if f := p.request.Findings[i].Fingerprint; !open[f] && !listed[f] {
			listed[f] = true
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
