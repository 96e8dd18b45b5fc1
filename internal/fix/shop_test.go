package fix_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/foilsec/foil/internal/finding"
)

// TestShop fixes everything in the example shop that can be fixed.
func TestShop(t *testing.T) {
	dir := copyTree(t, "../../examples/burrito-shop")
	before := newScan(t, dir)
	todo := automatic(before.findings)
	folder, plan := makePlan(t, dir, before, todo)
	var diff bytes.Buffer
	if err := plan.Diff(&diff, folder.Name()); err != nil {
		t.Fatal(err)
	}
	fmt.Println(diff.String())
	fmt.Printf("%d findings, %d automatic; fixed %d skipped %d refuted %d added %d overlays %d files %d\n",
		len(before.findings), len(todo), len(plan.Fixed), len(plan.Skipped), len(plan.Refuted), len(plan.Added), len(plan.Overlays), len(plan.Files))
	for _, s := range plan.Skipped {
		fmt.Printf("skipped %s %s: %s %v\n", s.Rule, s.Node, s.Reason.EN, s.Overlay)
	}
	for _, s := range plan.Refuted {
		fmt.Printf("refuted %s %s: %s\n", s.Rule, s.Node, s.Reason.EN)
	}
	for _, f := range plan.Added {
		fmt.Printf("added %s %s\n", f.Rule, f.Node)
	}
	for _, o := range plan.Overlays {
		fmt.Printf("overlay %s\n%s", o.Node, o.Text)
	}
	_ = finding.Set
}
