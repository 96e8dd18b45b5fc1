package php_test

import (
	"testing"

	"github.com/foilsec/foil/internal/source/image/catalog/catalogtest"
	"github.com/foilsec/foil/internal/source/image/catalog/php"
)

func TestInstalled(t *testing.T) {
	const list = `[{"name":"symfony/http-kernel","version":"v5.4.0","license":["MIT",1]},{"name":"own","version":"1"},{"name":"a/b"}]`
	for _, content := range []string{list, `{"packages":` + list + `,"dev":true}`} {
		found := catalogtest.Read(t, php.Reader(), catalogtest.File("var/www/vendor/composer/installed.json", []byte(content)))
		if len(found.Packages) != 1 || found.Packages[0].PURL != "pkg:composer/symfony/http-kernel@v5.4.0" || len(found.Packages[0].Licenses) != 1 {
			t.Errorf("%+v", found.Packages)
		}
	}
	if _, err := php.Reader().Read(t.Context(), catalogtest.File("composer/installed.json", []byte("5"))); err == nil {
		t.Error("what is no list is no error")
	}
}

func FuzzInstalled(f *testing.F) {
	f.Add([]byte(`{"packages":[{"name":"a/b","version":"1","license":[[]]}]}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		found, _ := php.Reader().Read(t.Context(), catalogtest.File("composer/installed.json", content))
		for _, p := range found.Packages {
			if p.Name == "" || p.Version == "" {
				t.Fatalf("%+v", p)
			}
		}
	})
}
