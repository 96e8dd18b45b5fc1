// Package formats lists the forms that a report can be written in, by the name
// that users choose them by. It is the only package that knows all writers; it
// holds no state.
package formats

import (
	"fmt"
	"strings"

	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/csv"
	"github.com/foilsec/foil/internal/report/html"
	"github.com/foilsec/foil/internal/report/json"
	"github.com/foilsec/foil/internal/report/junit"
	"github.com/foilsec/foil/internal/report/markdown"
	"github.com/foilsec/foil/internal/report/policyreport"
	"github.com/foilsec/foil/internal/report/sarif"
	"github.com/foilsec/foil/internal/report/table"
	"github.com/foilsec/foil/internal/report/yaml"
)

// Format is one form of a report.
type Format struct {
	Name      string
	Extension string // of a file in this form, with its dot
	Write     report.Writer
}

// All lists every form, the default first.
func All() []Format {
	return []Format{
		{"table", ".txt", table.Write},
		{"json", ".json", json.Write},
		{"yaml", ".yaml", yaml.Write},
		{"sarif", ".sarif", sarif.Write},
		{"junit", ".xml", junit.Write},
		{"html", ".html", html.Write},
		{"csv", ".csv", csv.Write},
		{"markdown", ".md", markdown.Write},
		{"policyreport", ".yaml", policyreport.Write},
		{"openreports", ".yaml", policyreport.WriteOpenReports},
	}
}

// Names are the names of all forms, in their order.
func Names() []string {
	var names []string
	for _, f := range All() {
		names = append(names, f.Name)
	}
	return names
}

// Find is the form of that name.
func Find(name string) (Format, error) {
	for _, f := range All() {
		if f.Name == name {
			return f, nil
		}
	}
	return Format{}, fmt.Errorf("unknown form %q of the report: want one of %s", name, strings.Join(Names(), ", "))
}
