// Package need finds the packages that meet the needs of others: databases name
// needs by capability ("mail-transport-agent", "so:libssl.so.3"), which some
// installed package provides.
//
// It looks at one database at a time and touches nothing outside.
package need

import "slices"

// Table is who provides what, and who needs it. The zero value is empty.
type Table struct {
	providers map[string][]string
	entries   int
	steps     int
}

// mostEntries bounds what one database can make us keep; the largest known have
// a tenth of it.
const mostEntries = 1_000_000

// Take keeps what a package needs, as long as there is room.
func (t *Table) Take(capabilities []string) []string {
	capabilities = capabilities[:min(len(capabilities), mostEntries-t.entries)]
	t.entries += len(capabilities)
	return slices.Clip(capabilities)
}

// Provide enters that a package provides a capability. Its own name counts too.
func (t *Table) Provide(capability, name string) {
	if t.entries >= mostEntries {
		return
	}
	t.entries++
	if t.providers == nil {
		t.providers = map[string][]string{}
	}
	t.providers[capability] = append(t.providers[capability], name)
}

// Limits of what is looked up.
const (
	most      = 4096 // packages that one package can need
	mostSteps = 20_000_000
)

// Of are the packages that provide what a package needs, sorted, without
// itself. A capability that nobody provides is left out: it is optional, or
// broken already.
func (t *Table) Of(name string, capabilities []string) []string {
	var needed []string
	for _, c := range capabilities {
		for _, provider := range t.providers[c] {
			if t.steps++; t.steps > mostSteps || len(needed) >= most {
				break
			}
			if provider != name && !slices.Contains(needed[max(len(needed)-8, 0):], provider) {
				needed = append(needed, provider)
			}
		}
	}
	slices.Sort(needed)
	return slices.Clip(slices.Compact(needed))
}
