package eol

import (
	"net/url"
	"strings"
)

// A key is an identity in the form that the index holds: a letter for what it
// names, and the name in lower case.
type key = string

func nameKey(name string) key        { return "n:" + strings.ToLower(name) }
func packageKey(name string) key     { return "o:" + strings.ToLower(name) }
func imageKey(repository string) key { return "i:" + strings.ToLower(repository) }

// purlKey is a package URL without version and qualifiers; those of images
// become the repository that they are pulled from.
func purlKey(purl string) (key, bool) {
	kind, path, query, ok := splitPURL(purl)
	switch {
	case !ok:
		return "", false
	case kind == "docker" || kind == "oci":
		return imageKey(repositoryOf(kind, path, query)), true
	}
	return "p:" + kind + "/" + strings.ToLower(path), true
}

// splitPURL cuts a package URL into its type, its namespace and name, and its
// qualifiers.
func splitPURL(purl string) (kind, path string, query url.Values, ok bool) {
	rest, found := strings.CutPrefix(purl, "pkg:")
	if !found {
		return "", "", nil, false
	}
	rest, _, _ = strings.Cut(rest, "#")
	rest, qualifiers, _ := strings.Cut(rest, "?")
	kind, path, found = strings.Cut(strings.Trim(rest, "/"), "/")
	if at := strings.LastIndexByte(path, '@'); at > strings.LastIndexByte(path, '/')+1 || at > 0 && path[at-1] != '/' {
		path = path[:at]
	}
	path = strings.Trim(path, "/")
	if !found || path == "" {
		return "", "", nil, false
	}
	if plain, err := url.PathUnescape(path); err == nil {
		path = plain
	}
	query, _ = url.ParseQuery(qualifiers) // what can't be read of it is not there
	return strings.ToLower(kind), path, query, true
}

// webPaths are parts of addresses of the pages of registries that are in no
// reference.
var webPaths = []string{"quay.io/repository/", "container-registry.oracle.com/ords/ocr/ba/"}

// repositoryOf is the repository that a package URL of an image names.
func repositoryOf(kind, path string, query url.Values) string {
	host := query.Get("repository_url")
	if kind == "oci" && host != "" {
		// The qualifier may hold the name already, as the specification has it.
		host = strings.TrimSuffix(host, "/"+path[strings.LastIndexByte(path, '/')+1:])
	}
	if host == "" {
		host = "docker.io"
		if !strings.Contains(path, "/") {
			path = "library/" + path
		}
	}
	repository := host + "/" + path
	for _, web := range webPaths {
		if rest, found := strings.CutPrefix(repository, web); found {
			repository = web[:strings.IndexByte(web, '/')+1] + rest
		}
	}
	if rest, found := strings.CutPrefix(repository, "k8s.gcr.io/"); found {
		repository = "registry.k8s.io/" + rest
	}
	return repository
}

// cpeKey is part, vendor and product of a CPE in either spelling.
func cpeKey(cpe string) (key, bool) {
	rest, found := strings.CutPrefix(strings.ToLower(cpe), "cpe:2.3:")
	if !found {
		if rest, found = strings.CutPrefix(strings.ToLower(cpe), "cpe:/"); !found {
			return "", false
		}
	}
	fields := strings.SplitN(rest, ":", 4)
	if len(fields) < 3 {
		return "", false
	}
	return "c:" + strings.Join(fields[:3], ":"), true
}

// keys are those that a product is found by.
func (p *Product) keys() []key {
	list := []key{nameKey(p.Name)}
	for _, alias := range p.Aliases {
		list = append(list, nameKey(alias))
	}
	for _, id := range p.Identities {
		list = append(list, id.keys()...)
	}
	return list
}

func (id *Identity) keys() []key {
	switch id.Type {
	case "purl":
		k, ok := purlKey(id.ID)
		if !ok {
			return nil
		}
		list := []key{k}
		if kind, path, _, _ := splitPURL(id.ID); isSystem(kind) {
			list = append(list, packageKey(path[strings.LastIndexByte(path, '/')+1:]))
		}
		return list
	case "cpe":
		if k, ok := cpeKey(id.ID); ok {
			return []key{k}
		}
	case "repology":
		if !strings.Contains(id.ID, ":") { // "php:twig" is a module of a language
			return []key{packageKey(id.ID)}
		}
	case "package":
		return []key{packageKey(id.ID)}
	case "image":
		return []key{imageKey(id.ID)}
	}
	return nil
}

// isSystem reports whether a type of package URL is that of a package manager of
// an operating system.
func isSystem(kind string) bool {
	switch kind {
	case "deb", "rpm", "apk", "alpm":
		return true
	}
	return false
}
