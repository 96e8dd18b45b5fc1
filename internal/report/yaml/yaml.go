// Package yaml writes the report model as YAML, field by field what the JSON
// form holds and in the same order. It goes through the report element by
// element and changes nothing.
package yaml

import (
	"io"

	"github.com/foilsec/foil/internal/report"
	model "github.com/foilsec/foil/internal/report/json"
	"github.com/foilsec/foil/internal/report/yamlstream"
)

var _ report.Writer = Write

// Write writes the report. The options do not matter: the form holds every
// language and every finding.
func Write(w io.Writer, r *report.Report, _ report.Options) error {
	s := yamlstream.New(w)
	s.Field("schemaVersion", r.SchemaVersion)
	s.Field("tool", r.Tool)
	s.Field("target", r.Target)
	s.Field("summary", model.Summary(r.Summary))
	s.Field("coverage", model.Coverage(r.Coverage))
	list(s, "changes", r.Changes, model.Change)
	list(s, "findings", r.Findings, model.Finding)
	list(s, "rules", r.Rules, model.Rule)
	if len(r.Frameworks) > 0 {
		list(s, "frameworks", r.Frameworks, model.Framework)
	}
	if len(r.Exceptions) > 0 {
		list(s, "exceptions", r.Exceptions, func(e report.ExceptionUse) report.ExceptionUse { return e })
	}
	return s.Flush()
}

// list writes a member that is a list; complete gives an element the lists
// that its form always has.
func list[T any](s *yamlstream.Writer, name string, elements []T, complete func(T) T) {
	if len(elements) == 0 {
		s.Field(name, []T{})
		return
	}
	s.List(name)
	for _, element := range elements {
		s.Element(complete(element))
	}
}
