package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"text/template"
)

//go:embed page.md.tmpl
var pageTemplate string

//go:embed notes.tsv
var notesText string

// page is what the page about the conformance shows.
type page struct {
	Counts        pageCounts
	Skipped       []skippedCases
	Disagreements []disagreement
	Controls      []coveredControl
	Others        []otherControls
}

type pageCounts struct{ Agree, Compared, PathsAgree, WithPaths int }

type skippedCases struct {
	Reason string
	Cases  int
}

type disagreement struct{ Case, Problem, Reason string }

type coveredControl struct{ ID, Ours, Note string }

type otherControls struct{ Class, IDs string }

// writeDocument writes the page about the conformance.
func (r *results) writeDocument(path string) error {
	text, err := r.document()
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}

func (r *results) document() ([]byte, error) {
	t, err := template.New("page").Parse(pageTemplate)
	if err != nil {
		return nil, err
	}
	n := r.count()
	p := page{
		Counts:        pageCounts{n.agree, n.compared, n.pathsAgree, n.withPaths},
		Disagreements: r.disagreements(),
		Controls:      r.covered(),
		Others:        r.others(),
	}
	for _, reason := range slices.Sorted(maps.Keys(n.skipped)) {
		p.Skipped = append(p.Skipped, skippedCases{reason, n.skipped[reason]})
	}
	var out bytes.Buffer
	err = t.Execute(&out, p)
	return out.Bytes(), err
}

func (r *results) disagreements() []disagreement {
	var list []disagreement
	for _, one := range r.list {
		for _, problem := range one.wrong {
			reason := r.reasons[one.test.id()]
			if reason == "" {
				reason = "Not explained yet."
			}
			list = append(list, disagreement{one.test.id(), problem, reason})
		}
	}
	return list
}

// covered lists the controls of the reference that objects decide.
func (r *results) covered() []coveredControl {
	notes := make(map[string]string)
	for _, fields := range table(notesText) {
		notes[fields[0]] = fields[len(fields)-1]
	}
	var list []coveredControl
	for _, e := range r.catalogue.entries {
		rules := r.rules[e.id]
		if !decidable(e) && len(rules) == 0 {
			continue
		}
		var ours []string
		for _, rule := range rules {
			ours = append(ours, "`"+rule.ID+"`")
		}
		if len(ours) == 0 {
			ours = []string{"none"}
		}
		list = append(list, coveredControl{e.id, strings.Join(ours, ", "), notes[e.id]})
	}
	return list
}

func decidable(e entry) bool { return e.class == "single" || e.class == "cross" }

// others lists the controls that objects do not decide, by what would.
func (r *results) others() []otherControls {
	names := map[string]string{
		"host": "files and processes of nodes", "cloud": "the account at the cloud", "image": "the content of images",
		"manual": "a person has to look", "removed": "the API was removed",
	}
	byClass := make(map[string][]string)
	for _, e := range r.catalogue.entries {
		if !decidable(e) && len(r.rules[e.id]) == 0 {
			byClass[e.class] = append(byClass[e.class], e.id)
		}
	}
	var list []otherControls
	for _, class := range slices.Sorted(maps.Keys(byClass)) {
		ids := byClass[class]
		list = append(list, otherControls{fmt.Sprintf("%s (%d)", names[class], len(ids)), strings.Join(ids, " ")})
	}
	return list
}
