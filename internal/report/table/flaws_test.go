package table

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/report"
)

func TestFlawsOfOneSourceAreOneLine(t *testing.T) {
	r := &report.Report{Changes: []report.Change{{ID: "c", Title: lang.Text{EN: "Rebuild", ZH: "重新构建"}, Severity: "high"}}}
	add := func(id, name, source, step string, exploited bool) {
		v := &finding.Vulnerability{ID: id, Package: name, Version: "1.0", Source: source, FixedIn: []string{"1.1"}, LayerStep: step}
		if exploited {
			v.Exploited = &finding.Exploited{Since: "2026-01-01"}
		}
		print := fmt.Sprint(len(r.Findings))
		r.Findings = append(r.Findings, report.Finding{Fingerprint: print, Rule: id, Severity: "high", State: "open", Vulnerability: v})
		r.Changes[0].Fingerprints = append(r.Changes[0].Fingerprints, print)
	}
	add("CVE-1", "libpam0g", "pam", "RUN apt-get install \x1b[31mx", true)
	add("CVE-1", "libpam-modules", "pam", "RUN apt-get install \x1b[31mx", false)
	for i := range 6 {
		add(fmt.Sprint("CVE-2-", i), "zlib1g", "zlib", "", false)
	}
	var out bytes.Buffer
	if err := Write(&out, r, report.Options{Language: lang.English, Width: 100}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"has  CVE-1, high: libpam0g (and 1 more of its source) 1.0, fixed in 1.1, exploited in the wild\n",
		"CVE-2-3, high: zlib1g 1.0, fixed in 1.1\n",
		"and 2 more\n", "by   RUN apt-get install",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "CVE-2-4") || strings.Contains(out.String(), "\x1b") {
		t.Errorf("too much is shown, or raw text:\n%s", out.String())
	}
}
