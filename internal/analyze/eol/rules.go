package eol

import (
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
)

// The ids of the rules.
const (
	Ended    = "end-of-life"
	Extended = "extended-support-only"
	Soon     = "end-of-life-soon"
)

const change = "upgrade-component"

// Rules implements analyze.Analyzer.
func (*Analyzer) Rules() []finding.Rule {
	references := []string{"https://endoflife.date/"}
	techniques := []string{"MS-TA9004", "MS-TA9009"}
	return []finding.Rule{{
		ID: Ended, Severity: finding.High, Category: "supply-chain", Change: change,
		Techniques: techniques, References: references,
		Title: lang.Text{EN: "Software without support", ZH: "软件已停止支持"},
		Risk: lang.Text{
			EN: "Flaws that are found from now on stay open: nobody mends this version. Scanners fall silent as well, since advisories often leave out versions that have ended.",
			ZH: "此后发现的漏洞将一直存在：该版本已无人修复。由于安全公告常常不再涵盖已终止的版本，扫描器也不会再报告。",
		},
		Advice: lang.Text{
			EN: "Move to a release that is supported. If that takes time, isolate the workload and accept the finding until a date.",
			ZH: "迁移到仍受支持的版本。若需时间，请隔离该工作负载，并将此问题设为有期限的例外。",
		},
	}, {
		ID: Extended, Severity: finding.Medium, Category: "supply-chain", Change: change,
		Techniques: techniques, References: references,
		Title: lang.Text{EN: "Only extended support is left", ZH: "仅剩延长支持"},
		Risk: lang.Text{
			EN: "Fixes come only through a separate programme, which may cost money, cover fewer packages and need other package sources. Who has not joined it gets none.",
			ZH: "修复仅通过单独的计划提供，该计划可能收费、覆盖的软件包较少，并需要其他软件源。未加入者得不到任何修复。",
		},
		Advice: lang.Text{
			EN: "Make sure that the extended programme is in use here, and plan the move to a release with standard support.",
			ZH: "确认此处已启用延长支持计划，并规划迁移到处于标准支持期的版本。",
		},
	}, {
		ID: Soon, Severity: finding.Low, Category: "supply-chain", Change: change,
		Techniques: techniques, References: references,
		Title: lang.Text{EN: "Support ends soon", ZH: "支持即将结束"},
		Risk: lang.Text{
			EN: "After that day new flaws in this version are not mended any more.",
			ZH: "此日期之后，该版本的新漏洞将不再得到修复。",
		},
		Advice: lang.Text{
			EN: "Plan the move to a newer release before that day.",
			ZH: "请在该日期之前规划迁移到较新的版本。",
		},
	}}
}
