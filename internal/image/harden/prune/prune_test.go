package prune_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/image/harden/inventory"
	"github.com/foilsec/foil/internal/image/harden/prune"
	"github.com/foilsec/foil/internal/image/harden/rootfs"
	"github.com/foilsec/foil/internal/image/harden/rootfs/rootfstest"
)

const status = `Package: shop
Status: install ok installed
Version: 1
Depends: libshop

Package: libshop
Status: install ok installed
Version: 1

Package: bash
Essential: yes
Status: install ok installed
Version: 5

Package: perl
Status: install ok installed
Version: 5

Package: tzdata
Status: install ok installed
Version: 2026

`

func image(t *testing.T) *rootfs.Tree {
	return rootfstest.Tree(t, map[string]string{
		"usr/bin/shop": "x", "usr/bin/shop-admin": "x", "usr/bin/shop-link": "-> shop", "etc/shop.conf": "x",
		"usr/share/doc/shop/copyright": "x", "usr/share/doc/shop/changelog": "x", "usr/share/shop/LICENSE.txt": "x",
		"usr/lib/libshop.so.1": "x", "usr/share/doc/libshop/copyright": "x",
		"usr/bin/bash": "x", "usr/bin/sh": "-> bash", "usr/bin/perl": "x", "usr/share/perl/a.pm": "x", "+usr/bin/suid": "x",
		"usr/share/zoneinfo/UTC": "x", "usr/lib/ssl/certs": "-> /etc/ssl/certs", "etc/ssl/certs/ca.crt": "x",
		"var/log/apt.log": "x", "var/cache/apt/pkg.bin": "x", "app/own": "x", "var/lib/shop/": "", "run/lock": "-> /run/none",
		"usr/lib/python3/a.py": "x", "usr/lib/python3/__pycache__/a.cpython-311.pyc": "x",
		"var/lib/dpkg/status":             status,
		"var/lib/dpkg/status-old":         status,
		"var/lib/dpkg/info/shop.postinst": "x",
		"var/lib/dpkg/info/shop.list":     "/usr/bin/shop\n/usr/bin/shop-admin\n/usr/bin/shop-link\n/etc/shop.conf\n/usr/share/doc/shop/copyright\n/usr/share/doc/shop/changelog\n/usr/share/shop/LICENSE.txt\n",
		"var/lib/dpkg/info/libshop.list":  "/usr/lib/libshop.so.1\n/usr/share/doc/libshop/copyright\n",
		"var/lib/dpkg/info/bash.list":     "/usr/bin/bash\n/usr/bin/sh\n",
		"var/lib/dpkg/info/perl.list":     "/usr/bin/perl\n/usr/share/perl/a.pm\n/usr/lib/ssl/certs\n/usr/lib/python3/a.py\n",
		"var/lib/dpkg/info/tzdata.list":   "/usr/share/zoneinfo/UTC\n",
	})
}

func run(t *testing.T, level prune.Level, keep ...string) (*rootfs.Tree, *prune.Result) {
	t.Helper()
	tree := image(t)
	return tree, prune.Run(prune.Request{
		Tree: tree, Inventory: inventory.Read(tree), Level: level, Keep: keep,
		Uses:     func(file string) bool { return file == "usr/bin/shop" },
		Executes: func(string) bool { return false },
	})
}

func names(list []*inventory.Package) string {
	var all []string
	for _, p := range list {
		all = append(all, p.Name)
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func TestLevels(t *testing.T) {
	cases := []struct {
		level       prune.Level
		keep        []string
		removed     string
		stripped    string
		stays, goes []string
	}{
		{
			level: prune.App, removed: "bash libshop perl", stripped: "shop",
			stays: []string{
				"usr/bin/shop", "usr/bin/shop-link", "etc/shop.conf", "usr/share/doc/shop/copyright", "usr/share/shop/LICENSE.txt", "usr/share/zoneinfo/UTC",
				"app/own", "etc/ssl/certs/ca.crt", "usr/lib/ssl/certs", "var/lib/shop", "var/lib/dpkg/status", "var/lib/dpkg/info/shop.list", "run/lock", "var/log",
			},
			goes: []string{
				"usr/bin/shop-admin", "usr/share/doc/shop/changelog", "usr/bin/bash", "usr/bin/sh", "usr/bin/perl", "usr/share/perl", "usr/lib/libshop.so.1",
				"usr/share/doc/libshop", "var/log/apt.log", "var/cache/apt/pkg.bin", "var/lib/dpkg/status-old", "var/lib/dpkg/info/shop.postinst",
				"var/lib/dpkg/info/perl.list", "usr/lib/python3/__pycache__/a.cpython-311.pyc",
			},
		},
		{
			level: prune.System, removed: "perl",
			stays: []string{"usr/bin/shop-admin", "usr/bin/bash", "usr/bin/sh", "usr/lib/libshop.so.1", "usr/share/doc/shop/changelog"},
			goes:  []string{"usr/bin/perl", "var/log/apt.log"},
		},
		{
			level: prune.App, keep: []string{"perl"}, removed: "bash libshop", stripped: "shop",
			stays: []string{"usr/bin/perl", "usr/share/perl/a.pm", "usr/lib/python3/__pycache__/a.cpython-311.pyc"},
		},
	}
	for _, c := range cases {
		t.Run(string(c.level)+strings.Join(c.keep, ""), func(t *testing.T) {
			tree, result := run(t, c.level, c.keep...)
			if got := names(result.Removed); got != c.removed {
				t.Errorf("removed %q, want %q", got, c.removed)
			}
			if got := names(result.Stripped); got != c.stripped {
				t.Errorf("stripped %q, want %q", got, c.stripped)
			}
			for _, f := range c.stays {
				if tree.Lookup(f) == nil {
					t.Errorf("%s went", f)
				}
			}
			for _, f := range c.goes {
				if tree.Lookup(f) != nil {
					t.Errorf("%s stayed", f)
				}
			}
		})
	}
}

func TestUnusedRightsAreTaken(t *testing.T) {
	tree, result := run(t, prune.App)
	if !slices.Equal(result.Bits, []string{"usr/bin/suid"}) || tree.Lookup("usr/bin/suid").Mode&rootfs.SetUID != 0 {
		t.Errorf("taken from %v", result.Bits)
	}
	if tree, result = run(t, prune.System); len(result.Bits) > 0 || tree.Lookup("usr/bin/suid").Mode&rootfs.SetUID == 0 {
		t.Errorf("the base system must stay complete: %v", result.Bits)
	}
}
