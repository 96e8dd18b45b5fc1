package formats

import (
	"reflect"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/reporttest"
)

func TestFind(t *testing.T) {
	if got, want := strings.Join(Names(), " "), "table json yaml sarif junit html csv markdown policyreport openreports"; got != want {
		t.Errorf("names are %q, want %q", got, want)
	}
	for _, f := range All() {
		if got, err := Find(f.Name); err != nil || got.Name != f.Name || !strings.HasPrefix(f.Extension, ".") {
			t.Errorf("Find(%q) = %+v, %v", f.Name, got, err)
		}
	}
	if _, err := Find("pdf"); err == nil || !strings.Contains(err.Error(), "sarif, junit, html") {
		t.Errorf("error of an unknown form does not name the known ones: %v", err)
	}
}

// TestWritersChangeNothing holds that one report can be written in every form,
// one after the other.
func TestWritersChangeNothing(t *testing.T) {
	r, want := reporttest.Rich(), reporttest.Rich()
	for _, f := range All() {
		for _, language := range []lang.Language{lang.English, lang.Chinese} {
			if len(reporttest.Bytes(t, f.Write, r, report.Options{Language: language, Verbose: true})) == 0 {
				t.Errorf("%s writes nothing", f.Name)
			}
		}
		if !reflect.DeepEqual(r, want) {
			t.Fatalf("%s changes the report", f.Name)
		}
	}
}

// TestSizeIsLinear holds that no form repeats itself: ten times the
// findings may not take many more bytes each.
func TestSizeIsLinear(t *testing.T) {
	for _, f := range All() {
		small := len(reporttest.Bytes(t, f.Write, reporttest.Large(100), report.Options{}))
		large := len(reporttest.Bytes(t, f.Write, reporttest.Large(1000), report.Options{}))
		if large > 11*small {
			t.Errorf("%s: %d bytes for 100 findings, %d for 1,000", f.Name, small, large)
		}
	}
}
