package builtin_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog"
	"github.com/foilsec/foil/internal/source/image/catalog/builtin"
	"github.com/foilsec/foil/internal/source/image/catalog/catalogtest"
)

// read does with files what the reader of layers does.
func read(t testing.TB, c catalog.Catalog, files ...*catalog.File) *artifact.Artifact {
	t.Helper()
	a := &artifact.Artifact{Form: artifact.Container}
	var owned []catalog.Ownership
	for _, f := range files {
		switch c.Wants(f.Path, f.Mode, f.Size) {
		case catalog.Nothing:
			continue
		case catalog.Head:
			head := make([]byte, min(f.Size, catalog.HeadSize))
			if _, err := f.Content.ReadAt(head, 0); err != nil {
				t.Fatal(err)
			}
			if !c.WantsHead(f.Path, head) {
				continue
			}
		}
		found := c.Read(t.Context(), *f)
		a.Packages = append(a.Packages, found.Packages...)
		a.Secrets = append(a.Secrets, found.Secrets...)
		a.Documents = append(a.Documents, found.Documents...)
		a.Gaps = append(a.Gaps, found.Gaps...)
		owned = append(owned, found.Owned...)
		if found.Program != nil {
			a.Programs = append(a.Programs, *found.Program)
		}
		if found.OS != nil {
			a.OS = *found.OS
		}
	}
	c.Settle(a, owned)
	return a
}

func file(path, content string) *catalog.File { return catalogtest.File(path, []byte(content)) }

// self is the test itself, a program that Go built.
func self(t testing.TB) []byte {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestARoot(t *testing.T) {
	const egg = "usr/lib/python3/dist-packages/requests-2.28.1.egg-info/PKG-INFO"
	a := read(t, builtin.New(),
		file("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n"),
		file("var/lib/dpkg/status", "Package: python3-requests\nStatus: install ok installed\nVersion: 2.28.1+dfsg-1\nArchitecture: all\nSource: requests\n"),
		file("var/lib/dpkg/info/python3-requests.list", "/.\n/usr\n/"+egg+"\n"),
		file(egg, "Name: requests\nVersion: 2.28.1\n"),
		file("app/node_modules/lodash/package.json", `{"name":"lodash","version":"4.17.20"}`),
		file("app/package-lock.json", `{"packages":{"node_modules/lodash":{"version":"4.17.20"},"node_modules/dev":{"version":"1.0.0"}}}`),
		file("root/.git-credentials", "https://bot:s3cr3tV4lu3x@git.example\n"),
		file("app/vex.json", `{"@context":"https://openvex.dev/ns/v0.2.0"}`),
		file("app/broken/node_modules/x/package.json", "{"),
		file("usr/share/doc/x/README", "nothing"),
		catalogtest.Program("app/tool", self(t)),
	)
	var got []string
	for _, p := range a.Packages {
		if p.Ecosystem != "Go" {
			got = append(got, p.PURL+" "+p.Ecosystem+" "+p.Owner)
		}
	}
	const owner = "pkg:deb/debian/python3-requests@2.28.1%2Bdfsg-1?arch=all&distro=debian-12"
	want := []string{owner + " Debian:12 ", "pkg:pypi/requests@2.28.1 PyPI " + owner, "pkg:npm/lodash@4.17.20 npm "}
	if !slices.Equal(got, want) {
		t.Errorf("packages\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(a.Programs) != 1 || !a.Programs[0].Symbols.Has("testing", "tRunner") {
		t.Errorf("%d programs", len(a.Programs))
	}
	if len(a.Secrets) != 1 || len(a.Documents) != 1 || len(a.Gaps) != 1 || !slices.Equal(a.Gaps[0].Ecosystems, []string{"npm"}) {
		t.Errorf("secrets %+v, documents %d, gaps %+v", a.Secrets, len(a.Documents), a.Gaps)
	}
}

func TestThisMachine(t *testing.T) {
	a := read(t, builtin.New(),
		catalogtest.File("etc/os-release", catalogtest.Disk(t, "/etc/os-release")), catalogtest.File("var/lib/dpkg/status", catalogtest.Disk(t, "/var/lib/dpkg/status")))
	if a.OS.ID == "" || len(a.Packages) < 50 || len(a.Gaps) > 0 {
		t.Fatalf("%+v, %d packages, gaps %+v", a.OS, len(a.Packages), a.Gaps)
	}
	for _, p := range a.Packages {
		if !strings.HasPrefix(p.PURL, "pkg:deb/"+a.OS.ID+"/") || p.Ecosystem == "" || p.SourceName == "" {
			t.Errorf("%+v", p)
		}
	}
}

// paths are names as they stand in an image: most are of no interest.
func paths() []string {
	var list []string
	for i := range 3000 {
		list = append(list, fmt.Sprintf("app/node_modules/pkg-%d/lib/internal/file-%d.js", i%200, i), fmt.Sprintf("usr/share/doc/pkg-%d/copyright", i),
			fmt.Sprintf("usr/lib/x86_64-linux-gnu/lib%d.so.1", i), fmt.Sprintf("usr/bin/tool-%d", i))
	}
	return list
}

// TestAskingIsCheap holds the price of the files that are of no interest, which
// are nearly all: their name is split once, and nothing else is kept.
func TestAskingIsCheap(t *testing.T) {
	c := builtin.New()
	list := paths()[:400]
	if n := testing.AllocsPerRun(10, func() {
		for _, p := range list {
			c.Wants(p, 0o755, 4000)
		}
	}); n > float64(len(list)) {
		t.Errorf("%.0f allocations for %d files", n, len(list))
	}
}

func TestVersionNamesEveryReader(t *testing.T) {
	v := builtin.New().Version()
	for _, name := range []string{"dpkg", "apk", "rpm", "go", "npm", "python", "java", "rust", "dotnet", "ruby", "php", "secret", "lock", "program", "document", "os-release"} {
		if !strings.Contains(v, name+" ") {
			t.Errorf("%s is not in %q", name, v)
		}
	}
}

func TestWhatCantBeReadIsAGap(t *testing.T) {
	short := file("var/lib/dpkg/info/x.list", "/usr/bin/x\n")
	short.Size = 1000
	found := builtin.New().Read(context.Background(), *short)
	if len(found.Gaps) != 1 || found.Gaps[0].Path != short.Path {
		t.Errorf("gaps %+v", found.Gaps)
	}
}

func BenchmarkWants(b *testing.B) {
	c, list := builtin.New(), paths()
	for b.Loop() {
		for _, p := range list {
			c.Wants(p, 0o755, 4000)
		}
	}
}

func BenchmarkProgram(b *testing.B) {
	c, content := builtin.New(), self(b)
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		c.Read(b.Context(), catalog.File{Path: "app/tool", Mode: 0o755, Size: int64(len(content)), Content: bytes.NewReader(content)})
	}
}
