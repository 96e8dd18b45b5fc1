package json_test

import (
	"bytes"
	stdjson "encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/json"
	"github.com/foilsec/foil/internal/report/reporttest"
)

const schemaFile = "../../../api/report.schema.json"

// TestSchemaAccepts validates what is written against the public schema.
func TestSchemaAccepts(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]*report.Report{
		"rich": reporttest.Rich(), "empty": reporttest.Empty(), "large": reporttest.Large(100),
	} {
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(reporttest.Bytes(t, json.Write, r, report.Options{})))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSchemaRefuses shows that the schema says something.
func TestSchemaRefuses(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(r *report.Report){
		"version":  func(r *report.Report) { r.SchemaVersion = "foil.report/v0" },
		"severity": func(r *report.Report) { r.Findings[0].Severity = "bad" },
		"state":    func(r *report.Report) { r.Findings[0].State = "gone" },
		"counts":   func(r *report.Report) { delete(r.Summary.BySeverity, "low") },
		"line":     func(r *report.Report) { r.Changes[0].Position.Line = -1 },
		"status":   func(r *report.Report) { r.Frameworks[0].Controls[0].Status = "" },
		"score":    func(r *report.Report) { r.Frameworks[0].Score = 101 },
		"matches":  func(r *report.Report) { r.Exceptions[0].Matches = -1 },
	} {
		r := reporttest.Rich()
		spoil(r)
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(reporttest.Bytes(t, json.Write, r, report.Options{})))
		if err != nil {
			t.Fatal(err)
		}
		if schema.Validate(value) == nil {
			t.Errorf("a report with a wrong %s is accepted", name)
		}
	}
}

// TestSchemaHasEveryField compares the schema with the types: the same fields,
// and those required that are never omitted.
func TestSchemaHasEveryField(t *testing.T) {
	text, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Defs map[string]definition `json:"$defs"`
	}
	if err := stdjson.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	compare(t, file.Defs, reflect.TypeFor[report.Report](), seen)
	for name, d := range file.Defs {
		if len(d.Properties) > 0 && !seen[name] {
			t.Errorf("schema: %s is no type of the model", name)
		}
		for field, p := range d.Properties {
			if p.Description == "" && p.Ref == "" {
				t.Errorf("schema: %s.%s has no description", name, field)
			}
		}
	}
}

type definition struct {
	Required   []string
	Properties map[string]struct {
		Description string
		Ref         string `json:"$ref"`
	}
}

func compare(t *testing.T, defs map[string]definition, typ reflect.Type, seen map[string]bool) {
	if seen[typ.Name()] {
		return
	}
	seen[typ.Name()] = true
	d, ok := defs[typ.Name()]
	if !ok {
		t.Errorf("schema: type %s is missing", typ.Name())
		return
	}
	var required, all []string
	for i := range typ.NumField() {
		field := typ.Field(i)
		if nested := element(field.Type); nested.Kind() == reflect.Struct {
			compare(t, defs, nested, seen)
		}
		if field.Anonymous {
			continue
		}
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		all = append(all, name)
		if options == "" {
			required = append(required, name)
		}
	}
	var properties []string
	for name := range d.Properties {
		properties = append(properties, name)
	}
	same(t, typ.Name()+" properties", properties, all)
	same(t, typ.Name()+" required", d.Required, required)
}

// element is the type inside pointers, lists and maps.
func element(typ reflect.Type) reflect.Type {
	for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice || typ.Kind() == reflect.Map {
		typ = typ.Elem()
	}
	return typ
}

func same(t *testing.T, what string, got, want []string) {
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("schema: %s are %q, the type has %q", what, got, want)
	}
}
