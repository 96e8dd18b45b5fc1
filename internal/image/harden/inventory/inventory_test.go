package inventory_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/image/harden/inventory"
	"github.com/foilsec/foil/internal/image/harden/rootfs"
	"github.com/foilsec/foil/internal/image/harden/rootfs/rootfstest"
)

const status = `Package: shop
Status: install ok installed
Architecture: amd64
Version: 1:2.0-1
Depends: libshop1 (>= 2), sh | dash
Description: a shop
 that is described

Package: libshop1
Status: hold ok installed
Architecture: amd64
Version: 2.0-1
Source: shop (1:2.0-1)

Package: leftover
Status: deinstall ok config-files
Architecture: amd64
Version: 1
`

func debian(t *testing.T) *rootfs.Tree {
	return rootfstest.Tree(t, map[string]string{
		"bin":                                   "-> usr/bin",
		"usr/bin/shop":                          "program",
		"usr/lib/libshop.so.1":                  "library",
		"usr/share/doc/shop/manual":             "text",
		"var/lib/dpkg/status":                   status,
		"var/lib/dpkg/info/shop.list":           "/.\n/bin\n/bin/shop\n/usr/share/doc/shop\n/usr/share/doc/shop/manual\n",
		"var/lib/dpkg/info/shop.md5sums":        "00  usr/bin/shop\n11  usr/share/doc/shop/manual\n",
		"var/lib/dpkg/info/libshop1:amd64.list": "/usr/lib/libshop.so.1\n",
	})
}

func byName(t *testing.T, i *inventory.Inventory, name string) *inventory.Package {
	t.Helper()
	for _, p := range i.Packages {
		if p.Name == name {
			return p
		}
	}
	t.Fatalf("there is no package %s", name)
	return nil
}

func read(t *testing.T, tree *rootfs.Tree, name string) string {
	t.Helper()
	text, err := tree.Read(name, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestDebianPackagesAreReadAndRewritten(t *testing.T) {
	tree := debian(t)
	i := inventory.Read(tree)
	if len(i.Packages) != 2 {
		t.Fatalf("%d packages, want the two that are installed", len(i.Packages))
	}
	shop, library := byName(t, i, "shop"), byName(t, i, "libshop1")
	if !slices.Contains(shop.Files, "usr/bin/shop") {
		t.Errorf("a file listed below a folder that became a link is not found: %v", shop.Files)
	}
	if !slices.Equal(shop.Depends, []string{"libshop1", "sh", "dash"}) {
		t.Errorf("depends on %v", shop.Depends)
	}
	if got := shop.PURL("debian"); got != "pkg:deb/debian/shop@1:2.0-1?arch=amd64" {
		t.Error(got)
	}
	tree.Drop("usr/share/doc/shop/manual")
	tree.Drop("usr/lib/libshop.so.1")
	i.Rewrite(map[*inventory.Package]bool{library: true}, map[*inventory.Package]bool{shop: true})
	text := read(t, tree, "var/lib/dpkg/status")
	if strings.Contains(text, "libshop1\nStatus") || !strings.Contains(text, " that is described\nFoil-Stripped: yes\n\n") {
		t.Errorf("the status is\n%s", text)
	}
	if got := read(t, tree, "var/lib/dpkg/info/shop.list"); strings.Contains(got, "manual") || !strings.Contains(got, "/bin/shop\n") {
		t.Errorf("the list is\n%s", got)
	}
	if got := read(t, tree, "var/lib/dpkg/info/shop.md5sums"); got != "00  usr/bin/shop\n" {
		t.Errorf("the sums are\n%s", got)
	}
	if tree.Lookup("var/lib/dpkg/info/libshop1:amd64.list") != nil {
		t.Error("the list of a removed package is still there")
	}
	again := inventory.Read(tree)
	if len(again.Packages) != 1 || again.Packages[0].Version != "1:2.0-1" {
		t.Errorf("read again: %v", again.Packages)
	}
}

func TestImagesWithoutDpkgAreReadAndRewritten(t *testing.T) {
	tree := rootfstest.Tree(t, map[string]string{
		"var/lib/dpkg/status.d/shop":          "Package: shop\nVersion: 1\nArchitecture: all\n",
		"var/lib/dpkg/status.d/shop.md5sums":  "00  usr/bin/shop\n",
		"var/lib/dpkg/status.d/other":         "Package: other\nVersion: 2\n",
		"var/lib/dpkg/status.d/other.md5sums": "00  usr/bin/other\n",
		"usr/bin/shop":                        "x",
		"usr/bin/other":                       "x",
	})
	i := inventory.Read(tree)
	if got := byName(t, i, "shop").Files; !slices.Equal(got, []string{"usr/bin/shop"}) {
		t.Errorf("files %v", got)
	}
	i.Rewrite(map[*inventory.Package]bool{byName(t, i, "other"): true}, map[*inventory.Package]bool{byName(t, i, "shop"): true})
	if tree.Lookup("var/lib/dpkg/status.d/other") != nil || tree.Lookup("var/lib/dpkg/status.d/other.md5sums") != nil {
		t.Error("a removed package is still described")
	}
	if got := read(t, tree, "var/lib/dpkg/status.d/shop"); !strings.HasSuffix(got, "\nFoil-Stripped: yes\n") {
		t.Error(got)
	}
}

const installed = `C:Q1aaaa
P:musl
V:1.2.5-r0
A:x86_64
D:so:libc.musl-x86_64.so.1 scanelf>=1 !bad
p:so:libc.musl=1
F:lib
R:ld-musl-x86_64.so.1
a:0:0:755
Z:Q1bbbb
F:usr/share
R:musl.txt
Z:Q1cccc

P:busybox
V:1.36-r0
A:x86_64
F:bin
R:busybox
Z:Q1dddd

`

func TestAlpinePackagesAreReadAndRewritten(t *testing.T) {
	tree := rootfstest.Tree(t, map[string]string{
		"lib/apk/db/installed": installed, "usr/lib/apk/db": "-> /lib/apk/db",
		"lib/ld-musl-x86_64.so.1": "x", "usr/share/musl.txt": "x", "bin/busybox": "x",
	})
	i := inventory.Read(tree)
	if len(i.Packages) != 2 {
		t.Fatalf("%d packages: a database with two names counts once", len(i.Packages))
	}
	musl := byName(t, i, "musl")
	if !slices.Equal(musl.Depends, []string{"so:libc.musl-x86_64.so.1", "scanelf"}) || !slices.Equal(musl.Provides, []string{"so:libc.musl"}) {
		t.Errorf("depends %v, provides %v", musl.Depends, musl.Provides)
	}
	tree.Drop("usr/share/musl.txt")
	i.Rewrite(map[*inventory.Package]bool{byName(t, i, "busybox"): true}, map[*inventory.Package]bool{musl: true})
	want := strings.Replace(installed[:strings.Index(installed, "P:busybox")], "R:musl.txt\nZ:Q1cccc\n", "", 1)
	want = strings.Replace(want, "F:lib\n", inventory.StrippedLine+"\nF:lib\n", 1)
	if got := read(t, tree, "lib/apk/db/installed"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestPackagesOfLanguagesAreThoseNoSystemPackageOwns(t *testing.T) {
	files := map[string]string{
		"app/node_modules/express/package.json":                      `{"name":"express","version":"4.1.0"}`,
		"app/node_modules/express/index.js":                          "x",
		"app/node_modules/express/node_modules/@a/b/package.json":    `{"name":"@a/b","version":"1.0.0"}`,
		"app/node_modules/express/test/package.json":                 `{"name":"fixture","version":"1.0.0"}`,
		"app/package.json":                                           `{"name":"app","version":"1.0.0"}`,
		"usr/lib/python3/dist-packages/Flask-2.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: Flask\nVersion: 2.0\n\ntext\n",
		"usr/lib/python3/dist-packages/Flask-2.0.dist-info/RECORD":   "flask/__init__.py,sha256=x,1\n../../bin/flask,,\n",
		"usr/lib/python3/dist-packages/flask/__init__.py":            "x",
		"usr/lib/bin/flask":                                          "x",
		"usr/share/nodejs/node_modules/owned/package.json":           `{"name":"owned","version":"1.0.0"}`,
		"var/lib/dpkg/status":                                        status,
		"var/lib/dpkg/info/shop.list":                                "/usr/share/nodejs/node_modules/owned/package.json\n",
	}
	i := inventory.Read(rootfstest.Tree(t, files))
	var names []string
	for _, p := range i.Packages {
		if !p.OfSystem() {
			names = append(names, p.PURL("debian"))
		}
	}
	slices.Sort(names)
	if want := []string{"pkg:npm/%40a/b@1.0.0", "pkg:npm/express@4.1.0", "pkg:pypi/flask@2.0"}; !slices.Equal(names, want) {
		t.Errorf("found %v, want %v", names, want)
	}
	if got := byName(t, i, "Flask").Files; !slices.Contains(got, "usr/lib/bin/flask") {
		t.Errorf("the program of a Python package is not its own: %v", got)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(status, installed, `{"name":"a","version":"1"}`)
	f.Fuzz(func(t *testing.T, dpkg, apk, npm string) {
		tree := rootfstest.Tree(t, map[string]string{"var/lib/dpkg/status": dpkg, "lib/apk/db/installed": apk, "node_modules/a/package.json": npm})
		i := inventory.Read(tree)
		all := map[*inventory.Package]bool{}
		for _, p := range i.Packages {
			all[p] = true
		}
		i.Rewrite(nil, all)
		if again := inventory.Read(tree); len(again.Packages) != len(i.Packages) {
			t.Errorf("%d packages became %d by marking them", len(i.Packages), len(again.Packages))
		}
	})
}
