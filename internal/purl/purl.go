package purl

import (
	"fmt"
	"slices"
	"strings"
)

// URL is a package URL in its parts, decoded.
type URL struct {
	Type       string // "deb"
	Namespace  string // "debian", "@angular", "github.com/spf13"; segments with slashes between
	Name       string
	Version    string
	Qualifiers []Qualifier // sorted by key, none empty
	Subpath    string
}

// Qualifier is one key of a package URL with its value: arch=amd64.
type Qualifier struct{ Key, Value string }

// Qualifier is the value of a key, empty when there is none.
func (u *URL) Qualifier(key string) string {
	for _, q := range u.Qualifiers {
		if q.Key == key {
			return q.Value
		}
	}
	return ""
}

// SetQualifier sets the value of a key; an empty value removes it.
func (u *URL) SetQualifier(key, value string) {
	rest := slices.DeleteFunc(slices.Clone(u.Qualifiers), func(q Qualifier) bool { return q.Key == key })
	if value != "" {
		rest = append(rest, Qualifier{key, value})
	}
	slices.SortFunc(rest, func(a, b Qualifier) int { return strings.Compare(a.Key, b.Key) })
	u.Qualifiers = rest
}

// FullName is namespace and name as most systems write them: "@angular/core",
// "github.com/spf13/cobra", and "org.apache.commons:commons-text" for Maven.
func (u *URL) FullName() string {
	switch {
	case u.Namespace == "":
		return u.Name
	case u.Type == "maven":
		return u.Namespace + ":" + u.Name
	}
	return u.Namespace + "/" + u.Name
}

// String is the canonical form: parts normalised and encoded, qualifiers
// sorted.
func (u *URL) String() string {
	c := u.normal()
	var b strings.Builder
	b.WriteString("pkg:" + c.Type + "/")
	if c.Namespace != "" {
		escapeSegments(&b, c.Namespace)
		b.WriteByte('/')
	}
	escape(&b, c.Name)
	if c.Version != "" {
		b.WriteByte('@')
		escape(&b, c.Version)
	}
	for i, q := range c.Qualifiers {
		b.WriteByte("?&"[min(i, 1)])
		b.WriteString(q.Key + "=")
		escape(&b, q.Value)
	}
	if c.Subpath != "" {
		b.WriteByte('#')
		escapeSegments(&b, c.Subpath)
	}
	return b.String()
}

// normal writes what the type takes for the same name in one way.
func (u *URL) normal() URL {
	c := *u
	switch c.Type {
	case "alpm", "apk", "bitbucket", "bitnami", "composer", "deb", "github", "hex", "oci":
		c.Namespace, c.Name = strings.ToLower(c.Namespace), strings.ToLower(c.Name)
	case "rpm", "opkg":
		c.Namespace = strings.ToLower(c.Namespace)
	case "pypi":
		c.Name = strings.ReplaceAll(strings.ToLower(c.Name), "_", "-")
	case "huggingface":
		c.Version = strings.ToLower(c.Version)
	}
	// Names of npm and Go are left as they are, against the letter of the
	// specification: JSONStream and github.com/BurntSushi/toml are other
	// packages than their lower-case forms, and advisories name them as is.
	return c
}

// Normal is the canonical form of a text, or the text itself when it is no
// package URL.
func Normal(text string) string {
	u, err := Parse(text)
	if err != nil {
		return text
	}
	return u.String()
}

// Is reports whether a text begins like a package URL.
func Is(text string) bool { return len(text) > 4 && strings.EqualFold(text[:4], "pkg:") }

// errorOf says what is wrong with a text.
func errorOf(text, why string) error {
	const most = 120
	if len(text) > most {
		text = text[:most] + "…"
	}
	return fmt.Errorf("%q is no package URL: %s; want pkg:TYPE/NAME@VERSION, such as pkg:npm/lodash@4.17.20", text, why)
}
