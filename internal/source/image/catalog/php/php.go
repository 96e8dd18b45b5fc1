// Package php reads the packages that Composer installed: the list that it
// keeps in the folder vendor, in the forms of its versions 1 and 2.
//
// It never runs or reads PHP. What is only asked for, in composer.lock, is read
// elsewhere.
package php

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
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

// installed is what Composer says of a package.
type installed struct {
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
		Packages []installed `json:"packages"`
	}
	if err := json.Unmarshal(content, &list); err != nil {
		if err := json.Unmarshal(content, &list.Packages); err != nil { // Composer 1 had no head around it
			return catalog.Found{}, fmt.Errorf("it is no list of Composer: %w", err)
		}
	}
	var found catalog.Found
	for i := range list.Packages {
		if p, ok := list.Packages[i].pkg(f.Path); ok {
			found.Packages = append(found.Packages, p)
		}
	}
	return found, nil
}

// pkg makes a package of Packagist; false without a name or a version.
func (i *installed) pkg(path string) (artifact.Package, bool) {
	if !strings.Contains(i.Name, "/") || i.Version == "" {
		return artifact.Package{}, false
	}
	p := catalog.NewPackage("composer", i.Name, i.Version, path)
	licences, _ := i.Licences.([]any)
	for _, l := range licences {
		if text, ok := l.(string); ok && len(p.Licenses) < 16 {
			p.Licenses = append(p.Licenses, text)
		}
	}
	return p, true
}
