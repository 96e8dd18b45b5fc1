// Package json writes the report model itself, as JSON: the form that
// programs read. The form is described by api/report.schema.json; two reports
// of the same content are the same bytes.
//
// Each change, finding and rule is one line. Lists that are always there are
// arrays even when the model holds none. The package changes nothing else.
package json

import (
	"io"

	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/jsonstream"
)

var _ report.Writer = Write

// Write writes the report. The options do not matter: the form holds every
// language and every finding.
func Write(w io.Writer, r *report.Report, _ report.Options) error {
	s := jsonstream.New(w)
	s.Object(func() {
		s.Field("schemaVersion", r.SchemaVersion)
		s.Field("tool", r.Tool)
		s.Field("target", r.Target)
		s.Field("summary", Summary(r.Summary))
		s.Field("coverage", Coverage(r.Coverage))
		s.ArrayField("changes", func() {
			for i := range r.Changes {
				s.Item(Change(r.Changes[i]))
			}
		})
		s.ArrayField("findings", func() {
			for i := range r.Findings {
				s.Item(Finding(r.Findings[i]))
			}
		})
		s.ArrayField("rules", func() {
			for i := range r.Rules {
				s.Item(Rule(r.Rules[i]))
			}
		})
		writeOptional(s, r)
	})
	return s.Close()
}

func writeOptional(s *jsonstream.Writer, r *report.Report) {
	if len(r.Frameworks) > 0 {
		s.ArrayField("frameworks", func() {
			for i := range r.Frameworks {
				s.Item(Framework(r.Frameworks[i]))
			}
		})
	}
	if len(r.Exceptions) > 0 {
		s.ArrayField("exceptions", func() {
			for i := range r.Exceptions {
				s.Item(r.Exceptions[i])
			}
		})
	}
}

// Summary is the summary with the map that the form always has.
func Summary(s report.Summary) report.Summary {
	if s.BySeverity == nil {
		s.BySeverity = map[string]int{}
	}
	return s
}

// Coverage is the coverage with the map that the form always has.
func Coverage(c report.Coverage) report.Coverage {
	if c.Kinds == nil {
		c.Kinds = map[string]int{}
	}
	return c
}

// Change is a change with the lists that the form always has.
func Change(c report.Change) report.Change {
	c.Reasons = list(c.Reasons)
	c.Fingerprints = list(c.Fingerprints)
	c.Workloads = list(c.Workloads)
	return c
}

// Finding is a finding with the lists that the form always has.
func Finding(f report.Finding) report.Finding {
	f.Reasons = list(f.Reasons)
	f.Evidence = list(f.Evidence)
	return f
}

// Rule is a rule with the lists that the form always has.
func Rule(r report.Rule) report.Rule {
	if len(r.Techniques) == 0 {
		return r
	}
	techniques := make([]report.Technique, len(r.Techniques))
	for i, technique := range r.Techniques {
		technique.Tactics = list(technique.Tactics)
		techniques[i] = technique
	}
	r.Techniques = techniques
	return r
}

// Framework is a framework with the list that the form always has.
func Framework(f report.Framework) report.Framework {
	f.Controls = list(f.Controls)
	return f
}

// list is never nil, so that it is written as [] and not as null.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
