package vuln

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/foilsec/foil/internal/osv"
)

// Lookup lists the advisories that name a package. The ecosystem may hold a
// release, which does not narrow the answer: entries for other releases are
// among it. What the advisories say of other packages is left out.
func (db *DB) Lookup(ecosystem, name string) ([]osv.Advisory, error) {
	base, _, _ := strings.Cut(ecosystem, ":")
	name = osv.NormalName(base, name)
	row, found := sort.Find(db.rows(nameTable), func(i int) int {
		c := db.row(nameTable, nameSection, i)
		return cmp.Or(cmp.Compare(base, c.view()), cmp.Compare(name, c.view()))
	})
	if !found {
		return nil, nil
	}
	c := db.row(nameTable, nameSection, row)
	c.view()
	c.view()
	advisories, err := db.posted(&c)
	if err != nil {
		return nil, fmt.Errorf("look up %s in %s: %w", name, ecosystem, err)
	}
	return advisories, nil
}

// posted decodes the advisories of a name, which are listed with the place of
// what they say of it.
func (db *DB) posted(c *cursor) ([]osv.Advisory, error) {
	count := c.count(mostElements)
	all := make([]osv.Advisory, 0, min(count, 64))
	var row, offset uint64
	spent := 0
	for range count {
		row += c.number()
		offset += c.number()
		if c.bad || row > uint64(db.Len()) {
			return nil, ErrDamaged
		}
		head, body := db.row(advisoryTable, advisorySection, int(row)), db.record(packageSection, offset)
		a, _ := head.advisory()
		a.Affected = body.affected()
		if spent += head.at + body.at; head.bad || body.bad || spent > mostAtOnce {
			return nil, ErrDamaged
		}
		all = append(all, a)
	}
	if c.bad {
		return nil, ErrDamaged
	}
	return newestOfEach(all), nil
}

// newestOfEach leaves one record of each ID: two feeds may hold the same one, or
// one for other releases. The newest speaks for its releases. Those with the
// same ID stand together.
func newestOfEach(all []osv.Advisory) []osv.Advisory {
	kept := all[:0]
	for _, a := range all {
		if n := len(kept); n == 0 || kept[n-1].ID != a.ID {
			kept = append(kept, a)
		} else if a.Modified.After(kept[n-1].Modified) {
			kept[n-1] = united(a, kept[n-1])
		} else {
			kept[n-1] = united(kept[n-1], a)
		}
	}
	return kept
}

// united adds the entries of an older record for ecosystems and releases of
// which the newer one says nothing.
func united(newer, older osv.Advisory) osv.Advisory {
	own := len(newer.Affected)
	for i := range older.Affected {
		ecosystem := older.Affected[i].Ecosystem
		if !slices.ContainsFunc(newer.Affected[:own], func(a osv.Affected) bool { return a.Ecosystem == ecosystem }) {
			newer.Affected = append(newer.Affected, older.Affected[i])
		}
	}
	return newer
}

// Advisory finds an advisory by its ID, with what it says of every package.
func (db *DB) Advisory(id string) (osv.Advisory, bool, error) {
	first := sort.Search(db.Len(), func(i int) bool { return db.idAt(i) >= id })
	var found osv.Advisory
	for i := first; i < db.Len() && db.idAt(i) == id; i++ {
		a, _, err := db.At(i)
		if err != nil {
			return osv.Advisory{}, false, fmt.Errorf("look up %s: %w", id, err)
		}
		switch {
		case i == first:
			found = a
		case a.Modified.After(found.Modified):
			found = united(a, found)
		default:
			found = united(found, a)
		}
	}
	return found, found.ID != "", nil
}

func (db *DB) idAt(i int) string {
	c := db.row(advisoryTable, advisorySection, i)
	return c.view()
}

// At is advisory number i in the order of IDs, whole, with the name of its feed.
func (db *DB) At(i int) (a osv.Advisory, feed string, err error) {
	c := db.row(advisoryTable, advisorySection, i)
	a, at := c.advisory()
	if c.bad || at.feed >= uint64(len(db.stamps)) {
		return a, "", ErrDamaged
	}
	body := db.record(packageSection, at.first)
	for range at.packages {
		a.Affected = append(a.Affected, body.affected()...)
		if body.bad || len(a.Affected) > mostStructures {
			return a, "", ErrDamaged
		}
	}
	return a, db.stamps[at.feed].Feed, nil
}

// Package is a name for which there are advisories.
type Package struct {
	Ecosystem  string `json:"ecosystem"`
	Name       string `json:"name"` // in its normal form
	Advisories int    `json:"advisories"`
}

// Packages lists the names of the file that a caller wants, by ecosystem and
// name.
func (db *DB) Packages(want func(ecosystem, name string) bool) []Package {
	var all []Package
	for i := range db.rows(nameTable) {
		c := db.row(nameTable, nameSection, i)
		if base, name := c.view(), c.view(); !c.bad && want(base, name) {
			all = append(all, Package{Ecosystem: strings.Clone(base), Name: strings.Clone(name), Advisories: c.count(mostElements)})
		}
	}
	return all
}
