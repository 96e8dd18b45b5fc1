package vuln

import (
	"cmp"
	"reflect"

	"github.com/foilsec/foil/internal/osv"
)

// Difference is what changed from one database to another, as IDs in order.
type Difference struct {
	Added   []string `json:"added"`
	Removed []string `json:"removed"`
	Changed []string `json:"changed"`
}

// Diff compares two databases, record by record.
func Diff(before, after *DB) (Difference, error) {
	d := Difference{Added: []string{}, Removed: []string{}, Changed: []string{}}
	for i, j := 0, 0; i < before.Len() || j < after.Len(); {
		x, xFeed, err := before.peek(i)
		if err != nil {
			return d, err
		}
		y, yFeed, err := after.peek(j)
		if err != nil {
			return d, err
		}
		order := cmp.Or(cmp.Compare(x.ID, y.ID), cmp.Compare(xFeed, yFeed))
		switch {
		case j >= after.Len() || i < before.Len() && order < 0:
			d.Removed = append(d.Removed, x.ID)
			i++
		case i >= before.Len() || order > 0:
			d.Added = append(d.Added, y.ID)
			j++
		default:
			if !reflect.DeepEqual(x, y) {
				d.Changed = append(d.Changed, x.ID)
			}
			i, j = i+1, j+1
		}
	}
	return d, nil
}

// peek is advisory number i, or nothing behind the last one.
func (db *DB) peek(i int) (osv.Advisory, string, error) {
	if i >= db.Len() {
		return osv.Advisory{}, "", nil
	}
	return db.At(i)
}
