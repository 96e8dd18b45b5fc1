package vuln

import (
	"cmp"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/derive/affected"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/version"
)

// upgrade is the change that removes the flaws of one package.
type upgrade struct {
	image *artifact.Loaded
	pkg   *flawed
	to    string // the lowest version without any fixable flaw
}

func newUpgrade(image *artifact.Loaded, p *flawed) *upgrade {
	u := &upgrade{image: image, pkg: p}
	order, ok := version.ForEcosystem(p.Ecosystem)
	for _, m := range p.matches {
		for _, fixed := range m.FixedIn[:min(1, len(m.FixedIn))] {
			if u.to == "" {
				u.to = fixed
				continue
			}
			if n, err := compare(order, ok, u.to, fixed); err == nil && n < 0 {
				u.to = fixed
			}
		}
	}
	return u
}

func compare(order version.Order, known bool, a, b string) (int, error) {
	if !known {
		return strings.Compare(a, b), nil
	}
	return order(a, b)
}

// remedy names the change: of the base image, of the system's packages
// together, of one package, or none but to do without it.
func (u *upgrade) remedy(m *affected.Match) *finding.Remedy {
	l := layerOf(u.image, u.pkg.Package)
	switch {
	case m.State != "fixed":
		return u.drop()
	case u.pkg.OfSystem() && (l == nil || l.FromBase || l.Index == 0) && u.image.Form == artifact.Container:
		return u.base()
	case u.pkg.OfSystem():
		return u.system()
	}
	return u.single()
}

func (u *upgrade) base() *finding.Remedy {
	base := cmp.Or(u.image.Base.Reference, strings.TrimSpace(u.image.OS.ID+" "+u.image.OS.VersionID))
	return &finding.Remedy{Kind: "update-base-image", Place: u.image.Node, Title: lang.Text{
		EN: "Rebuild " + u.image.Reference + " on a current base image (now " + base + ")",
		ZH: "在最新的基础镜像（当前为 " + base + "）上重新构建 " + u.image.Reference,
	}}
}

func (u *upgrade) system() *finding.Remedy {
	return &finding.Remedy{Kind: "update-system-packages", Place: u.image.Node, Title: lang.Text{
		EN: "Update the system packages of " + u.image.Reference,
		ZH: "更新 " + u.image.Reference + " 的系统软件包",
	}}
}

func (u *upgrade) single() *finding.Remedy {
	where := u.image.Reference
	if len(u.pkg.Locations) > 0 && u.pkg.Locations[0] != where {
		where += ": " + u.pkg.Locations[0]
	}
	return &finding.Remedy{Kind: "upgrade-package", Place: u.pkg.node, Title: lang.Text{
		EN: "Upgrade " + u.pkg.Name + " from " + u.pkg.Version + " to " + u.to + " (" + where + ")",
		ZH: "将 " + u.pkg.Name + " 从 " + u.pkg.Version + " 升级到 " + u.to + "（" + where + "）",
	}}
}

func (u *upgrade) drop() *finding.Remedy {
	return &finding.Remedy{Kind: "do-without-package", Place: u.pkg.node, Title: lang.Text{
		EN: "Do without " + u.pkg.Name + " " + u.pkg.Version + ", or accept the risk: no fix is known (" + u.image.Reference + ")",
		ZH: "弃用 " + u.pkg.Name + " " + u.pkg.Version + "，或接受风险：尚无修复（" + u.image.Reference + "）",
	}}
}
