package eol

import (
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	feed "github.com/foilsec/foil/internal/feed/eol"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// subject is an artifact and its nodes.
type subject struct {
	*artifact.Loaded
	system *sighting
}

// artifact looks at one artifact: what it says that it is, its operating system
// and its packages.
func (r *run) artifact(a *artifact.Loaded) *sightings {
	s := &sightings{}
	of := &subject{Loaded: a}
	of.system = r.system(s, of)
	if a.Form == artifact.Container {
		r.reference(s, of, a.Reference)
		r.reference(s, of, a.Base.Reference)
	}
	for i := range a.Packages {
		r.pkg(s, of, i)
	}
	return s
}

func (r *run) system(s *sightings, a *subject) *sighting {
	if a.OS.ID == "" {
		return nil
	}
	p, c, err := r.db.BySystem(feed.System{ID: a.OS.ID, VersionID: a.OS.VersionID, Codename: a.OS.Codename, Name: a.OS.Name})
	if r.failed(err) || c == nil {
		return nil
	}
	return s.add(feed.Match{Product: p, Cycle: c}, sighting{
		node:     a.Node,
		evidence: []finding.Evidence{{Path: a.OS.Path, Value: strings.TrimSpace(a.OS.ID + " " + a.OS.VersionID)}},
		remedy:   a.rebuild(),
	})
}

// reference looks at what a reference to an image names.
func (r *run) reference(s *sightings, a *subject, reference string) {
	if reference == "" {
		return
	}
	repository, tag, _ := artifact.Split(reference)
	list, err := r.db.ByTag(repository, tag)
	if r.failed(err) {
		return
	}
	for _, m := range list {
		if m.Product.Category == "os" && a.OS.ID != "" {
			continue // os-release knows it better
		}
		s.add(m, sighting{node: a.Node, evidence: []finding.Evidence{{Value: reference}}, remedy: a.rebuild()})
	}
}

func (r *run) pkg(s *sightings, a *subject, index int) {
	p, node := &a.Packages[index], a.PackageNodes[index]
	if p.Owner != "" || p.Version == "" {
		return // the system package that brought it is looked at
	}
	m, ok := r.product(p)
	if !ok {
		return
	}
	one := sighting{node: node, evidence: []finding.Evidence{seen(node, p)}, remedy: a.upgrade(p, node)}
	if p.OfSystem() {
		one.remedy = a.rebuild()
		if !thirdParty(p.Version) {
			one.keeper, one.packaged = a.system, true
		}
	}
	s.add(m, one)
}

// product is what a package is a part of, and the cycle of its version.
func (r *run) product(p *artifact.Package) (feed.Match, bool) {
	products, err := r.db.ByPURL(p.PURL)
	if len(products) == 0 && err == nil && p.OfSystem() {
		products, err = r.db.BySystemPackage(p.Name, p.Version)
	}
	if r.failed(err) {
		return feed.Match{}, false
	}
	m, ok := feed.Of(products, p.Version)
	return m, ok && m.Cycle != nil
}

func seen(node graph.NodeID, p *artifact.Package) finding.Evidence {
	e := finding.Evidence{Node: node, Value: p.Name + " " + p.Version}
	if len(p.Locations) > 0 {
		e.Path = p.Locations[0]
	}
	return e
}

// thirdParty reports whether a version of a system package was made outside of
// the distribution, by whom it says.
func thirdParty(version string) bool {
	for _, mark := range []string{"nodesource", "pgdg", "sury", "ppa", "percona", "remi", "~docker"} {
		if strings.Contains(version, mark) {
			return true
		}
	}
	return false
}

// rebuild is the change of what an artifact is built on.
func (a *subject) rebuild() *remedy {
	if a.Form != artifact.Container {
		return &remedy{"upgrade-system", a.Node, lang.Text{
			EN: "Upgrade " + a.Reference + " from {from} to {to}",
			ZH: "将 " + a.Reference + " 从 {from} 升级到 {to}",
		}}
	}
	return &remedy{"update-base-image", a.Node, lang.Text{
		EN: "Rebuild " + a.Reference + " on a current base image (from {from} to {to})",
		ZH: "在最新的基础镜像上重新构建 " + a.Reference + "（从 {from} 到 {to}）",
	}}
}

func (a *subject) upgrade(p *artifact.Package, node graph.NodeID) *remedy {
	where := a.Reference
	if len(p.Locations) > 0 && p.Locations[0] != where {
		where += ": " + p.Locations[0]
	}
	return &remedy{"upgrade-package", node, lang.Text{
		EN: "Upgrade {from} to {to} (" + where + ")",
		ZH: "将 {from} 升级到 {to}（" + where + "）",
	}}
}
