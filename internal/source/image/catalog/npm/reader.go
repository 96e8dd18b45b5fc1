package npm

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog"
)

// largest bounds a package.json; the longest known has 300 KB.
const largest = 4 << 20

// Reader is the reader of installed packages.
func Reader() catalog.Reader {
	return catalog.Reader{Version: "npm 1", Ecosystems: []string{"npm"}, Wants: wants, Read: read}
}

func wants(n *catalog.Name) catalog.Wish {
	if n.Base != "package.json" {
		return catalog.Nothing
	}
	if inside, installed := catalog.Inside(n.Path, "node_modules"); catalog.IsTrial(within(inside, installed)) {
		return catalog.Nothing
	}
	return catalog.All
}

// within is the folder of a file inside its package. The package itself may be
// called test.
func within(path string, installed bool) string {
	if installed {
		_, rest, _ := strings.Cut(path, "/")
		if strings.HasPrefix(path, "@") {
			_, rest, _ = strings.Cut(rest, "/")
		}
		path = rest
	}
	return path[:max(strings.LastIndexByte(path, '/'), 0)]
}

// manifest is what matters of a package.json.
type manifest struct {
	Name         string          `json:"name"`
	Version      string          `json:"version"`
	Private      any             `json:"private"`
	License      any             `json:"license"`
	Licenses     any             `json:"licenses"`
	Dependencies json.RawMessage `json:"dependencies"`
}

func read(_ context.Context, f *catalog.File) (catalog.Found, error) {
	content, err := catalog.Bytes(f, largest)
	if err != nil {
		return catalog.Found{}, err
	}
	inside, below := catalog.Inside(f.Path, "node_modules")
	installed := below && within(inside, true) == ""
	var m manifest
	if err := json.Unmarshal(content, &m); err != nil {
		if !below {
			return catalog.Found{}, nil
		}
		return catalog.Found{}, fmt.Errorf("it is no package.json: %w", err)
	}
	if !isName(m.Name) || !isVersion(m.Version) || !installed && m.Private == true {
		return catalog.Found{}, nil
	}
	p := catalog.NewPackage("npm", m.Name, m.Version, f.Path)
	p.Licenses = licences(m.License, m.Licenses)
	p.Requires = keys(m.Dependencies)
	return catalog.Found{Packages: []artifact.Package{p}}, nil
}

// isName holds what npm holds: a name that fits in a URL, perhaps with a scope.
func isName(name string) bool {
	scope, rest, scoped := strings.Cut(name, "/")
	if scoped {
		if len(scope) < 2 || scope[0] != '@' {
			return false
		}
		name = rest
	}
	return name != "" && len(name) <= 214 && !strings.ContainsAny(name, "/ {}<>\\\"'`$%\t\n")
}

// isVersion tells versions from what templates have in their place.
func isVersion(version string) bool {
	return version != "" && len(version) <= 256 && strings.Trim(version[:1], "0123456789v=") == ""
}

// mostNames bounds the needs and the licences of one package.
const mostNames = 4096

func keys(object json.RawMessage) []string {
	var all map[string]json.RawMessage
	if json.Unmarshal(object, &all) != nil || len(all) > mostNames {
		return nil
	}
	return sortedKeys(all)
}
