package dockerfile

import (
	"context"
	"slices"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/fix"
	"github.com/foilsec/foil/internal/fix/linediff"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// Make plans the changes that remove findings.
func Make(ctx context.Context, r Request) (*fix.Plan, error) {
	plan := &fix.Plan{}
	var order []graph.NodeID
	byFile := map[graph.NodeID][]*task{}
	for i := range r.Findings {
		f := &r.Findings[i]
		if n, ok := r.Snapshot.Node(f.Node); !ok || n.Kind != Kind {
			continue
		}
		if byFile[f.Node] == nil {
			order = append(order, f.Node)
		}
		byFile[f.Node] = append(byFile[f.Node], &task{finding: f})
	}
	for _, id := range order {
		node, _ := r.Snapshot.Node(id)
		e := &editor{Request: &r, node: node, tasks: byFile[id], digests: map[string]string{}}
		if err := e.run(ctx, plan); err != nil {
			return nil, err
		}
	}
	return plan, nil
}

// task is the work on one finding.
type task struct {
	finding *finding.Finding
	refusal lang.Text // why it is not done; empty while it is
	refuted bool
}

func (t *task) active() bool { return t.refusal.EN == "" }

func (t *task) refuse(reason lang.Text) {
	if t.active() {
		t.refusal = reason
	}
}

// editor works on one file.
type editor struct {
	*Request
	node    *graph.Node // as the file is now
	before  []byte
	known   map[finding.Fingerprint]bool // what is wrong with it now
	tasks   []*task
	digests map[string]string
}

func (e *editor) run(ctx context.Context, plan *fix.Plan) error {
	reason, err := e.open(ctx)
	if err != nil {
		return err
	}
	if reason.EN != "" {
		for _, t := range e.tasks {
			t.refuse(reason)
		}
	}
	after, splices, err := e.settle(ctx)
	if err != nil {
		return err
	}
	e.report(plan, after, splices)
	return nil
}

// open reads the file as it is now; a reason says why it can't be edited.
func (e *editor) open(ctx context.Context) (reason lang.Text, err error) {
	name := e.node.Provenance.Origin
	if !e.Files.Contains(name) {
		return say("%s is not in the folder that is being fixed", "%s 不在要修复的文件夹中", name), nil
	}
	if e.before, err = e.Files.ReadFile(name); err != nil {
		return say("%s can't be read: %v", "%s 无法读取：%v", name, err), nil
	}
	now, err := e.Scan.Read(e.node, e.before)
	if err != nil {
		return say("%s can't be read: %v", "%s 无法读取：%v", name, err), nil
	}
	e.node = &now
	e.known, err = e.judge(ctx, now)
	return lang.Text{}, err
}

func (e *editor) judge(ctx context.Context, n graph.Node) (map[finding.Fingerprint]bool, error) {
	var b graph.Builder
	b.AddNode(n)
	found, err := e.Scan.Judge(ctx, b.Snapshot())
	if err != nil {
		return nil, err
	}
	prints := map[finding.Fingerprint]bool{}
	for i := range found {
		prints[found[i].Fingerprint] = true
	}
	return prints, nil
}

// settle makes all edits together; when they don't stand the proof, one task is
// added after the other, and those that spoil it are left out.
func (e *editor) settle(ctx context.Context) (after []byte, splices []splice, err error) {
	after, splices, proven, err := e.try(ctx, e.tasks)
	if err != nil || proven {
		return after, splices, err
	}
	var kept []*task
	after, splices = e.before, nil
	for _, t := range e.tasks {
		if !t.active() {
			continue
		}
		text, edits, proven, err := e.try(ctx, append(slices.Clone(kept), t))
		switch {
		case err != nil:
			return nil, nil, err
		case proven && t.active():
			kept, after, splices = append(kept, t), text, edits
		case t.active():
			t.refuse(say("the edit did not remove the finding, or brought up another one", "修改未能消除该问题，或引入了新的问题"))
			t.refuted = true
		}
	}
	return after, splices, nil
}

// try edits the file for some tasks and proves the result.
func (e *editor) try(ctx context.Context, tasks []*task) (after []byte, splices []splice, proven bool, err error) {
	splices = e.splices(ctx, tasks)
	after = apply(e.before, splices)
	if len(splices) == 0 {
		return after, nil, true, ctx.Err()
	}
	now, err := e.Scan.Read(e.node, after)
	if err != nil {
		return nil, nil, false, nil //nolint:nilerr // an edit that breaks the file is no fix
	}
	left, err := e.judge(ctx, now)
	if err != nil {
		return nil, nil, false, err
	}
	for _, t := range tasks {
		if t.active() && left[t.finding.Fingerprint] {
			return nil, nil, false, nil
		}
	}
	for print := range left {
		if !e.known[print] {
			return nil, nil, false, nil
		}
	}
	return after, splices, true, ctx.Err()
}

// report puts the outcome into the plan.
func (e *editor) report(plan *fix.Plan, after []byte, splices []splice) {
	var fixed []finding.Fingerprint
	for _, t := range e.tasks {
		skip := fix.Skip{Fingerprint: t.finding.Fingerprint, Rule: t.finding.Rule, Node: t.finding.Node, Reason: t.refusal}
		switch {
		case t.active():
			fixed = append(fixed, t.finding.Fingerprint)
		case t.refuted:
			plan.Refuted = append(plan.Refuted, skip)
		default:
			plan.Skipped = append(plan.Skipped, skip)
		}
	}
	plan.Fixed = append(plan.Fixed, fixed...)
	if len(splices) == 0 {
		return
	}
	change := linediff.New(e.before)
	change.Replace(after, regions(splices))
	plan.Files = append(plan.Files, fix.Edited(e.node.Provenance.Origin, change, fixed))
}
