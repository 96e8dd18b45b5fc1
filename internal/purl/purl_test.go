package purl

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]URL{
		"pkg:npm/lodash@4.17.20":                             {Type: "npm", Name: "lodash", Version: "4.17.20"},
		"pkg:npm/%40angular/animation@12.3.1":                {Type: "npm", Namespace: "@angular", Name: "animation", Version: "12.3.1"},
		"pkg:npm/@angular/animation@12.3.1":                  {Type: "npm", Namespace: "@angular", Name: "animation", Version: "12.3.1"},
		"pkg:npm/@angular/animation":                         {Type: "npm", Namespace: "@angular", Name: "animation"},
		"PKG:NPM/lodash":                                     {Type: "npm", Name: "lodash"},
		"pkg://golang/google.golang.org/genproto@abc#/a/b/":  {Type: "golang", Namespace: "google.golang.org", Name: "genproto", Version: "abc", Subpath: "a/b"},
		"pkg:golang/github.com/BurntSushi/toml@v1.0.0#a/../": {Type: "golang", Namespace: "github.com/BurntSushi", Name: "toml", Version: "v1.0.0", Subpath: "a"},
		"pkg:PYPI/Django_package@1.11.1.dev1":                {Type: "pypi", Name: "django-package", Version: "1.11.1.dev1"},
		"pkg:deb/Debian/Curl@7.50.3-1?distro=jessie&arch=i386": {Type: "deb", Namespace: "debian", Name: "curl", Version: "7.50.3-1",
			Qualifiers: []Qualifier{{"arch", "i386"}, {"distro", "jessie"}}},
		"pkg:rpm/Fedora/ImageMagick@1%3a2?Epoch=1&x=": {Type: "rpm", Namespace: "fedora", Name: "ImageMagick", Version: "1:2", Qualifiers: []Qualifier{{"epoch", "1"}}},
		"pkg:oci/App@sha256%3Aab?tag=1":               {Type: "oci", Name: "app", Version: "sha256:ab", Qualifiers: []Qualifier{{"tag", "1"}}},
		" pkg:github/A/b@x/y ":                        {Type: "github", Namespace: "a", Name: "b", Version: "x/y"},
	} {
		got, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got.String() != want.String() || got.FullName() != want.FullName() {
			t.Errorf("%s: %+v, want %+v", text, got, want)
		}
	}
}

func TestCanonical(t *testing.T) {
	for text, want := range map[string]string{
		"pkg:deb/debian/bash@5.2.15-2+b13?arch=amd64": "pkg:deb/debian/bash@5.2.15-2%2Bb13?arch=amd64",
		"pkg:deb/debian/tar@1%3A2":                    "pkg:deb/debian/tar@1:2",
		"pkg:npm/@a/b@1":                              "pkg:npm/%40a/b@1",
		"pkg:maven/g/a@1?type=jar&classifier=x y":     "pkg:maven/g/a@1?classifier=x%20y&type=jar",
		"pkg:docker/a/b@sha256:ff?repository_url=g/c": "pkg:docker/a/b@sha256:ff?repository_url=g%2Fc",
		"pkg:generic/日本@1":                            "pkg:generic/%E6%97%A5%E6%9C%AC@1",
	} {
		if got := Normal(text); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestMalformed(t *testing.T) {
	for _, text := range []string{
		"", "pkg:", "pkg:npm", "pkg:npm/", "npm/lodash", "pkg:/lodash", "pkg:1npm/a", "pkg:n pm/a", "pkg:npm/a@%", "pkg:npm/a%zz",
		"pkg:npm/a?1=b", "pkg:npm/a?x=1&X=2", "pkg:npm/a#%", "pkg:npm/" + strings.Repeat("a", longest),
	} {
		if u, err := Parse(text); err == nil {
			t.Errorf("%q: %+v, want an error", text, u)
		} else if len(err.Error()) > 400 {
			t.Errorf("%q: an error of %d bytes", text[:20], len(err.Error()))
		}
		if Normal(text) != text {
			t.Errorf("%q: changed although it can't be read", text)
		}
	}
}

func TestCovers(t *testing.T) {
	for _, test := range []struct {
		wide, narrow string
		want         bool
	}{
		{"pkg:npm/a", "pkg:npm/a@1", true},
		{"pkg:npm/a@1", "pkg:npm/a@1", true},
		{"pkg:npm/a@1", "pkg:npm/a@2", false},
		{"pkg:npm/a@1", "pkg:npm/a", false},
		{"pkg:npm/a", "pkg:npm/b", false},
		{"pkg:npm/a", "pkg:pypi/a", false},
		{"pkg:deb/debian/a?arch=amd64", "pkg:deb/debian/a@1?arch=amd64&distro=debian-12", true},
		{"pkg:deb/debian/a?arch=amd64", "pkg:deb/debian/a@1?arch=arm64", false},
		{"pkg:deb/debian/a?arch=amd64", "pkg:deb/debian/a@1", false},
		{"pkg:deb/debian/a", "pkg:deb/ubuntu/a", false},
		{"pkg:golang/x.org/a@v1.2.3", "pkg:golang/x.org/a@1.2.3", true},
		{"pkg:golang/x.org/a@1.2.3#sub", "pkg:golang/x.org/a@1.2.3", false},
	} {
		wide, err := Parse(test.wide)
		narrow, err2 := Parse(test.narrow)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		if got := wide.Covers(&narrow); got != test.want {
			t.Errorf("%s covers %s: %t, want %t", test.wide, test.narrow, got, test.want)
		}
	}
}

func TestSetQualifier(t *testing.T) {
	u := URL{Type: "deb", Name: "a", Qualifiers: []Qualifier{{"distro", "x"}}}
	u.SetQualifier("arch", "amd64")
	u.SetQualifier("distro", "")
	if got := u.String(); got != "pkg:deb/a?arch=amd64" {
		t.Error(got)
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"pkg:npm/%40a/b@1", "pkg:deb/debian/a@1:2%2B3?arch=x&distro=y#a/b", "pkg:golang/a/b/c@v1/x", "pkg:a/@b@@c"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u, err := Parse(text)
		if err != nil {
			return
		}
		canonical := u.String()
		again, err := Parse(canonical)
		if err != nil {
			t.Fatalf("%q became %q, which can't be read: %v", text, canonical, err)
		}
		if again.String() != canonical || !u.Covers(&again) {
			t.Fatalf("%q became %q became %q", text, canonical, again.String())
		}
	})
}
