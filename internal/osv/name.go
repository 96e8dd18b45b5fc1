package osv

import "strings"

// NormalName is the form in which names of an ecosystem are compared, and under
// which a store should file them. Most ecosystems take a name as it is.
func NormalName(ecosystem, name string) string {
	base, _, _ := strings.Cut(ecosystem, ":")
	switch base {
	case "PyPI":
		return normalPython(name)
	case "crates.io":
		return strings.ReplaceAll(strings.ToLower(name), "_", "-")
	case "NuGet", "Packagist", "Hex", "Pub", "GitHub Actions", "VSCode", "ConanCenter", "Bitnami":
		return strings.ToLower(name)
	case "SwiftURL":
		return normalURL(name)
	}
	return name
}

// normalPython follows PEP 503: letters are lower case, and every run of "-",
// "_" and "." is one "-".
func normalPython(name string) string {
	if isNormalPython(name) {
		return name
	}
	out := make([]byte, 0, len(name))
	for i := range len(name) {
		switch c := name[i]; {
		case !separates(c):
			out = append(out, lower(c))
		case i == 0 || !separates(name[i-1]):
			out = append(out, '-')
		}
	}
	return string(out)
}

func isNormalPython(name string) bool {
	for i := range len(name) {
		switch c := name[i]; {
		case c == '_' || c == '.' || 'A' <= c && c <= 'Z':
			return false
		case c == '-' && i > 0 && name[i-1] == '-':
			return false
		}
	}
	return true
}

func separates(c byte) bool { return c == '-' || c == '_' || c == '.' }

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + ('a' - 'A')
	}
	return c
}

// normalURL drops what does not tell repositories apart.
func normalURL(name string) string {
	name = strings.ToLower(name)
	if _, rest, found := strings.Cut(name, "://"); found {
		name = rest
	}
	return strings.TrimSuffix(strings.TrimRight(name, "/"), ".git")
}
