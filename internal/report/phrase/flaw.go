package phrase

import (
	"strings"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/report"
)

// Flaw is a flaw of a package on one line: "CVE-2024-45490, critical: libexpat1
// 2.5.0-1, fixed in 2.5.0-1+deb12u1, exploited". Others is how many more packages
// of the same source have it.
func Flaw(l lang.Language, f *report.Finding, others int) string {
	v := f.Vulnerability
	name := v.Package
	if others > 0 {
		name = AndOthers.In(l, name, others)
	}
	parts := []string{name + " " + v.Version}
	switch {
	case len(v.FixedIn) > 0:
		parts = append(parts, FixedIn.In(l, strings.Join(v.FixedIn, ", ")))
	default:
		parts = append(parts, NotFixed.In(l))
	}
	if v.Exploited != nil {
		parts = append(parts, ExploitedNow.In(l))
	}
	switch v.Symbols {
	case finding.SymbolsPresent:
		parts = append(parts, CodePresent.In(l))
	case finding.SymbolsAbsent:
		parts = append(parts, CodeAbsent.In(l))
	}
	return v.ID + Comma.In(l) + Severity(l, f.Severity) + Colon.In(l) + strings.Join(parts, Comma.In(l))
}
