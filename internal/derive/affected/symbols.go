package affected

import (
	"slices"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/osv"
)

// linked says whether the flawed functions are part of the program that the
// package was found in. Records that name no functions take over what another
// record of the flaw names.
func (g *group) linked(p *subject) (Linked, []string) {
	imports := g.imports()
	if len(imports) == 0 || p.Ecosystem != "Go" || len(p.Locations) == 0 {
		return "", nil
	}
	symbols, ok := p.programs[p.Locations[0]]
	if !ok {
		return "", nil // a module file: nothing is linked
	}
	if len(symbols) == 0 {
		return Undecidable, nil
	}
	present := presentOf(imports, symbols)
	if len(present) == 0 {
		return Absent, nil
	}
	return Present, present
}

func (g *group) imports() []osv.Import {
	var all []osv.Import
	for _, a := range g.records {
		all = append(all, a.entry.Imports...)
	}
	return all
}

func presentOf(imports []osv.Import, symbols artifact.Symbols) []string {
	var present []string
	for _, i := range imports {
		if len(i.Symbols) == 0 && symbols.HasPackage(i.Path) {
			present = append(present, i.Path)
		}
		for _, name := range i.Symbols {
			if symbols.Has(i.Path, name) {
				present = append(present, i.Path+"."+name)
			}
		}
	}
	slices.Sort(present)
	return slices.Compact(present)
}
