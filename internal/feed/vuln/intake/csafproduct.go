package intake

import (
	"net/url"
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/osv"
)

// csafProducts resolves the products of a document to packages of a product of
// Red Hat, and collects what is said of them.
type csafProducts struct {
	platforms  map[string]string // product to what its CPE names: "enterprise_linux:9::baseos"
	components map[string]csafPackage
	relations  map[string]csafRelation
	entries    []osv.Affected
	seen       map[string]bool
}

type csafPackage struct{ name, version, module string }

func (d *csafDocument) products() *csafProducts {
	p := &csafProducts{platforms: map[string]string{}, components: map[string]csafPackage{}, relations: map[string]csafRelation{}, seen: map[string]bool{}}
	p.branches(d.Tree.Branches)
	for _, r := range d.Tree.Relationships {
		p.relations[r.Full.ID] = r
	}
	return p
}

func (p *csafProducts) branches(list []csafBranch) {
	for i := range list {
		product := &list[i].Product
		if cpe, ok := redHatCPE(product.Helper.CPE); ok {
			p.platforms[product.ID] = cpe
		}
		if c, ok := rpmOf(product.Helper.PURL); ok {
			p.components[product.ID] = c
		}
		p.branches(list[i].Branches)
	}
}

// redHatCPE is the product of a CPE of Red Hat.
func redHatCPE(cpe string) (string, bool) {
	for _, kind := range []string{"cpe:/o:redhat:", "cpe:/a:redhat:"} {
		if rest, ok := strings.CutPrefix(cpe, kind); ok {
			return rest, true
		}
	}
	return "", false
}

// rpmOf is the package that a purl names: pkg:rpm/redhat/pam@1.5.1-21.el9?epoch=1.
func rpmOf(purl string) (c csafPackage, ok bool) {
	rest, ok := strings.CutPrefix(purl, "pkg:rpm/redhat/")
	if !ok {
		return c, false
	}
	rest, query, _ := strings.Cut(rest, "?")
	name, version, _ := strings.Cut(rest, "@")
	values, err := url.ParseQuery(query)
	if err != nil || name == "" {
		return c, false
	}
	if c.name, err = url.PathUnescape(name); err != nil {
		return c, false
	}
	if c.version, err = url.PathUnescape(version); err != nil {
		return c, false
	}
	if epoch := values.Get("epoch"); epoch != "" && c.version != "" {
		c.version = epoch + ":" + c.version
	}
	c.module = moduleName(values.Get("rpmmod"))
	return c, true
}

// moduleName is module and stream of a label: nodejs:18:8090020240315:rhel9.
func moduleName(label string) string {
	parts := strings.SplitN(label, ":", 3)
	if len(parts) < 2 {
		return ""
	}
	return parts[0] + ":" + parts[1]
}

// collect notes the packages of which something is said: by the state of
// products, or only by the remedies for them.
func (p *csafProducts) collect(f *csafFlaw) {
	var planned, unplanned []string
	fixed := f.Status.Fixed
	for _, r := range f.Remedies {
		switch r.Category {
		case "vendor_fix":
			fixed = slices.Concat(fixed, r.Products)
		case "no_fix_planned":
			unplanned = append(unplanned, r.Products...)
		case "none_available":
			planned = append(planned, r.Products...)
		}
	}
	for _, id := range fixed {
		p.entry(id, osv.Fixed)
	}
	for _, id := range slices.Concat(f.Status.Affected, planned, unplanned) {
		state := osv.NotFixed
		if slices.Contains(unplanned, id) {
			state = osv.WontFix
		}
		p.entry(id, state)
	}
}

// entry notes a package of a product. The architectures of a build are one.
func (p *csafProducts) entry(id string, state osv.FixState) {
	relation, ok := p.relations[id]
	if !ok {
		return
	}
	platform, c := p.platforms[relation.Platform], p.components[relation.Component]
	if platform == "" || c.name == "" || state == osv.Fixed && c.version == "" {
		return
	}
	events := []osv.Event{{Introduced: "0"}}
	if state == osv.Fixed {
		events = append(events, osv.Event{Fixed: c.version})
	}
	key := strings.Join([]string{platform, c.name, events[len(events)-1].Fixed, c.module, string(state)}, "\x00")
	if p.seen[key] {
		return
	}
	p.seen[key] = true
	p.entries = append(p.entries, osv.Affected{
		Ecosystem: "Red Hat:" + platform, Name: c.name, State: state, Module: c.module,
		Ranges: []osv.Range{{Type: osv.Ecosystem, Events: events}},
	})
}
