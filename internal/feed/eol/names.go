package eol

import (
	_ "embed" // names that are ours
	"fmt"
	"strings"
)

// moreNames are identities that the publisher does not list: the images that
// products come in, and what distributions call them. They are added on import.
//
//go:embed data/names.txt
var moreNames string

// addNames adds our identities to the products that are there. A name that the
// publisher gives to a product is left to it.
func addNames(products []Product) error {
	byName, taken := map[string]*Product{}, map[key]bool{}
	for i := range products {
		byName[products[i].Name] = &products[i]
		for _, k := range products[i].keys() {
			taken[k] = true
		}
	}
	for line := range strings.Lines(moreNames) {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		if len(fields) < 3 {
			return fmt.Errorf("the list of names: %q: want a product, a type and names", strings.TrimSpace(line))
		}
		if p := byName[fields[0]]; p != nil {
			p.add(fields[1], fields[2:], taken)
		}
	}
	return nil
}

func (p *Product) add(kind string, names []string, taken map[key]bool) {
	for _, name := range names {
		id := Identity{kind, name}
		keys := id.keys()
		if len(keys) > 0 && !taken[keys[0]] {
			p.Identities = append(p.Identities, id)
		}
	}
}
