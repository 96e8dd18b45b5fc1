// Package php reads the packages that Composer installed: the list that it
// keeps in the folder vendor.
package php

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/purl"
	"github.com/foilsec/foil/internal/source/image/catalog"
)

const largest = 64 << 20

// Reader is the reader of lists.
func Reader() catalog.Reader {
	return catalog.Reader{
		Version: "php 1", Ecosystems: []string{"Packagist"},
		Wants: func(n *catalog.Name) catalog.Wish {
			if n.Base == "installed.json" && n.Parent() == "composer" {
				return catalog.All
			}
			return catalog.Nothing
		},
		Read: read,
	}
}

// Installed is what Composer says of a package, here and in its lock file.
type Installed struct {
	Name     string `json:"name"`
	Version  string `json:"version"`
	Licences any    `json:"license"`
}

func read(_ context.Context, f *catalog.File) (catalog.Found, error) {
	content, err := catalog.Bytes(f, largest)
	if err != nil {
		return catalog.Found{}, err
	}
	var list struct {
		Packages []Installed `json:"packages"`
	}
	if err := json.Unmarshal(content, &list); err != nil {
		if err := json.Unmarshal(content, &list.Packages); err != nil { // Composer 1 had no head around it
			return catalog.Found{}, fmt.Errorf("it is no list of Composer: %w", err)
		}
	}
	var found catalog.Found
	for i := range list.Packages {
		if p, ok := list.Packages[i].Package(f.Path); ok {
			found.Packages = append(found.Packages, p)
		}
	}
	return found, nil
}

// Package makes a package of Packagist; false without a name or a version.
func (i *Installed) Package(path string) (artifact.Package, bool) {
	vendor, name, found := strings.Cut(i.Name, "/")
	if !found || i.Version == "" {
		return artifact.Package{}, false
	}
	u := purl.URL{Type: "composer", Namespace: vendor, Name: name, Version: i.Version}
	p := artifact.Package{Name: i.Name, Version: i.Version, PURL: u.String(), Ecosystem: "Packagist", Locations: []string{path}, Layer: -1}
	licences, _ := i.Licences.([]any)
	for _, l := range licences {
		if text, ok := l.(string); ok && len(p.Licenses) < 16 {
			p.Licenses = append(p.Licenses, text)
		}
	}
	return p, true
}
