// Package ruby reads the gems that are installed: the specification that
// RubyGems keeps of each. It is a program in Ruby, of which only the plain
// assignments that RubyGems writes are understood, and nothing is run.
package ruby

import (
	"bytes"
	"context"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog"
)

// Reader is the reader of specifications.
func Reader() catalog.Reader {
	return catalog.Reader{Version: "ruby 1", Ecosystems: []string{"RubyGems"}, Wants: wants, Read: read}
}

func wants(n *catalog.Name) catalog.Wish {
	if strings.HasSuffix(n.Base, ".gemspec") && (n.Parent() == "specifications" || strings.HasSuffix(n.Dir, "specifications/default")) {
		return catalog.All
	}
	return catalog.Nothing
}

func read(_ context.Context, f *catalog.File) (catalog.Found, error) {
	var name, version string
	var licences, needs []string
	for line, err := range catalog.Lines(f) {
		if err != nil {
			return catalog.Found{}, err
		}
		field, value := split(string(bytes.TrimSpace(line)))
		texts := quoted(value)
		if len(texts) == 0 {
			continue
		}
		switch field {
		case "name":
			name = first(name, texts[0])
		case "version":
			version = first(version, texts[0])
		case "licenses":
			licences = texts
		case "add_runtime_dependency", "add_dependency":
			if len(needs) < 4096 {
				needs = append(needs, texts[0])
			}
		}
	}
	if name == "" || version == "" {
		return catalog.Found{}, nil
	}
	p := catalog.NewPackage("gem", name, version, f.Path)
	p.Licenses, p.Requires = licences, needs
	return catalog.Found{Packages: []artifact.Package{p}}, nil
}

func first(have, otherwise string) string {
	if have != "" {
		return have
	}
	return otherwise
}

// split cuts "s.name = …" and "s.add_runtime_dependency(…" behind the name.
func split(line string) (field, value string) {
	variable, rest, found := strings.Cut(line, ".")
	end := strings.IndexAny(rest, " =(")
	if !found || end < 0 || strings.ContainsAny(variable, " \"'") {
		return "", ""
	}
	return rest[:end], rest[end:]
}

// quoted are the texts in quotes: "rake".freeze, or %q<rake>.
func quoted(text string) []string {
	var out []string
	for len(out) < 64 {
		at := strings.IndexAny(text, `"'<`)
		if at < 0 {
			break
		}
		end := byte('>')
		if text[at] != '<' {
			end = text[at]
		} else if at < 2 || text[at-2:at] != "%q" {
			text = text[at+1:] // a comparison
			continue
		}
		inner, rest, closed := strings.Cut(text[at+1:], string(end))
		if !closed {
			break
		}
		out, text = append(out, inner), rest
	}
	return out
}
