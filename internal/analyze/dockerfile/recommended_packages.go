package dockerfile

import (
	"strings"

	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/build"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// recommendedPackages finds installations of more than was asked for.
func recommendedPackages() check.Control[*facts] {
	return each(control.Metadata{
		ID:      "dockerfile-recommended-packages",
		Aliases: []string{"DL3015", "DS-0029"},
		Title:   lang.Text{EN: "Recommended packages are installed too", ZH: "同时安装了推荐的软件包"},
		Risk: lang.Text{
			EN: "Packages that nobody asked for bring flaws and tools that an attacker uses.",
			ZH: "无人需要的软件包会带来漏洞以及可供攻击者利用的工具。",
		},
		Advice: lang.Text{
			EN: "Install with --no-install-recommends and name what is needed.",
			ZH: "使用 --no-install-recommends 安装，并明确列出所需的软件包。",
		},
		Severity: finding.Low, Techniques: []string{"MS-TA9009"},
	}, func(f build.File) *check.Fault {
		var found faults
		for _, s := range f.Final() {
			for in := range s.Instructions() {
				if in.Keyword != "RUN" {
					continue
				}
				for _, c := range commands(in.Command()) {
					if installsMore(c) {
						found.add(in.Value, "%s install without --no-install-recommends", "%s install 未使用 --no-install-recommends", c.name())
						break
					}
				}
			}
		}
		return found.fault()
	})
}

func installsMore(c command) bool {
	if c.name() != "apt-get" && c.name() != "apt" || !c.has("install") {
		return false
	}
	return !c.has("--no-install-recommends") && !strings.Contains(strings.ToLower(strings.Join(c.words, " ")), "install-recommends=")
}
