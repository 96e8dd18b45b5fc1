package affected

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/osv"
)

// Feed is where advisories come from.
type Feed interface {
	// Lookup lists the advisories about a package of an ecosystem.
	Lookup(ecosystem, name string) ([]osv.Advisory, error)
	// Covers reports whether there are any advisories for an ecosystem and its
	// release: without, nothing found means nothing known.
	Covers(ecosystem string) bool
	// Exploited and Likelihood know more about a CVE; nil where they do not.
	Exploited(cve string) *osv.Exploited
	Likelihood(cve string) *osv.Likelihood
}

// Deriver joins packages and flaws.
type Deriver struct {
	Feed Feed
	Now  time.Time
}

// Derive implements derive.Deriver.
func (d Deriver) Derive(s *graph.Snapshot, b *graph.Builder) {
	r := &run{feed: d.Feed, now: d.Now, builder: b, flaws: map[string]*Flaw{}, known: map[lookup][]osv.Advisory{}}
	for a, err := range artifact.Load(s) {
		if err != nil {
			b.AddGap(graph.Gap{Subject: "image", Reason: err.Error()})
			continue
		}
		r.artifact(a)
	}
	r.nodes()
}

type lookup struct{ ecosystem, name string }

type run struct {
	feed    Feed
	now     time.Time
	builder *graph.Builder
	flaws   map[string]*Flaw
	known   map[lookup][]osv.Advisory // images share most of their packages
}

// tally counts what an artifact leaves undecided.
type tally struct {
	uncovered  map[string]int      // ecosystem → packages
	unreadable map[string][]string // ecosystem → "name version"
	nameless   int
}

func (r *run) artifact(a *artifact.Loaded) {
	t := tally{uncovered: map[string]int{}, unreadable: map[string][]string{}}
	programs := map[string]artifact.Symbols{}
	for i := range a.Programs {
		programs[a.Programs[i].Path] = a.Programs[i].Symbols
	}
	for i := range a.Packages {
		r.pkg(&subject{artifact: a, Package: &a.Packages[i], node: a.PackageNodes[i], programs: programs}, &t)
	}
	r.gaps(a, &t)
}

// subject is the package at hand.
type subject struct {
	*artifact.Package
	artifact *artifact.Loaded
	node     graph.NodeID
	programs map[string]artifact.Symbols
}

func (r *run) pkg(p *subject, t *tally) {
	switch {
	case p.Ecosystem == "":
		t.nameless++
		return
	case !r.feed.Covers(p.Ecosystem):
		t.uncovered[p.Ecosystem]++
		return
	}
	found := matches{subject: p, now: r.now}
	for _, name := range names(p.Package) {
		found.all(name, r.lookup(p.Ecosystem, name.name))
	}
	if found.unreadable {
		t.unreadable[p.Ecosystem] = append(t.unreadable[p.Ecosystem], p.Name+" "+cmp.Or(p.Version, "(no version)"))
	}
	for _, group := range found.groups() {
		r.edge(p, group)
	}
}

// named is a name and version to ask advisories for.
type named struct{ name, version string }

// names are what advisories of the package's ecosystem call it: Debian, Ubuntu
// and Alpine write about sources, the others about what is installed. Red Hat
// does both.
func names(p *artifact.Package) []named {
	installed := named{p.Name, p.Version}
	if p.Ecosystem == "Bitnami" {
		installed.version = withoutRevision(p.Version)
	}
	if p.SourceName == "" {
		return []named{installed}
	}
	source := named{p.SourceName, p.SourceVersion}
	if source.version == "" {
		source.version = p.Version
	}
	base, _, _ := strings.Cut(p.Ecosystem, ":")
	switch base {
	case "Debian", "Ubuntu", "Alpine", "Wolfi", "Chainguard", "Alpaquita", "MinimOS", "Echo":
		return []named{source}
	case "Red Hat":
		if source.name != installed.name {
			return []named{installed, source}
		}
	}
	return []named{installed}
}

// withoutRevision is the version of the program in a package of Bitnami, "1.2.3"
// for "1.2.3-4": advisories are about the program, and the order of versions would
// take the revision for a pre-release.
func withoutRevision(version string) string {
	program, revision, found := strings.Cut(version, "-")
	if !found || revision == "" || strings.Trim(revision, "0123456789") != "" {
		return version
	}
	return program
}

func (r *run) lookup(ecosystem, name string) []osv.Advisory {
	key := lookup{ecosystem, name}
	if list, ok := r.known[key]; ok {
		return list
	}
	list, err := r.feed.Lookup(ecosystem, name)
	if err != nil {
		r.builder.AddGap(graph.Gap{Subject: "advisories about " + name + " (" + ecosystem + ")", Reason: err.Error()})
	}
	r.known[key] = list
	return list
}

const shownNames = 5

// gaps says what an artifact leaves undecided, one line for each ecosystem.
func (r *run) gaps(a *artifact.Loaded, t *tally) {
	for ecosystem, n := range t.uncovered {
		r.builder.AddGap(graph.Gap{
			Subject: fmt.Sprintf("%s: vulnerabilities of %d packages (%s)", a.Reference, n, ecosystem),
			Reason:  fmt.Sprintf("the database holds no advisories for %s: get them with foil db update, or foil db import", ecosystem),
		})
	}
	for ecosystem, list := range t.unreadable {
		slices.Sort(list)
		more := ""
		if len(list) > shownNames {
			more = fmt.Sprintf(" and %d more", len(list)-shownNames)
			list = list[:shownNames]
		}
		r.builder.AddGap(graph.Gap{
			Subject: fmt.Sprintf("%s: packages (%s) whose version can't be compared", a.Reference, ecosystem),
			Reason:  strings.Join(list, ", ") + more,
		})
	}
}
