package vuln

import (
	"sort"
	"strings"
)

// Related lists all identifiers of the same flaw, the given one among them: its
// aliases, their aliases, and so on. An identifier that no record calls an alias
// has only itself.
func (db *DB) Related(id string) []string {
	c, found := db.identifier(id)
	if !found {
		return []string{id}
	}
	if list := c.texts(); len(list) > 0 {
		return list
	}
	return []string{id}
}

// Downstream lists the IDs of the advisories that pass a flaw on: those of a
// distribution that name it as upstream.
func (db *DB) Downstream(id string) []string {
	c, found := db.identifier(id)
	if !found {
		return nil
	}
	c.skipTexts()
	return c.texts()
}

// identifier is a cursor behind the name of an identifier.
func (db *DB) identifier(id string) (cursor, bool) {
	row, found := sort.Find(db.rows(idTable), func(i int) int {
		c := db.row(idTable, idSection, i)
		return strings.Compare(id, c.view())
	})
	if !found {
		return cursor{}, false
	}
	c := db.row(idTable, idSection, row)
	c.view()
	return c, true
}
