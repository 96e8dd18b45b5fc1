package catalog

import (
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/purl"
)

// NewPackage makes a package that a file speaks of. The kind is the type of its
// package URL; the name is as its ecosystem writes it.
func NewPackage(kind, name, version, path string) artifact.Package {
	u := purl.URL{Type: kind, Name: name, Version: version}
	switch kind {
	case "maven":
		if group, artifactID, found := strings.Cut(name, ":"); found {
			u.Namespace, u.Name = group, artifactID
		}
	case "npm", "golang", "composer", "swift":
		if slash := strings.LastIndexByte(name, '/'); slash > 0 {
			u.Namespace, u.Name = name[:slash], name[slash+1:]
		}
	case "pypi":
		u.Name = normalPython(name)
	}
	return artifact.Package{
		Name: name, Version: version, PURL: u.String(), Ecosystem: artifact.EcosystemOf(kind),
		Locations: []string{path}, Layer: -1,
	}
}

// normalPython is the form in which names of PyPI are compared (PEP 503): lower
// case, and one hyphen for every run of separators.
func normalPython(name string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == '-' || r == '_' || r == '.' }), "-")
}
