package vuln

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/derive/affected"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

func details(image *artifact.Loaded, p *flawed, f *affected.Flaw, m *affected.Match) *finding.Vulnerability {
	v := &finding.Vulnerability{
		ID: f.ID, Aliases: f.Aliases, Artifact: image.Reference, Package: p.Name, Version: p.Version, Type: p.Type(), PURL: p.PURL,
		FixState: string(m.State), FixedIn: m.FixedIn, Symbols: finding.SymbolVerdict(m.Symbols), SymbolNames: m.Present,
	}
	if p.SourceName != p.Name {
		v.Source = p.SourceName
	}
	if len(p.Locations) > 0 {
		v.Location = p.Locations[0]
	}
	for _, r := range m.Records {
		v.Records = append(v.Records, r.ID)
		if r.Range != "" {
			v.Ranges = append(v.Ranges, r.Range)
		}
	}
	if l := layerOf(image, p.Package); l != nil {
		v.Layer, v.LayerStep, v.FromBase = cmp.Or(l.Digest, l.DiffID), l.Command, l.FromBase
	}
	if f.Exploited != nil {
		v.Exploited = &finding.Exploited{Since: f.Exploited.Since, Ransomware: f.Exploited.Ransomware}
	}
	if f.EPSS != nil {
		v.Probability = &finding.Probability{Score: f.EPSS.Score, Percentile: f.EPSS.Percentile, Date: f.EPSS.Date}
	}
	return v
}

func layerOf(image *artifact.Loaded, p *artifact.Package) *artifact.Layer {
	if p.Layer < 0 || p.Layer >= len(image.Layers) {
		return nil
	}
	return &image.Layers[p.Layer]
}

// message says what a person must know to believe it: package, version, flaw,
// and whether there is a way out.
func message(image *artifact.Loaded, p *flawed, f *affected.Flaw, m *affected.Match) lang.Text {
	summary := f.Summary
	if summary == "" {
		summary = f.ID
	}
	en, zh := ways(m)
	return lang.Text{
		EN: fmt.Sprintf("%s %s in %s: %s (%s); %s", p.Name, p.Version, image.Reference, summary, f.ID, en),
		ZH: fmt.Sprintf("%s 中的 %s %s：%s（%s）；%s", image.Reference, p.Name, p.Version, summary, f.ID, zh),
	}
}

func ways(m *affected.Match) (en, zh string) {
	switch {
	case len(m.FixedIn) > 0:
		list := strings.Join(m.FixedIn, ", ")
		return "fixed in " + list, "已在 " + list + " 中修复"
	case m.State == "wont-fix":
		return "its publisher will not fix it", "发布者不打算修复"
	}
	return "no fixed version is known", "尚无已知的修复版本"
}

// evidence is what a person can check: where the package is, and which
// advisory says what about it.
func evidence(p *flawed, m *affected.Match) []finding.Evidence {
	var list []finding.Evidence
	for i, location := range p.Locations {
		if i == maxLocations {
			break
		}
		list = append(list, finding.Evidence{Path: location, Value: p.Name + " " + p.Version})
	}
	for _, r := range m.Records {
		said := r.Range
		if said == "" {
			said = "listed"
		}
		list = append(list, finding.Evidence{Node: graph.NodeID(""), Note: lang.Text{
			EN: fmt.Sprintf("%s: %s %s", r.ID, r.Name, said),
			ZH: fmt.Sprintf("%s：%s %s", r.ID, r.Name, said),
		}})
	}
	return list
}

const maxLocations = 3
