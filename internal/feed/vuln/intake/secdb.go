package intake

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/foilsec/foil/internal/osv"
)

// secdb is a file of Alpine's security database: for each package, the versions
// that fixed something and what they fixed.
type secdb struct {
	Release  string `json:"distroversion" yaml:"distroversion"`
	Packages []struct {
		Package struct {
			Name  string              `json:"name" yaml:"name"`
			Fixes map[string][]string `json:"secfixes" yaml:"secfixes"`
		} `json:"pkg" yaml:"pkg"`
	} `json:"packages" yaml:"packages"`
}

// secdbFeed is the feed that all files of the database make up.
const secdbFeed = "Alpine secdb"

func (r *Reader) secdbJSON(data []byte, o Origin) error {
	var db secdb
	if err := json.Unmarshal(data, &db); err != nil {
		return fmt.Errorf("read Alpine's security database: %w", err)
	}
	return r.secdb(&db, data, o)
}

func (r *Reader) secdbYAML(data []byte, o Origin) error {
	var db secdb
	if err := yaml.Unmarshal(data, &db); err != nil {
		return fmt.Errorf("read Alpine's security database: %w", err)
	}
	return r.secdb(&db, data, o)
}

func (r *Reader) secdb(db *secdb, data []byte, o Origin) error {
	if db.Release == "" || len(db.Packages) == 0 {
		return errors.New("it is no file of Alpine's security database: it names no release or no package")
	}
	o.Part = false
	t := r.feed(secdbFeed, "Alpine", o)
	t.sum.Write(data)
	for _, p := range db.Packages {
		for _, fixed := range slices.Sorted(maps.Keys(p.Package.Fixes)) {
			for _, ids := range p.Package.Fixes[fixed] {
				r.secfix("Alpine:"+db.Release, p.Package.Name, fixed, identifiers(ids))
			}
		}
	}
	return nil
}

// identifiers are the names of flaws in a text, which may hold notes too:
// "CVE-2017-2616 (+ regression fix)".
func identifiers(text string) []string {
	return slices.DeleteFunc(strings.Fields(text), func(word string) bool {
		database, _, ok := strings.Cut(word, "-")
		return !ok || database == "" || strings.Trim(database, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != ""
	})
}

// secfix notes a fix. One text may name a flaw several times, by all its
// identifiers. The version 0 says that the package never had the flaw.
func (r *Reader) secfix(ecosystem, name, fixed string, ids []string) {
	if fixed == "0" || len(ids) == 0 || name == "" {
		return
	}
	id := "ALPINE-" + ids[0]
	a := r.secfixes[id]
	if a == nil {
		a = &osv.Advisory{ID: id, Upstream: ids}
		r.secfixes[id] = a
	}
	a.Affected = append(a.Affected, osv.Affected{
		Ecosystem: ecosystem, Name: name, State: osv.Fixed,
		Ranges: []osv.Range{{Type: osv.Ecosystem, Events: []osv.Event{{Introduced: "0"}, {Fixed: fixed}}}},
	})
}

// finishSecfixes puts in the advisories that the files made up together.
func (r *Reader) finishSecfixes() {
	for _, id := range slices.Sorted(maps.Keys(r.secfixes)) {
		if err := r.builder.Add(r.touched[secdbFeed].number, r.secfixes[id]); err != nil {
			r.problem(secdbFeed, err)
		}
	}
	clear(r.secfixes)
}
