package apk_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/source/image/catalog"
	"github.com/foilsec/foil/internal/source/image/catalog/apk"
	"github.com/foilsec/foil/internal/source/image/catalog/catalogtest"
)

const installed = `C:Q1qKcZ+j23xssAXmgQhkOO8dHnbWw=
P:musl
V:1.2.5-r0
A:x86_64
S:407278
L:MIT
o:musl
p:so:libc.musl-x86_64.so.1=1
F:lib
R:ld-musl-x86_64.so.1
a:0:0:755
R:libc.musl-x86_64.so.1

P:busybox-binsh
V:1.36.1-r29
A:x86_64
L:GPL-2.0-only
o:busybox
D:busybox=1.36.1-r29 !conflicting
p:/bin/sh cmd:sh=1.36.1-r29
F:bin
R:sh

P:busybox
V:1.36.1-r29
A:x86_64
o:busybox
D:so:libc.musl-x86_64.so.1 busybox-binsh /bin/sh missing>=2
F:bin
R:busybox
F:
R:.hidden
`

func TestInstalled(t *testing.T) {
	found := catalogtest.Read(t, apk.Reader(), catalogtest.File("lib/apk/db/installed", []byte(installed)))
	if len(found.Packages) != 3 || len(found.Owned) != 3 {
		t.Fatalf("%d packages with %d lists, want 3 and 3", len(found.Packages), len(found.Owned))
	}
	sh, busybox := found.Packages[1], found.Packages[2]
	if sh.SourceName != "busybox" || sh.SourceVersion != "1.36.1-r29" || !slices.Equal(sh.Licenses, []string{"GPL-2.0-only"}) || sh.PURL != "pkg:apk/busybox-binsh@1.36.1-r29?arch=x86_64" {
		t.Errorf("busybox-binsh: %+v", sh)
	}
	if !slices.Equal(sh.Requires, []string{"busybox"}) || !slices.Equal(busybox.Requires, []string{"busybox-binsh", "musl"}) {
		t.Errorf("needs: %q and %q", sh.Requires, busybox.Requires)
	}
	if !slices.Equal(found.Owned[2].Files, []string{"bin/busybox", ".hidden"}) {
		t.Errorf("files: %q", found.Owned[2].Files)
	}
}

func TestBothPlaces(t *testing.T) {
	for path, want := range map[string]catalog.Wish{"lib/apk/db/installed": catalog.All, "usr/lib/apk/db/installed": catalog.All, "lib/apk/db/triggers": catalog.Nothing, "installed": catalog.Nothing} {
		name := catalog.NewName(path, 1, false)
		if got := apk.Reader().Wants(&name); got != want {
			t.Errorf("%s: wish %d, want %d", path, got, want)
		}
	}
}

func TestManyFilesAreBounded(t *testing.T) {
	content := "P:a\nV:1\nF:x\n" + strings.Repeat("R:\n", 1_000_001)
	_, err := apk.Reader().Read(t.Context(), catalogtest.File("lib/apk/db/installed", []byte(content)))
	if err == nil || !strings.Contains(err.Error(), "limits") {
		t.Errorf("error %v, want the limit", err)
	}
}

func FuzzInstalled(f *testing.F) {
	f.Add([]byte(installed))
	f.Add([]byte("P:\nV\n:\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		found, _ := apk.Reader().Read(t.Context(), catalogtest.File("lib/apk/db/installed", content))
		for _, p := range found.Packages {
			if p.Name == "" || p.Version == "" || p.SourceName == "" {
				t.Fatalf("%+v", p)
			}
		}
	})
}
