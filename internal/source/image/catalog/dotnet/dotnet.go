// Package dotnet reads the packages that a .NET program is deployed with: the
// NAME.deps.json that the build lays beside it.
//
// It never opens the assemblies themselves: a program that was packed into one
// file, without that list, is not recognised.
package dotnet

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/source/image/catalog"
)

const largest = 64 << 20

// Reader is the reader of dependency files.
func Reader() catalog.Reader {
	return catalog.Reader{
		Version: "dotnet 1", Ecosystems: []string{"NuGet"},
		Wants: func(n *catalog.Name) catalog.Wish {
			if strings.HasSuffix(n.Base, ".deps.json") && !n.Below("testdata") {
				return catalog.All
			}
			return catalog.Nothing
		},
		Read: read,
	}
}

func read(_ context.Context, f *catalog.File) (catalog.Found, error) {
	content, err := catalog.Bytes(f, largest)
	if err != nil {
		return catalog.Found{}, err
	}
	var deps struct {
		Libraries map[string]struct {
			Type string `json:"type"`
		} `json:"libraries"`
	}
	if err := json.Unmarshal([]byte(strings.TrimPrefix(string(content), "\ufeff")), &deps); err != nil {
		return catalog.Found{}, fmt.Errorf("it is no list of dependencies: %w", err)
	}
	var found catalog.Found
	for _, library := range slices.Sorted(maps.Keys(deps.Libraries)) {
		name, version, _ := strings.Cut(library, "/")
		if kind := deps.Libraries[library].Type; name == "" || version == "" || !strings.EqualFold(kind, "package") && kind != "runtimepack" {
			continue // the project itself, or a file of it
		}
		found.Packages = append(found.Packages, catalog.NewPackage("nuget", strings.TrimPrefix(name, "runtimepack."), version, f.Path))
	}
	return found, nil
}
