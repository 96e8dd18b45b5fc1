package pipeline

import (
	"slices"
	"testing"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/report"
)

func TestItemsAreInTheOrderOfTheDocument(t *testing.T) {
	want := []string{"1.1", "1.2", "1.2.1", "1.2.9", "1.2.10", "1.10", "2", "10.1"}
	got := []string{"10.1", "1.10", "1.2.10", "2", "1.2", "1.2.9", "1.1", "1.2.1"}
	slices.SortFunc(got, compareItems)
	if !slices.Equal(got, want) {
		t.Errorf("items %q, want %q", got, want)
	}
}

// TestFrameworkControl holds what a control counts as.
func TestFrameworkControl(t *testing.T) {
	const rule = "r"
	for name, test := range map[string]struct {
		evaluated, failed, excepted int
		reason                      string
		status                      string
		score                       float64
	}{
		"all well":               {evaluated: 4, status: "passed", score: 100},
		"one of four":            {evaluated: 4, failed: 1, status: "failed", score: 75},
		"all":                    {evaluated: 2, failed: 2, status: "failed", score: 0},
		"one of three":           {evaluated: 3, failed: 1, status: "failed", score: 66.7},
		"accepted":               {evaluated: 4, failed: 1, excepted: 1, status: "passed", score: 100},
		"accepted in part":       {evaluated: 4, failed: 2, excepted: 1, status: "failed", score: 75},
		"nothing to look at":     {status: "not-applicable"},
		"could not look":         {reason: "no rights", status: "not-evaluated"},
		"looked at a part":       {evaluated: 4, reason: "no rights", status: "not-evaluated", score: 100},
		"found all the same":     {evaluated: 4, failed: 1, reason: "no rights", status: "failed", score: 75},
		"accepted, rest unknown": {evaluated: 4, failed: 1, excepted: 1, reason: "no rights", status: "not-evaluated", score: 100},
		"faults beyond counting": {evaluated: 1, failed: 3, status: "failed", score: 0},
	} {
		s := newSink(nil)
		s.Evaluated(rule, test.evaluated)
		if test.reason != "" {
			s.NotEvaluated(rule, "", test.reason)
		}
		b := &reportBuilder{sink: s}
		c := b.frameworkControl(&finding.Rule{ID: rule, Severity: finding.High}, "1.1", test.failed, test.excepted)
		want := report.FrameworkControl{Item: "1.1", Rule: rule, Severity: "high", Status: test.status, Evaluated: test.evaluated, Failed: test.failed, Excepted: test.excepted, Score: test.score}
		if c.Reason = ""; c != want {
			t.Errorf("%s: %+v, want %+v", name, c, want)
		}
	}
}
