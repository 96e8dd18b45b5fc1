package sbom

import (
	"fmt"
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/purl"
)

// collector turns what the forms say into one artifact.
type collector struct {
	artifact *artifact.Artifact
	name     string // of the document
	limits   Limits

	own bool // the document is one of foil's: it says all that foil knows

	byRef     map[string][]int // packages by the reference of the document
	systems   []artifact.OS    // of each package, beside Packages
	seen      map[string]bool
	layers    map[string]int // by digest, made on demand
	requires  []requirement
	nameless  tally // no package URL
	malformed tally // a package URL that is none
	undated   tally // no version
	unread    tally // properties of foil that can't be read
}

// requirement is an edge between two packages, by their references.
type requirement struct{ from, to string }

// component is one entry of a document, whatever its form.
type component struct {
	ref, name, version, purl string
	licenses, locations      []string
	apply                    func(*artifact.Package) // what the form says beyond
}

// tally counts what can't be used, and keeps a few examples.
type tally struct {
	count    int
	examples []string
}

func (t *tally) add(example string) {
	const most, longest = 3, 100
	t.count++
	if len(t.examples) < most {
		if len(example) > longest {
			example = example[:longest] + "…"
		}
		t.examples = append(t.examples, example)
	}
}

// add takes an entry over as a package. It fails only when there are too many.
func (c *collector) add(e component) error {
	p, system, ok := c.named(&e)
	if !ok {
		return nil
	}
	p.Layer = -1
	p.Licenses, p.Locations = e.licenses, e.locations
	if e.apply != nil {
		e.apply(&p)
	}
	if p.PURL == "" && p.Ecosystem == "" {
		c.nameless.add(strings.TrimSpace(e.name + " " + e.version))
		return nil
	}
	return c.keep(e.ref, p, system)
}

// named is the package by its URL, or by name and version where it has none.
func (c *collector) named(e *component) (p artifact.Package, system artifact.OS, ok bool) {
	p = artifact.Package{Name: e.name, Version: e.version, PURL: e.purl}
	if e.purl == "" {
		return p, system, true
	}
	u, err := purl.Parse(e.purl)
	if err != nil {
		c.malformed.add(e.purl)
		return p, system, false
	}
	if c.own {
		return p, systemOf(&u), true
	}
	p, system = packageOf(&u)
	if p.Version == "" {
		p.Version = e.version
	}
	return p, system, true
}

func (c *collector) keep(ref string, p artifact.Package, system artifact.OS) error {
	key := strings.Join(append([]string{p.PURL, p.Name, p.Version}, p.Locations...), "\x00")
	if ref != "" {
		key = "\x00" + ref
	}
	if c.seen[key] {
		return nil
	}
	c.seen[key] = true
	if len(c.artifact.Packages) >= c.limits.Packages {
		return fmt.Errorf("it lists more than %d packages: raise the limit, or split it", c.limits.Packages)
	}
	if p.Version == "" && !c.own { // foil says so of the image already, where it matters
		c.undated.add(p.Name)
	}
	if ref != "" {
		c.byRef[ref] = append(c.byRef[ref], len(c.artifact.Packages))
	}
	c.artifact.Packages, c.systems = append(c.artifact.Packages, p), append(c.systems, system)
	return nil
}

func (c *collector) require(from, to string) { c.requires = append(c.requires, requirement{from, to}) }

// finish completes the artifact when all entries are known.
func (c *collector) finish() error {
	a := c.artifact
	c.settleSystems()
	for _, r := range c.requires {
		for _, from := range c.byRef[r.from] {
			for _, to := range c.byRef[r.to] {
				if p := &a.Packages[from]; from != to && len(p.Requires) < mostRequires {
					p.Requires = append(p.Requires, a.Packages[to].Name)
				}
			}
		}
	}
	for i := range a.Packages {
		p := &a.Packages[i]
		slices.Sort(p.Requires)
		p.Requires = slices.Compact(p.Requires)
		if p.Layer >= len(a.Layers) {
			p.Layer = -1
		}
	}
	c.gaps()
	if len(a.Packages) == 0 && c.malformed.count > 0 {
		return fmt.Errorf("none of its %d package URLs can be read, such as %s", c.malformed.count, strings.Join(c.malformed.examples, ", "))
	}
	return nil
}

// mostRequires bounds what one package may require.
const mostRequires = 10_000

// gaps reports what could not be used. Only a bill of foil says by silence that
// there is nothing.
func (c *collector) gaps() {
	if len(c.artifact.Packages) == 0 && !c.own && c.nameless.count == 0 {
		c.artifact.Gaps = append(c.artifact.Gaps, artifact.Gap{Path: c.name, Reason: "it lists no packages"})
	}
	for _, g := range []struct {
		tally *tally
		what  string
	}{
		{&c.nameless, "entries have no package URL, so that no advisory can be found for them"},
		{&c.malformed, "package URLs can't be read"},
		{&c.undated, "packages have no version, so that nothing can be compared"},
		{&c.unread, "properties can't be read"},
	} {
		if g.tally.count > 0 {
			c.artifact.Gaps = append(c.artifact.Gaps, artifact.Gap{
				Path: c.name, Reason: fmt.Sprintf("%d %s, such as %s", g.tally.count, g.what, strings.Join(g.tally.examples, ", ")),
			})
		}
	}
}
