package osv

import (
	"testing"

	"github.com/foilsec/foil/internal/version"
)

// events reads "+1.0 -1.1 =2 <3": introduced, fixed, last affected, limit.
func events(t *testing.T, texts ...string) []Event {
	t.Helper()
	var list []Event
	for _, text := range texts {
		switch v := text[1:]; text[0] {
		case '+':
			list = append(list, Event{Introduced: v})
		case '-':
			list = append(list, Event{Fixed: v})
		case '=':
			list = append(list, Event{LastAffected: v})
		case '<':
			list = append(list, Event{Limit: v})
		default:
			t.Fatalf("%q is no event", text)
		}
	}
	return list
}

func TestEvaluateRange(t *testing.T) {
	cases := []struct {
		name    string
		events  []string
		version string
		want    Evaluation
	}{
		{"before the fix", []string{"+0", "-1.2"}, "1.1", Evaluation{IsAffected, "< 1.2", "1.2", false}},
		{"at the fix", []string{"+0", "-1.2"}, "1.2", Evaluation{}},
		{"at the introduction", []string{"+1.0", "-1.2"}, "1.0", Evaluation{IsAffected, ">= 1.0, < 1.2", "1.2", false}},
		{"before the introduction", []string{"+1.0", "-1.2"}, "0.9", Evaluation{}},
		{"never fixed", []string{"+0"}, "9", Evaluation{IsAffected, ">= 0", "", true}},
		{"never fixed, of no readable version", []string{"+0"}, "devel", Evaluation{IsAffected, ">= 0", "", true}},
		{"of no readable version", []string{"+0", "-1"}, "devel", Evaluation{Verdict: CannotCompare}},
		{"with an event that is no version", []string{"+0", "-next"}, "1.0.0", Evaluation{Verdict: CannotCompare}},
		{"in the second part", []string{"+1.0", "-1.2", "+2.0", "-2.3"}, "2.1", Evaluation{IsAffected, ">= 2.0, < 2.3", "2.3", false}},
		{"between the parts", []string{"+1.0", "-1.2", "+2.0", "-2.3"}, "1.5", Evaluation{}},
		{"in the first part of events in any order", []string{"-2.3", "+2.0", "-1.2", "+1.0"}, "1.1", Evaluation{IsAffected, ">= 1.0, < 1.2", "1.2", false}},
		{"at the last affected", []string{"+0", "=1.5"}, "1.5", Evaluation{IsAffected, "<= 1.5", "", false}},
		{"after the last affected", []string{"+0", "=1.5"}, "1.5.1", Evaluation{}},
		{"only one", []string{"+1.5", "=1.5"}, "1.5", Evaluation{IsAffected, ">= 1.5, <= 1.5", "", false}},
		{"none at all", []string{"+1.5", "-1.5"}, "1.6", Evaluation{}},
		{"introduced anew where it was fixed", []string{"+1.0", "-1.2", "+1.2", "-1.3"}, "1.2.5", Evaluation{IsAffected, ">= 1.2, < 1.3", "1.3", false}},
		{"fixed in the version 0, which means not affected", []string{"+0", "-0"}, "1.0", Evaluation{}},
		{"below the limit", []string{"+0", "<2.0"}, "1.0", Evaluation{IsAffected, ">= 0", "", false}},
		{"at the limit", []string{"+0", "<2.0"}, "2.0", Evaluation{}},
		{"below one of the limits", []string{"+0", "<2.0", "<4.0"}, "3.0", Evaluation{IsAffected, ">= 0", "", false}},
		{"without end", []string{"+0", "<*"}, "3.0", Evaluation{IsAffected, ">= 0", "", true}},
		{"without an introduction", []string{"-1.0"}, "0.5", Evaluation{}},
		{"without events", nil, "1.0", Evaluation{}},
	}
	for _, c := range cases {
		a := Affected{Ranges: []Range{{Type: Semver, Events: events(t, c.events...)}}}
		if got := a.Evaluate(nil, c.version); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestEvaluateEntry(t *testing.T) {
	git := Range{Type: Git, Events: events(t, "+0", "-abc")}
	debian := func(texts ...string) Range { return Range{Type: Ecosystem, Events: events(t, texts...)} }
	cases := []struct {
		name    string
		entry   Affected
		version string
		want    Evaluation
	}{
		{"listed", Affected{Versions: []string{"1.0", "1.1"}}, "1.1", Evaluation{IsAffected, "= 1.1", "", false}},
		{"listed in other words", Affected{Versions: []string{"1.0"}}, "1.00", Evaluation{}},
		{"listed, and in a range", Affected{Versions: []string{"1.0"}, Ranges: []Range{debian("+0", "-2")}}, "1.0", Evaluation{IsAffected, "< 2", "2", false}},
		{"listed, and in no range", Affected{Versions: []string{"1.0"}, Ranges: []Range{debian("+2", "-3")}}, "1.0", Evaluation{IsAffected, "= 1.0", "3", false}},
		{"behind a range of commits", Affected{Ranges: []Range{git, debian("+0", "-1:1.0-2")}}, "1:1.0-1", Evaluation{IsAffected, "< 1:1.0-2", "1:1.0-2", false}},
		{"a range of commits alone", Affected{Ranges: []Range{git}}, "1.0", Evaluation{}},
		{"two ranges, fixed at different times", Affected{Ranges: []Range{debian("+0", "-2"), debian("+0", "-10")}}, "1", Evaluation{IsAffected, "< 2", "10", false}},
		{"two ranges, one never fixed", Affected{Ranges: []Range{debian("+0", "-2"), debian("+0")}}, "1", Evaluation{IsAffected, "< 2", "", true}},
		{"a range of an unknown type", Affected{Ranges: []Range{{Type: "DATE", Events: events(t, "+0")}}}, "1", Evaluation{Verdict: CannotCompare}},
		{"a range of an unknown type and one that holds it", Affected{Ranges: []Range{{Type: "DATE"}, debian("+0")}}, "1", Evaluation{IsAffected, ">= 0", "", true}},
		{"the order of the ecosystem", Affected{Ranges: []Range{debian("+0", "-1.0")}}, "1.0~rc1", Evaluation{IsAffected, "< 1.0", "1.0", false}},
	}
	for _, c := range cases {
		if got := c.entry.Evaluate(version.Debian, c.version); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
	a := Affected{Ranges: []Range{debian("+0", "-2")}}
	if got := a.Evaluate(nil, "1"); got.Verdict != CannotCompare {
		t.Errorf("without an order for the ecosystem: %+v", got)
	}
}

func BenchmarkEvaluateNotAffected(b *testing.B) {
	a := Affected{Ranges: []Range{{Type: Ecosystem, Events: []Event{{Introduced: "0"}, {Fixed: "1.2.3-4+deb12u1"}}}}}
	b.ReportAllocs()
	for b.Loop() {
		if a.Evaluate(version.Debian, "1.2.3-4+deb12u2").Verdict != NotAffected {
			b.Fatal("affected")
		}
	}
}
