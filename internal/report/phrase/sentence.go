package phrase

import (
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/report"
)

// The sentences below hold names and values as they were read; writers make
// them harmless as a whole.

// Field is the field of an evidence with its value: "spec.hostPID = true".
func Field(l lang.Language, e *report.Evidence) string {
	switch {
	case e.Path == "":
		return e.Value
	case e.Value == "":
		return e.Path + " " + NotSet.In(l)
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
