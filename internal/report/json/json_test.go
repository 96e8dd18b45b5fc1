package json_test

import (
	"bytes"
	stdjson "encoding/json"
	"reflect"
	"testing"

	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/json"
	"github.com/foilsec/foil/internal/report/reporttest"
)

func TestWrite(t *testing.T) { reporttest.Check(t, json.Write, ".json") }

// TestSameAsModel holds that writing piece by piece leaves nothing out: what
// is written decodes to the model, and a second time to the same bytes.
func TestSameAsModel(t *testing.T) {
	for name, r := range map[string]*report.Report{"rich": reporttest.Rich(), "empty": reporttest.Empty()} {
		written := reporttest.Bytes(t, json.Write, r, report.Options{})
		var back report.Report
		decoder := stdjson.NewDecoder(bytes.NewReader(written))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&back); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		again := reporttest.Bytes(t, json.Write, &back, report.Options{})
		if !bytes.Equal(bytes.ReplaceAll(written, []byte(`\ufffd`), []byte("\ufffd")), again) {
			t.Errorf("%s: a report that was read back is written differently", name)
		}
		var direct report.Report
		text, err := stdjson.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := stdjson.Unmarshal(text, &direct); err != nil {
			t.Fatal(err)
		}
		if got, want := normal(t, &back), normal(t, &direct); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: the written form differs from the model\ngot  %v\nwant %v", name, got, want)
		}
	}
}

// normal is a report as plain values, in which absent, null and empty lists
// are the same.
func normal(t *testing.T, r *report.Report) any {
	text, err := stdjson.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := stdjson.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return withoutEmpty(v)
}

func withoutEmpty(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			if v[key] = withoutEmpty(value); v[key] == nil {
				delete(v, key)
			}
		}
	case []any:
		if len(v) == 0 {
			return nil
		}
		for i := range v {
			v[i] = withoutEmpty(v[i])
		}
	}
	return v
}

func BenchmarkWrite(b *testing.B) { reporttest.Benchmark(b, json.Write) }
