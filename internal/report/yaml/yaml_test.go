package yaml_test

import (
	stdjson "encoding/json"
	"reflect"
	"strings"
	"testing"

	sigsyaml "sigs.k8s.io/yaml"

	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/json"
	"github.com/foilsec/foil/internal/report/reporttest"
	"github.com/foilsec/foil/internal/report/yaml"
)

func TestWrite(t *testing.T) { reporttest.Check(t, yaml.Write, ".yaml") }

// TestSameAsJSON reads the YAML with another library and compares it with the
// JSON form, hostile strings and all.
func TestSameAsJSON(t *testing.T) {
	for name, r := range map[string]*report.Report{
		"rich": reporttest.Rich(), "empty": reporttest.Empty(), "awkward": awkward(),
	} {
		var fromYAML, fromJSON any
		written := reporttest.Bytes(t, yaml.Write, r, report.Options{})
		if err := sigsyaml.UnmarshalStrict(written, &fromYAML); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, written)
		}
		if err := stdjson.Unmarshal(reporttest.Bytes(t, json.Write, r, report.Options{}), &fromJSON); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(fromYAML, fromJSON) {
			t.Errorf("%s: YAML and JSON differ\n%s", name, written)
		}
	}
}

// awkward has strings that YAML would read as something else.
func awkward() *report.Report {
	r := reporttest.Empty()
	for _, value := range []string{
		"", "true", "no", "null", "~", "1e3", "0x10", "1_000", "2027-03-31", "- a", "a: b", "# c", "'", `"`, "|", ">",
		"\n", "a\n", "\na", " a", "a ", "a\tb", "\u0085", "\u2028", "\ufeff", "\u00a0", "\x7f", "\x01", "\U0001f32f",
		"*a", "&a", "!a", "%a", "@a", "`a", "{a", "[a", "]", "}", ",", "?", ": ", "---", "...", "<<", "=", strings.Repeat("long ", 100),
		"line one\n  line two\n\tline three\n\n", "\r\n", "a\rb",
	} {
		r.Findings = append(r.Findings, report.Finding{
			Evidence: []report.Evidence{{Path: "spec", Value: value}},
			Object:   report.Object{Kind: "Pod", Name: value},
		})
	}
	return r
}

func BenchmarkWrite(b *testing.B) { reporttest.Benchmark(b, yaml.Write) }
