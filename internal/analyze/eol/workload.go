package eol

import (
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/derive/running"
	"github.com/foilsec/foil/internal/derive/workload"
	feed "github.com/foilsec/foil/internal/feed/eol"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// workload looks at the images that a workload names, unless they were read, and
// at what the chart says that it came from.
func (r *run) workload(v workload.View) *sightings {
	s, read := &sightings{}, r.imagesRead(v.Node.ID)
	for c := range v.Containers() {
		image := c.Get("image")
		if image.Str() == "" || read[image.Str()] {
			continue
		}
		repository, tag, _ := artifact.Split(image.Str())
		list, err := r.db.ByTag(repository, tag)
		if r.failed(err) {
			return s
		}
		for _, m := range list {
			s.add(m, sighting{node: v.Node.ID, evidence: []finding.Evidence{at(image)}, remedy: newerImage(v.Node, c.Name())})
		}
	}
	if len(read) == 0 {
		r.chart(s, v)
	}
	return s
}

// imagesRead are the images of a workload that are in the snapshot themselves.
func (r *run) imagesRead(id graph.NodeID) map[string]bool {
	read := map[string]bool{}
	for e := range r.snapshot.From(id) {
		if e.Kind == running.Runs {
			read[e.Evidence.Str()] = true
		}
	}
	return read
}

// chart looks at the labels by which Helm charts say what they deploy. The name
// of the chart must be that of the product: everybody may call an application
// "go".
func (r *run) chart(s *sightings, v workload.View) {
	labels := v.Node.Object.At("metadata", "labels")
	chart, version := labels.Get("helm.sh/chart"), labels.Get("app.kubernetes.io/version")
	if chart.Str() == "" || version.Str() == "" {
		return
	}
	p, err := r.db.Product(chartName(chart.Str()))
	if r.failed(err) || p == nil || !deployed(p) {
		return
	}
	c, ok := p.Cycle(version.Str())
	if !ok {
		return
	}
	s.add(feed.Match{Product: p, Cycle: c}, sighting{
		node: v.Node.ID, evidence: []finding.Evidence{at(version), at(chart)},
		remedy: &remedy{"upgrade-release", v.Node.ID, lang.Text{
			EN: "Upgrade the release of chart " + chart.Str() + " from {from} to {to}",
			ZH: "将 Chart " + chart.Str() + " 的发布从 {from} 升级到 {to}",
		}},
	})
}

// chartName takes the version off "cert-manager-v1.13.2".
func chartName(label string) string {
	for i := len(label) - 1; i > 0; i-- {
		rest := strings.TrimPrefix(label[i:], "v")
		if label[i-1] == '-' && rest != "" && rest[0] >= '0' && rest[0] <= '9' && strings.Contains(rest, ".") {
			return label[:i-1]
		}
	}
	return label
}

// deployed reports whether a product is something that runs by itself.
func deployed(p *feed.Product) bool {
	switch p.Category {
	case "server-app", "database", "app":
		return true
	}
	return false
}

func newerImage(n *graph.Node, container string) *remedy {
	return &remedy{"fix-image", n.ID, lang.Text{
		EN: "Give container " + container + " of " + n.Name + " a newer image (from {from} to {to})",
		ZH: "为 " + n.Name + " 的容器 " + container + " 换用较新的镜像（从 {from} 到 {to}）",
	}}
}

func at(field graph.Value) finding.Evidence {
	return finding.Evidence{Path: field.Path(), Value: field.Text(), Position: field.Position()}
}
