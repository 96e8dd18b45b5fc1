package sarif

import (
	"cmp"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/phrase"
	"github.com/foilsec/foil/internal/report/text"
)

func (out *run) result(f *report.Finding) result {
	r := result{
		RuleID: text.Clean(f.Rule), RuleIndex: out.ruleAt[f.Rule], Level: level(f.Severity),
		Message:   message{Text: out.message(f)},
		Locations: []location{out.primary(f)},
		PartialFingerprints: map[string]string{
			"foilFingerprint/v1":      f.Fingerprint,
			"primaryLocationLineHash": f.Fingerprint + ":1",
		},
		BaselineState: out.baselineState(f),
		Properties: map[string]any{
			"severity": f.Severity, "state": f.State, "score": f.Score, "change": text.Clean(f.Change),
		},
	}
	for i := range f.Evidence {
		if related, ok := out.related(len(r.RelatedLocations)+1, f, &f.Evidence[i]); ok {
			r.RelatedLocations = append(r.RelatedLocations, related)
		}
	}
	if f.Exception != nil {
		r.Suppressions = []suppression{out.suppression(f.Exception)}
	}
	return r
}

// message is one sentence: object, fault, and the field that shows it.
func (out *run) message(f *report.Finding) string {
	s := f.Object.String() + phrase.Colon.In(out.language) + out.index.Text(f).In(out.language)
	if len(f.Evidence) > 0 {
		if field := phrase.Field(out.language, &f.Evidence[0]); field != "" {
			s += " (" + field + ")"
		}
	}
	return plain(text.Clean(s))
}

// baselineState tells new findings from known ones, when there is a baseline:
// the standard wants it on all results or on none.
func (out *run) baselineState(f *report.Finding) string {
	switch {
	case out.report.Summary.Known == 0:
		return ""
	case f.State == "known":
		return "unchanged"
	}
	return "new"
}

// primary is the location that an alert is shown at.
func (out *run) primary(f *report.Finding) location {
	place := f.Place()
	l := location{
		Physical: &physicalLocation{Artifact: artifact(place.File), Region: regionOf(place)},
		Logical: []logicalLocation{{
			Name: text.Clean(f.Object.Name), FullyQualifiedName: text.Clean(string(f.Node)), Kind: "resource",
		}},
	}
	if place.File == "" {
		l.Physical.Artifact = artifactLocation{URI: objectPath(f)}
	}
	return l
}

// related is a further place of the evidence, if it is one.
func (out *run) related(id int, f *report.Finding, e *report.Evidence) (location, bool) {
	if e.Position.File == "" || e.Position == f.Place() {
		return location{}, false
	}
	s := phrase.Field(out.language, e)
	if note := e.Note.In(out.language); note != "" {
		s += ", " + note
	}
	return location{
		ID: &id, Message: &message{Text: plain(text.Clean(s))},
		Physical: &physicalLocation{Artifact: artifact(e.Position.File), Region: regionOf(e.Position)},
	}, true
}

func (out *run) suppression(e *report.Exception) suppression {
	return suppression{
		Kind: "external", Status: "accepted",
		Justification: text.Clean(phrase.Decision(out.language, e)),
		Properties: map[string]string{
			"id": text.Clean(e.ID), "owner": text.Clean(e.Owner), "expires": text.Clean(e.Expires), "source": text.Clean(e.Source),
		},
	}
}

// regionOf begins at line 1 when the line is not known: viewers show nothing
// for a result without a region.
func regionOf(p graph.Position) *region {
	return &region{StartLine: max(p.Line, 1), StartColumn: max(p.Column, 0)}
}

// artifact names a file. Relative paths stay relative to the source root, which
// a code scanning page takes for the root of the repository.
func artifact(file string) artifactLocation {
	slashed := filepath.ToSlash(file)
	if filepath.IsAbs(file) {
		return artifactLocation{URI: (&url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(slashed, "/")}).String()}
	}
	return artifactLocation{URI: (&url.URL{Path: slashed}).String(), URIBaseID: sourceRoot}
}

// objectPath is the made up file of an object that was read from a cluster, or
// the file inside an image that a package is known by.
func objectPath(f *report.Finding) string {
	group, kind, namespace, name, ok := f.Node.Object()
	parts := []string{"kubernetes", group, kind, namespace, name}
	switch v := f.Vulnerability; {
	case v != nil:
		parts = append([]string{"image"}, strings.FieldsFunc(v.Artifact+"/"+cmp.Or(v.Location, v.Package), func(r rune) bool { return r == '/' })...)
	case !ok:
		parts = []string{"kubernetes", f.Object.Kind, f.Object.Name}
	}
	var escaped []string
	for _, part := range parts {
		if part != "" {
			escaped = append(escaped, url.PathEscape(part))
		}
	}
	return strings.Join(escaped, "/")
}
