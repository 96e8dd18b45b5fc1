package vuln

import (
	"cmp"
	"maps"
	"slices"
)

// identifierTokens are the identifiers that have other names or that advisories
// pass on, in order. Aliases are an equivalence: whoever is named by two records
// makes them one flaw.
func (b *Builder) identifierTokens() [][]byte {
	groups, downstream := b.groups(), b.downstream()
	keys := map[uint32]struct{}{}
	for id := range groups {
		keys[id] = struct{}{}
	}
	for id := range downstream {
		keys[id] = struct{}{}
	}
	var rows [][]byte
	for _, id := range slices.SortedFunc(maps.Keys(keys), b.byText) {
		t := tokens{strings: b.strings}
		t.known(id)
		for _, list := range [][]uint32{groups[id], downstream[id]} {
			t.number(uint64(len(list)))
			for _, other := range list {
				t.known(other)
			}
		}
		rows = append(rows, t.bytes)
	}
	return rows
}

func (b *Builder) byText(x, y uint32) int { return cmp.Compare(b.strings.texts[x], b.strings.texts[y]) }

// groups are the identifiers of each flaw that has several, under each of them.
func (b *Builder) groups() map[uint32][]uint32 {
	sets := disjointSets{}
	for i := range b.heads {
		for _, alias := range b.heads[i].aliases {
			sets.join(b.heads[i].id, alias)
		}
	}
	members := map[uint32][]uint32{}
	for id := range sets {
		root := sets.root(id)
		members[root] = append(members[root], id)
	}
	groups := map[uint32][]uint32{}
	for _, list := range members {
		slices.SortFunc(list, b.byText)
		for _, id := range list {
			groups[id] = list
		}
	}
	return groups
}

// downstream are the advisories that pass each flaw on, in the order of IDs.
func (b *Builder) downstream() map[uint32][]uint32 {
	all := map[uint32][]uint32{}
	for i := range b.heads {
		h := &b.heads[i]
		for _, id := range h.upstream {
			if list := all[id]; id != h.id && (len(list) == 0 || list[len(list)-1] != h.id) {
				all[id] = append(list, h.id)
			}
		}
	}
	return all
}

// disjointSets holds the parent of each element; a root is its own.
type disjointSets map[uint32]uint32

func (s disjointSets) root(x uint32) uint32 {
	parent, there := s[x]
	if !there {
		s[x] = x
		return x
	}
	for parent != x {
		grand := s[parent]
		s[x] = grand
		x, parent = grand, s[grand]
	}
	return x
}

func (s disjointSets) join(x, y uint32) {
	x, y = s.root(x), s.root(y)
	s[max(x, y)] = min(x, y)
}
