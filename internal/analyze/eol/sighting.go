package eol

import (
	feed "github.com/foilsec/foil/internal/feed/eol"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// sighting is a cycle of a product that was seen, and all that shows it.
type sighting struct {
	product  *feed.Product
	cycle    *feed.Cycle
	older    bool         // it is of no cycle that is known, and this is the next after it
	node     graph.NodeID // what the finding is about
	evidence []finding.Evidence
	remedy   *remedy
	fixes    []finding.Fix
	// keeper is the operating system whose distribution looks after the software,
	// nil when its own publisher does.
	keeper *sighting
	// packaged says that a distribution looks after it, known or not.
	packaged bool
}

// remedy is where a change is made. In the title, "{from}" and "{to}" stand for
// the product as it is and as it should be.
type remedy struct {
	kind  string
	place graph.NodeID
	title lang.Text
}

// sightings are those of one subject: an artifact, a workload or a node.
type sightings struct {
	list []*sighting
	by   map[string]*sighting
}

// add takes a sighting; another one of the same cycle adds its evidence.
func (s *sightings) add(m feed.Match, one sighting) *sighting {
	one.product, one.cycle, one.older = m.Product, m.Cycle, m.Older
	key := one.key()
	if known := s.by[key]; known != nil {
		known.evidence = append(known.evidence, one.evidence...)
		known.packaged = known.packaged && one.packaged
		if one.keeper == nil {
			known.keeper = nil // one copy is its publisher's
		}
		return known
	}
	if s.by == nil {
		s.by = map[string]*sighting{}
	}
	s.by[key], s.list = &one, append(s.list, &one)
	return &one
}

// name is the product and cycle as people call them: "Debian 11".
func (s *sighting) name() lang.Text {
	if s.older {
		return say("%s older than %s", "早于 %[2]s 的 %[1]s", s.product.Label, s.cycle.Name)
	}
	name := called(s.product, s.cycle)
	return lang.Text{EN: name, ZH: name}
}

// key tells the sightings of one subject apart.
func (s *sighting) key() string {
	if s.older {
		return s.product.Name + "/<" + s.cycle.Name
	}
	return s.product.Name + "/" + s.cycle.Name
}
