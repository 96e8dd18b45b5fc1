package vex

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/finding"
)

// all reads every example into one set.
func all(t *testing.T) *Set {
	t.Helper()
	var list []Statement
	for name, want := range map[string]int{"open.json": 2, "old.json": 0, "csaf.json": 1, "cdx.json": 1} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		statements, skipped, err := Read(data, name)
		if err != nil || skipped != want {
			t.Errorf("%s: %d skipped, want %d; error %v", name, skipped, want, err)
		}
		list = append(list, statements...)
	}
	return NewSet(list)
}

func TestFind(t *testing.T) {
	kitchen := Ref{Reference: "registry.example.com/shop/kitchen:1.4", Digests: []string{"sha256:aa"}}
	other := Ref{Reference: "registry.example.com/shop/kitchen:1.5", Digests: []string{"sha256:bb"}}
	redHat := func(version string) Ref {
		return Ref{Reference: "ubi", OS: artifact.OS{ID: "rhel", VersionID: version}}
	}
	set := all(t)
	for _, test := range []struct {
		id, purl string
		ref      Ref
		want     string // status and why
	}{
		{"CVE-2024-1", "pkg:npm/lodash@4.17.20", kitchen, "affected upgrade"},
		{"cve-2024-1", "pkg:npm/lodash@4.17.21", kitchen, "not_affected vulnerable_code_not_in_execute_path"},
		{"GHSA-AAAA", "pkg:npm/lodash@4.17.20", kitchen, "not_affected vulnerable_code_not_in_execute_path"},
		{"CVE-2024-1", "pkg:npm/lodash-es@1", kitchen, ""},
		{"CVE-2024-2", "pkg:deb/debian/zlib1g@1?arch=amd64", kitchen, "not_affected never called"},
		{"CVE-2024-2", "pkg:deb/debian/zlib1g@1?arch=amd64", other, ""},
		{"CVE-2024-2", "pkg:deb/debian/bash@1", kitchen, ""},
		{"CVE-2024-3", "pkg:npm/any@1", kitchen, "fixed "},
		{"CVE-2024-3", "pkg:npm/any@1", other, ""},
		{"CVE-2024-3", "", kitchen, "fixed "},
		{"CVE-2024-4", "pkg:npm/any@1", other, "under_investigation "},
		{"CVE-2024-4", "pkg:npm/any@1", Ref{Reference: "kitchen"}, ""},
		{"CVE-2024-5", "pkg:npm/left@1", other, "fixed "},
		{"CVE-2024-5", "pkg:npm/right@1", kitchen, "fixed "},
		{"CVE-2024-5", "pkg:npm/right@1", other, ""},
		{"CVE-2024-6", "pkg:npm/a", kitchen, ""},
		{"CVE-2023-1", "pkg:npm/left@3", kitchen, "not_affected component_not_present"},
		{"CVE-2023-1", "pkg:npm/left@3", other, ""},
		{"CVE-2025-1", "pkg:rpm/redhat/openssl@1?arch=x86_64", redHat("8.9"), "not_affected vulnerable_code_not_present"},
		{"RHBZ-1", "pkg:rpm/redhat/openssl@1?arch=x86_64", redHat("9.2"), "affected update"},
		{"CVE-2025-1", "pkg:rpm/redhat/openssl@1", redHat("7.9"), ""},
		{"CVE-2025-1", "pkg:rpm/redhat/openssl@1", Ref{Reference: "x", OS: artifact.OS{ID: "fedora", VersionID: "9"}}, ""},
		{"CVE-2025-1", "pkg:rpm/redhat/bash@5.1-2.el9?arch=x86_64&distro=rhel-9.2", redHat("9"), "fixed "},
		{"CVE-2025-1", "pkg:rpm/redhat/bash@5.1-3.el9?arch=x86_64", redHat("9"), ""},
		{"CVE-2025-1", "pkg:maven/org.x/lib@1", kitchen, "not_affected not used"},
		{"GHSA-bbbb", "pkg:npm/left@1", kitchen, "not_affected vulnerable_code_not_in_execute_path"},
		{"CVE-2026-2", "pkg:npm/left@1", kitchen, "fixed "},
		{"CVE-2026-2", "pkg:npm/left@1", other, ""},
		{"CVE-2026-3", "pkg:npm/inner@2", kitchen, "under_investigation "},
		{"CVE-2026-4", "pkg:npm/other@1", kitchen, "affected update"},
		{"CVE-2026-5", "pkg:npm/left@1", kitchen, ""},
	} {
		got := ""
		if st, ok := set.Find([]string{"CVE-0", test.id}, test.ref, test.purl); ok {
			got = string(st.Status) + " " + st.why()
		}
		if got != test.want {
			t.Errorf("%s in %s of %s: %q, want %q", test.id, test.purl, test.ref.Reference, got, test.want)
		}
	}
}

func TestFor(t *testing.T) {
	a := &artifact.Artifact{Reference: "registry.example.com/shop/kitchen:1.4", Digest: "sha256:aa"}
	got := all(t).For(a, &artifact.Package{PURL: "pkg:deb/debian/zlib1g@1"}, []string{"CVE-2024-2"})
	if want := (&finding.VEX{Status: "not_affected", Justification: "never called", Author: "Shop team", Source: "open.json"}); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if (*Set)(nil).For(a, &artifact.Package{}, []string{"CVE-2024-2"}) != nil {
		t.Error("a statement out of nothing")
	}
}

func TestTheNewestStatementWins(t *testing.T) {
	at := func(day int) time.Time { return time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC) }
	st := func(status Status, day int) Statement {
		return Statement{Vulnerability: "CVE-1", Products: []Product{{PURL: "pkg:npm/a"}}, Status: status, Timestamp: at(day)}
	}
	for _, test := range []struct {
		list []Statement
		want Status
	}{
		{[]Statement{st(Affected, 1), st(Fixed, 2)}, Fixed},
		{[]Statement{st(Fixed, 2), st(Affected, 1)}, Fixed},
		{[]Statement{st(Fixed, 1), st(Affected, 1)}, Affected},
	} {
		if got, _ := NewSet(test.list).Find([]string{"CVE-1"}, Ref{}, "pkg:npm/a@1"); got.Status != test.want {
			t.Errorf("%s, want %s", got.Status, test.want)
		}
	}
}

func TestWhatAnImageStatesHoldsForItAlone(t *testing.T) {
	data, err := os.ReadFile("testdata/open.json")
	if err != nil {
		t.Fatal(err)
	}
	a := &artifact.Artifact{Reference: "mine", Documents: []artifact.Document{
		{Path: "vex.json", Content: data}, {Path: "sbom.json", Content: []byte(`{"spdxVersion":"SPDX-2.3"}`)}, {Path: "bad.json", Content: []byte(`{`)},
	}}
	list, err := FromArtifact(a)
	if err == nil || !strings.HasPrefix(err.Error(), "mine: bad.json: ") {
		t.Errorf("error %v, want one about bad.json", err)
	}
	set := NewSet(list)
	for reference, want := range map[string]bool{"mine": true, "yours": false} {
		if _, got := set.Find([]string{"CVE-2024-1"}, Ref{Reference: reference}, "pkg:npm/lodash@1"); got != want {
			t.Errorf("%s: %t, want %t", reference, got, want)
		}
	}
}

func TestWhatIsNoVEX(t *testing.T) {
	if _, _, err := Read([]byte(`{"kind":"Pod"}`), "x"); !errors.Is(err, ErrNotVEX) {
		t.Errorf("error %v", err)
	}
	for _, text := range []string{"", "[]", `{"@context":"https://openvex.dev/ns","statements":1}`, `{"document":{"category":"csaf_vex"},"vulnerabilities":1}`,
		`{"document":{"category":"csaf_vex"},"product_tree":{"branches":` + strings.Repeat(`[{"branches":`, 200) + "[]" + strings.Repeat("}]", 200) + "}}"} {
		if list, _, err := Read([]byte(text), "x"); err == nil || len(list) > 0 || !strings.HasPrefix(err.Error(), "x: ") {
			t.Errorf("%.60s: %v, error %v", text, list, err)
		}
	}
}

func TestTooManyProducts(t *testing.T) {
	many := func(text string, n int) string { return strings.TrimSuffix(strings.Repeat(text+",", n), ",") }
	for name, text := range map[string]string{
		"subcomponents": `{"@context":"https://openvex.dev/ns","statements":[{"products":[` + many(`"pkg:npm/a"`, 2000) + `],"subcomponents":[` + many(`"pkg:npm/b"`, 2000) + `]}]}`,
		"groups": `{"document":{"category":"csaf_vex"},"product_tree":{"product_groups":[{"group_id":"g","product_ids":[` + many(`"a"`, 2000) + `]}]},
			"vulnerabilities":[{"flags":[` + many(`{"group_ids":["g"]}`, 2000) + `]}]}`,
	} {
		if _, _, err := Read([]byte(text), "x"); err == nil || !strings.Contains(err.Error(), "more than 2000000 products") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestWriteOpenVEX(t *testing.T) {
	d := Document{Author: "Shop <team>", Role: "maintainer", Tooling: "foil 1.0", Timestamp: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Statements: []Statement{
		{Vulnerability: "CVE-2024-1", Aliases: []string{"GHSA-1"}, Status: NotAffected, Justification: ComponentNotPresent,
			Products: []Product{{ID: "shop:1", PURL: "pkg:oci/shop?tag=1", Digests: []string{"sha256:aa"}, Subcomponents: []Product{{PURL: "pkg:deb/debian/perl@5"}}}}},
		{Vulnerability: "CVE-2024-2", Status: Affected, Action: "upgrade", Products: []Product{{PURL: "pkg:npm/a"}}, Timestamp: time.Date(2026, 2, 2, 3, 4, 5, 0, time.UTC)},
	}}
	var first, second bytes.Buffer
	if err := errors.Join(WriteOpenVEX(&first, d), WriteOpenVEX(&second, d)); err != nil {
		t.Fatal(err)
	}
	if first.String() != second.String() {
		t.Error("the same document gave other bytes")
	}
	want, err := os.ReadFile("testdata/written.json")
	if err != nil || first.String() != string(want) {
		t.Errorf("%v\ngot\n%s\nwant\n%s", err, first.String(), want)
	}
	back, skipped, err := Read(first.Bytes(), "x")
	if err != nil || skipped != 0 || len(back) != 2 {
		t.Fatalf("%d statements, %d skipped, %v", len(back), skipped, err)
	}
	if got := back[0].Products[0]; got.PURL != "pkg:oci/shop?tag=1" || got.Subcomponents[0].PURL != "pkg:deb/debian/perl@5" || got.Digests[0] != "sha256:aa" {
		t.Errorf("got %+v", got)
	}
}

func TestWhatOpenVEXForbids(t *testing.T) {
	product := []Product{{PURL: "pkg:npm/a"}}
	for want, d := range map[string]Document{
		"it has no author":                                                           {},
		"statement 1 (): it names no vulnerability":                                  {Author: "a", Statements: []Statement{{}}},
		"statement 1 (C): it names no product":                                       {Author: "a", Statements: []Statement{{Vulnerability: "C"}}},
		"statement 1 (C): not_affected needs a justification or an impact statement": {Author: "a", Statements: []Statement{{Vulnerability: "C", Products: product, Status: NotAffected}}},
		"statement 1 (C): affected needs an action statement":                        {Author: "a", Statements: []Statement{{Vulnerability: "C", Products: product, Status: Affected}}},
		`statement 1 (C): unknown status "maybe"`:                                    {Author: "a", Statements: []Statement{{Vulnerability: "C", Products: product, Status: "maybe"}}},
	} {
		if err := WriteOpenVEX(&bytes.Buffer{}, d); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"open.json", "old.json", "csaf.json", "cdx.json"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		list, _, err := Read(data, "x")
		if err != nil {
			return
		}
		set := NewSet(list)
		for i := range list {
			if list[i].Vulnerability == "" || len(list[i].Products) == 0 {
				t.Errorf("a statement about nothing: %+v", list[i])
			}
			set.Find([]string{list[i].Vulnerability}, Ref{Reference: "a:1"}, "pkg:npm/a@1")
		}
	})
}
