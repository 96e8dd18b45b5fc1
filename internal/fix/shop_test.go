package fix_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/fix"
	"github.com/foilsec/foil/internal/graph"
)

const shop = "../../examples/burrito-shop"

// TestShop fixes everything in the example shop that can be fixed, by all
// controls: plain files, the chart with its values, and the kustomization.
func TestShop(t *testing.T) {
	dir := copyTree(t, shop)
	before := newScan(t, dir)
	todo := automatic(before.findings)
	if len(todo) < 100 {
		t.Fatalf("only %d findings of the shop have a fix", len(todo))
	}
	folder, plan := makePlan(t, dir, before, todo)
	complain(t, plan)
	if len(plan.Fixed) != len(todo) {
		t.Errorf("%d of %d findings are fixed", len(plan.Fixed), len(todo))
	}
	diff := diffOf(t, folder, plan)
	checkDiff(t, dir, plan, diff)
	if err := folder.Write(plan); err != nil {
		t.Fatal(err)
	}
	after := newScan(t, dir)
	if gaps := after.snapshot.Gaps(); len(gaps) > 0 {
		t.Errorf("after the fixes some files can't be read: %v", gaps)
	}
	for _, f := range automatic(after.findings) {
		t.Errorf("there is still %s on %s", f.Rule, f.Node)
	}
	checkNothingNew(t, before, after)
	checkOthersSame(t, before, after, todo)
	if _, second := makePlan(t, dir, after, automatic(after.findings)); !second.Empty() {
		t.Errorf("a second run changes %d files", len(second.Files))
	}
}

func complain(t *testing.T, plan *fix.Plan) {
	t.Helper()
	for _, s := range plan.Skipped {
		t.Errorf("skipped: %s on %s: %s", s.Rule, s.Node, s.Reason.EN)
	}
	for _, s := range plan.Refuted {
		t.Errorf("refuted: %s on %s: %s", s.Rule, s.Node, s.Reason.EN)
	}
	for _, f := range plan.Added {
		t.Errorf("added: %s on %s", f.Rule, f.Node)
	}
}

func diffOf(t *testing.T, folder *fix.Folder, plan *fix.Plan) string {
	t.Helper()
	var b bytes.Buffer
	if err := plan.Diff(&b, folder.Name()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// checkDiff applies a diff with git to another copy of the shop.
func checkDiff(t *testing.T, dir string, plan *fix.Plan, diff string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Log("git is not installed: the diff was not applied")
		return
	}
	other := copyTree(t, shop)
	cmd := exec.Command("git", "apply", "--whitespace=error-all", "-")
	cmd.Dir, cmd.Stdin = other, strings.NewReader(diff)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git apply: %v\n%s", err, out)
	}
	for _, f := range plan.Files {
		rel, err := filepath.Rel(dir, f.Path)
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(other, rel))
		if err != nil || !bytes.Equal(got, f.After) {
			t.Errorf("%s: the diff gives another file than the plan (%v)", rel, err)
		}
	}
}

func checkNothingNew(t *testing.T, before, after *scan) {
	t.Helper()
	known := map[finding.Fingerprint]bool{}
	for _, f := range before.findings {
		known[f.Fingerprint] = true
	}
	for _, f := range after.findings {
		if !known[f.Fingerprint] {
			t.Errorf("the fixes brought up %s on %s", f.Rule, f.Node)
		}
	}
}

// checkOthersSame holds objects that no fix was about to what they were.
func checkOthersSame(t *testing.T, before, after *scan, todo []finding.Finding) {
	t.Helper()
	touched := map[graph.NodeID]bool{}
	for _, f := range todo {
		touched[f.Node] = true
		for _, step := range f.Fixes {
			touched[step.Node] = true
		}
	}
	for n := range before.snapshot.Nodes() {
		now, ok := after.snapshot.Node(n.ID)
		if !ok {
			t.Errorf("%s is gone", n.ID)
		} else if !touched[n.ID] && !graph.Equal(n.Object, now.Object) {
			t.Errorf("%s changed", n.ID)
		}
	}
}

// TestShopOneRule fixes one rule alone, one object after the other.
func TestShopOneRule(t *testing.T) {
	dir := copyTree(t, shop)
	before := newScan(t, dir)
	for _, f := range automatic(before.findings) {
		if f.Rule != "writable-root-filesystem" {
			continue
		}
		_, plan := makePlan(t, dir, before, []finding.Finding{f})
		complain(t, plan)
		if len(plan.Fixed) != 1 || len(plan.Files) == 0 {
			t.Errorf("%s: %d findings fixed in %d files", f.Node, len(plan.Fixed), len(plan.Files))
		}
	}
}
