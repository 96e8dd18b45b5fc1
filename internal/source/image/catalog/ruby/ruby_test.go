package ruby_test

import (
	"slices"
	"testing"

	"github.com/foilsec/foil/internal/source/image/catalog"
	"github.com/foilsec/foil/internal/source/image/catalog/catalogtest"
	"github.com/foilsec/foil/internal/source/image/catalog/ruby"
)

const specification = `# -*- encoding: utf-8 -*-
# stub: rack 2.2.3 ruby lib

Gem::Specification.new do |s|
  s.name = "rack".freeze
  s.version = "2.2.3"

  s.required_rubygems_version = Gem::Requirement.new(">= 0".freeze) if s.respond_to? :required_rubygems_version=
  s.metadata = { "name" => "other" }
  s.licenses = ["MIT".freeze, 'Ruby']
  s.rubygems_version = "3.3.15".freeze

  if s.respond_to? :add_runtime_dependency then
    s.add_runtime_dependency(%q<webrick>.freeze, ["~> 1.7"])
    s.add_development_dependency(%q<minitest>.freeze, [">= 0"])
  end
end
`

func TestSpecification(t *testing.T) {
	found := catalogtest.Read(t, ruby.Reader(), catalogtest.File("usr/local/bundle/specifications/rack-2.2.3.gemspec", []byte(specification)))
	if len(found.Packages) != 1 {
		t.Fatalf("%+v", found.Packages)
	}
	p := found.Packages[0]
	if p.PURL != "pkg:gem/rack@2.2.3" || !slices.Equal(p.Licenses, []string{"MIT", "Ruby"}) || !slices.Equal(p.Requires, []string{"webrick"}) {
		t.Errorf("%+v", p)
	}
}

func TestPlaces(t *testing.T) {
	for path, want := range map[string]catalog.Wish{
		"usr/lib/ruby/gems/3.1.0/specifications/default/json-2.6.1.gemspec": catalog.All,
		"usr/lib/ruby/gems/3.1.0/gems/rake-13.0.6/rake.gemspec":             catalog.Nothing, // the source of it
	} {
		name := catalog.NewName(path, 10, false)
		if got := ruby.Reader().Wants(&name); got != want {
			t.Errorf("%s: wish %d, want %d", path, got, want)
		}
	}
}

func FuzzSpecification(f *testing.F) {
	f.Add([]byte(specification))
	f.Add([]byte("s.name = %q<\ns.version = '\"<"))
	f.Fuzz(func(t *testing.T, content []byte) {
		found, _ := ruby.Reader().Read(t.Context(), catalogtest.File("specifications/x.gemspec", content))
		for _, p := range found.Packages {
			if p.Name == "" || p.Version == "" {
				t.Fatalf("%+v", p)
			}
		}
	})
}
