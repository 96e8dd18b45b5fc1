package affected

import (
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/osv"
	"github.com/foilsec/foil/internal/version"
)

// group is one flaw of one package, with every record about it.
type group struct {
	id      string
	aliases map[string]bool
	records []applied
}

// groups merges records by identity. A record that names CVEs of its own or
// passes on several is about each of them; one without is known by its id.
func (m *matches) groups() []*group {
	slices.SortFunc(m.list, func(a, b applied) int { return strings.Compare(a.advisory.ID, b.advisory.ID) })
	canonical := newIdentities(m.list)
	byID := map[string]*group{}
	for _, a := range m.list {
		for _, id := range canonical.of(a.advisory) {
			g, ok := byID[id]
			if !ok {
				g = &group{id: id, aliases: map[string]bool{}}
				byID[id] = g
			}
			g.add(a)
		}
	}
	list := make([]*group, 0, len(byID))
	for _, g := range byID {
		list = append(list, g)
	}
	slices.SortFunc(list, func(a, b *group) int { return strings.Compare(a.id, b.id) })
	return list
}

func (g *group) add(a applied) {
	for _, alias := range append([]string{a.advisory.ID}, a.advisory.Aliases...) {
		if alias != g.id {
			g.aliases[alias] = true
		}
	}
	for i := range g.records {
		if g.records[i].advisory.ID == a.advisory.ID {
			return
		}
	}
	g.records = append(g.records, a)
}

// identities joins ids that name the same flaw, over all records of a package.
type identities map[string]string

func newIdentities(list []applied) identities {
	parent := identities{}
	for _, a := range list {
		for _, alias := range a.advisory.Aliases {
			parent.join(a.advisory.ID, alias)
		}
	}
	return parent
}

func (x identities) find(id string) string {
	for {
		next, ok := x[id]
		if !ok || next == id {
			return id
		}
		id = next
	}
}

// join makes two ids one; the one that people know best stands for both.
func (x identities) join(a, b string) {
	a, b = x.find(a), x.find(b)
	if a == b {
		return
	}
	if better(b, a) {
		a, b = b, a
	}
	x[b] = a
}

// better prefers CVEs, then the older and shorter id.
func better(a, b string) bool {
	if ca, cb := isCVE(a), isCVE(b); ca != cb {
		return ca
	}
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return a < b
}

// cveIn is the CVE in a name that a distribution gives it, "UBUNTU-CVE-2024-1";
// every other id as it is.
func cveIn(id string) string {
	if at := strings.Index(id, "-CVE-"); at > 0 {
		return id[at+1:]
	}
	return id
}

func isCVE(id string) bool { return strings.HasPrefix(id, "CVE-") }

// of are the flaws that a record is about.
func (x identities) of(a *osv.Advisory) []string {
	passedOn := a.Upstream
	if len(passedOn) == 0 && strings.HasPrefix(a.ID, "AL") { // AlmaLinux puts its CVEs there
		passedOn = a.Related
	}
	var ids []string
	for _, id := range passedOn {
		if id = x.find(cveIn(id)); isCVE(id) && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	own := x.find(cveIn(a.ID))
	if len(ids) == 0 || isCVE(own) && len(a.Upstream) == 0 {
		ids = append(ids, own)
	}
	return ids
}

// match sums up what the records of a group say.
func (g *group) match(p *subject) *Match {
	m := &Match{State: osv.Unknown}
	for _, a := range g.records {
		m.Records = append(m.Records, a.record)
		if f := a.record.FixedIn; f != "" && !slices.Contains(m.FixedIn, f) {
			m.FixedIn = append(m.FixedIn, f)
		}
	}
	if order, ok := version.ForEcosystem(p.Ecosystem); ok {
		slices.SortStableFunc(m.FixedIn, func(a, b string) int {
			n, err := order(a, b)
			if err != nil {
				return strings.Compare(a, b)
			}
			return n
		})
	}
	for _, state := range []osv.FixState{osv.Fixed, osv.WontFix, osv.NotFixed} {
		if slices.ContainsFunc(m.Records, func(r Record) bool { return r.State == state }) {
			m.State = state
			break
		}
	}
	m.Symbols, m.Present = g.linked(p)
	return m
}
