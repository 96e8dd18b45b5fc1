package purl

import "strings"

// Covers reports whether a package URL is about the package of another one: it
// is about every version when it names none, and about every package that has
// at least its qualifiers. A version of Go counts with and without its v.
func (u *URL) Covers(other *URL) bool {
	if u.Type != other.Type || u.Namespace != other.Namespace || u.Name != other.Name {
		return false
	}
	if u.Version != "" && u.bareVersion() != other.bareVersion() {
		return false
	}
	if u.Subpath != "" && u.Subpath != other.Subpath {
		return false
	}
	for _, q := range u.Qualifiers {
		if other.Qualifier(q.Key) != q.Value {
			return false
		}
	}
	return true
}

func (u *URL) bareVersion() string {
	if u.Type == "golang" {
		return strings.TrimPrefix(u.Version, "v")
	}
	return u.Version
}
