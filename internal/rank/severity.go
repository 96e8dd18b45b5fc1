package rank

import (
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
)

// severityReason is the base of every score: what the fault is worth by
// itself, on a scale to 100.
func severityReason(s finding.Severity) Reason {
	base := map[finding.Severity]Reason{
		finding.Critical: {Value: 100, Sentence: lang.Text{EN: "Critical by itself.", ZH: "问题本身为严重级别。"}},
		finding.High:     {Value: 60, Sentence: lang.Text{EN: "High by itself.", ZH: "问题本身为高危级别。"}},
		finding.Medium:   {Value: 30, Sentence: lang.Text{EN: "Medium by itself.", ZH: "问题本身为中危级别。"}},
		finding.Low:      {Value: 10, Sentence: lang.Text{EN: "Low by itself.", ZH: "问题本身为低危级别。"}},
		finding.Info:     {Value: 2, Sentence: lang.Text{EN: "For information.", ZH: "仅供参考。"}},
	}[s]
	base.Factor = "severity"
	return base
}
