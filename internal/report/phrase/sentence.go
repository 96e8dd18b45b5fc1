package phrase

import (
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/report"
)

// The sentences below hold names and values as they were read; writers make
// them harmless as a whole.

// Size is how much was read and, if there is anything, how much was found.
func Size(l lang.Language, s *report.Summary) string {
	objects, workloads := Objects.Count(l, s.Objects), Workloads.Count(l, s.Workloads)
	if s.Open == 0 {
		return Read.In(l, objects, workloads)
	}
	return ReadAndRemoved.In(l, objects, workloads, OpenFindings.Count(l, s.Open), Changes.Count(l, s.Changes))
}

// Removes is what a change takes away.
func Removes(l lang.Language, c *report.Change) string {
	findings := Findings.Count(l, len(c.Fingerprints))
	if len(c.Workloads) == 0 {
		return RemovesOnly.In(l, findings)
	}
	return RemovesIn.In(l, findings, Workloads.Count(l, len(c.Workloads)))
}

// Field is the field of an evidence with its value: "spec.hostPID = true".
func Field(l lang.Language, e *report.Evidence) string {
	switch {
	case e.Path == "":
		return e.Value
	case e.Unset:
		return e.Path + " " + NotSet.In(l)
	case e.Value == "":
		return e.Path // large, or not to be shown
	}
	return e.Path + " = " + e.Value
}

// Decision is who accepted a finding, why and until when.
func Decision(l lang.Language, e *report.Exception) string {
	end := Forever.In(l)
	if e.Expires != "" {
		end = Until.In(l, e.Expires)
	}
	return DecidedBy.In(l, e.Reason, e.Owner, end)
}

// GapSubject is what could not be read, with the line if it is a file.
func GapSubject(g *graph.Gap) string {
	switch place := report.FormatPosition(g.Position); {
	case place == "" || place == g.Subject:
		return g.Subject
	case g.Position.File == g.Subject:
		return place
	default:
		return g.Subject + " (" + place + ")"
	}
}

// WithoutVerdict says which rule gave no verdict, and where.
func WithoutVerdict(l lang.Language, n *report.NotEvaluated) string {
	if n.Node == "" {
		return NotEvaluated.In(l, n.Rule)
	}
	return NotEvaluatedOn.In(l, n.Rule, report.NodeName(n.Node))
}

// Gaps is what could not be read, one line each.
func Gaps(l lang.Language, c *report.Coverage) []string {
	var lines []string
	for i := range c.Gaps {
		lines = append(lines, GapSubject(&c.Gaps[i])+Colon.In(l)+c.Gaps[i].Reason)
	}
	return lines
}

// WithoutVerdicts is which rules gave no verdict, one line for each rule and
// reason, in the order of the first of each: a rule that needs what could not
// be read fails on every node alike.
func WithoutVerdicts(l lang.Language, c *report.Coverage) []string {
	type key struct {
		rule, reason string
		everywhere   bool
	}
	var order []int // the first line of each group
	nodes := make(map[key]int)
	for i, n := range c.NotEvaluated {
		k := key{n.Rule, n.Reason, n.Node == ""}
		if nodes[k]++; nodes[k] == 1 {
			order = append(order, i)
		}
	}
	var lines []string
	for _, i := range order {
		n := &c.NotEvaluated[i]
		sentence := WithoutVerdict(l, n)
		if count := nodes[key{n.Rule, n.Reason, n.Node == ""}]; count > 1 && n.Node != "" {
			sentence = NotEvaluatedOn.In(l, n.Rule, Places.Count(l, count))
		}
		lines = append(lines, sentence+Colon.In(l)+n.Reason)
	}
	return lines
}
