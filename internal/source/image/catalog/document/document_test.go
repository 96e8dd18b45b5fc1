package document_test

import (
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/source/image/catalog"
	"github.com/foilsec/foil/internal/source/image/catalog/catalogtest"
	"github.com/foilsec/foil/internal/source/image/catalog/document"
)

func TestKinds(t *testing.T) {
	for _, test := range []struct{ path, content, kind string }{
		{"usr/share/vex/shop.openvex.json", `{"@context":"https://openvex.dev/ns/v0.2.0"}`, "openvex"},
		{"vex.json", `{"document":{"category":"csaf_vex","csaf_version":"2.0"}}`, "csaf"},
		{"app/shop.cdx.json", "\n{\"bomFormat\":\"CycloneDX\"}", "cyclonedx"},
		{"opt/bitnami/redis/.spdx-redis.spdx", `{"spdxVersion":"SPDX-2.3"}`, "spdx"},
		{"app/a.spdx.json", `{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld"}`, "spdx"},
		{"app/bom.json", `{"other":1}`, ""},
		{"app/bom.json", `"bomFormat"`, ""},
		{"app/x.spdx", "SPDXVersion: SPDX-2.3\n", ""},
	} {
		found := catalogtest.Read(t, document.Reader(), catalogtest.File(test.path, []byte(test.content)))
		kind := ""
		if len(found.Documents) > 0 {
			kind = found.Documents[0].Kind
		}
		if kind != test.kind {
			t.Errorf("%s %s: %q, want %q", test.path, test.content, kind, test.kind)
		}
	}
}

func TestBounds(t *testing.T) {
	_, err := document.Reader().Read(t.Context(), catalogtest.File("vex.json", []byte(strings.Repeat(" ", 4<<20)+"{}")))
	if err == nil || !strings.Contains(err.Error(), "limit") {
		t.Errorf("error %v, want the limit", err)
	}
	for _, path := range []string{"var/lib/db/sbom/x.spdx.json", "app/node_modules/x/bom.json", "app/package.json"} {
		name := catalog.NewName(path, 10, false)
		if document.Reader().Wants(&name) != catalog.Nothing {
			t.Errorf("%s is wanted", path)
		}
	}
}
