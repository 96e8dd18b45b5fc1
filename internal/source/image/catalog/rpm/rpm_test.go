package rpm_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog"
	"github.com/foilsec/foil/internal/source/image/catalog/catalogtest"
	"github.com/foilsec/foil/internal/source/image/catalog/rpm"
)

// Both databases in testdata hold three packages that were made for this test.
// rpm wrote the one of SQLite; db_load of Berkeley DB 5.3 wrote the same headers
// into the other.
func database(t testing.TB, name string) []byte {
	t.Helper()
	packed, err := os.Open(filepath.Join("testdata", name+".gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	r, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestDatabases(t *testing.T) {
	sqlite := database(t, "rpmdb.sqlite")
	for path, content := range map[string][]byte{
		"var/lib/rpm/rpmdb.sqlite":         sqlite,
		"var/lib/rpm/Packages":             database(t, "Packages"),
		"usr/lib/sysimage/rpm/Packages.db": ndbOf(headersOf(t, sqlite)),
	} {
		t.Run(filepath.Base(path), func(t *testing.T) {
			check(t, catalogtest.Read(t, rpm.Reader(), catalogtest.File(path, content)))
		})
	}
}

func check(t *testing.T, found catalog.Found) {
	t.Helper()
	byName := map[string]artifact.Package{}
	for _, p := range found.Packages {
		byName[p.Name] = p
	}
	kitchen, tools, knife := byName["kitchen"], byName["kitchen-tools"], byName["knife"]
	if len(found.Packages) != 3 || kitchen.Version != "3:1.4-2.el9" || kitchen.PURL != "pkg:rpm/kitchen@1.4-2.el9?arch=x86_64&epoch=3" || kitchen.Module != "cook:2:20260101:abcd" {
		t.Errorf("kitchen: %+v", kitchen)
	}
	if kitchen.SourceName != "kitchen" || kitchen.SourceVersion != "3:1.4-2.el9" || !slices.Equal(kitchen.Licenses, []string{"MIT"}) {
		t.Errorf("source of kitchen: %+v", kitchen)
	}
	if tools.Architecture != "noarch" || !slices.Equal(tools.Requires, []string{"kitchen", "knife"}) {
		t.Errorf("kitchen-tools: %+v", tools)
	}
	if knife.Version != "9-1" || knife.PURL != "pkg:rpm/knife@9-1?arch=x86_64" || knife.SourceName != "kitchen" {
		t.Errorf("knife: %+v", knife)
	}
	files := map[string][]string{}
	for _, o := range found.Owned {
		files[o.Package] = o.Files
	}
	if !slices.Contains(files["kitchen:x86_64"], "usr/share/kitchen/dish-400") || !slices.Contains(files["kitchen-tools:noarch"], "usr/lib/python3.9/site-packages/kitchen-1.4.dist-info/METADATA") {
		t.Errorf("files: %d of kitchen, %q of its tools", len(files["kitchen:x86_64"]), files["kitchen-tools:noarch"])
	}
}

// headersOf are the headers of an SQLite database.
func headersOf(t *testing.T, content []byte) [][]byte {
	t.Helper()
	var headers [][]byte
	if err := rpm.Headers(content, func(h []byte) { headers = append(headers, bytes.Clone(h)) }); err != nil {
		t.Fatal(err)
	}
	return headers
}

// ndbOf writes the format of rpm's backend ndb, which Debian's rpm lacks.
func ndbOf(headers [][]byte) []byte {
	out := make([]byte, 4096)
	copy(out, "RpmP")
	binary.LittleEndian.PutUint32(out[12:], 1)
	for at := 32; at < len(out); at += 16 {
		copy(out[at:], "Slot")
	}
	for i, h := range headers {
		slot := out[32+16*i:]
		binary.LittleEndian.PutUint32(slot[4:], uint32(i+1))
		binary.LittleEndian.PutUint32(slot[8:], uint32(len(out)/16))
		head := make([]byte, 16)
		copy(head, "BlbS")
		binary.LittleEndian.PutUint32(head[4:], uint32(i+1))
		binary.LittleEndian.PutUint32(head[12:], uint32(len(h)))
		out = append(append(out, head...), h...)
		out = append(out, make([]byte, (16-len(out)%16)%16)...)
	}
	return out
}

// TestAgainstRPM has rpm list what it wrote.
func TestAgainstRPM(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "rpmdb.sqlite"), database(t, "rpmdb.sqlite"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("rpm", "--dbpath", folder, "--define", "_db_backend sqlite", "-qa", "--qf", "%{NAME} %{EVR} %{ARCH}\n").Output()
	if err != nil {
		t.Skipf("rpm does not run: %v", err)
	}
	var got []string
	for _, p := range catalogtest.Read(t, rpm.Reader(), catalogtest.File("var/lib/rpm/rpmdb.sqlite", database(t, "rpmdb.sqlite"))).Packages {
		got = append(got, p.Name+" "+p.Version+" "+p.Architecture)
	}
	want := strings.Split(strings.TrimSpace(strings.ReplaceAll(string(out), " 0:", " ")), "\n")
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, rpm says %q", got, want)
	}
}

func TestDamage(t *testing.T) {
	for _, name := range []string{"rpmdb.sqlite", "Packages"} {
		content := database(t, name)
		_, err := rpm.Reader().Read(t.Context(), catalogtest.File("var/lib/rpm/"+name, content[:len(content)/2]))
		if err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("half of %s: error %v", name, err)
		}
	}
	_, err := rpm.Reader().Read(t.Context(), catalogtest.File("var/lib/rpm/rpmdb.sqlite-wal", []byte("x")))
	if err == nil {
		t.Error("changes that are not read are not mentioned")
	}
}

func FuzzDatabases(f *testing.F) {
	sqlite := database(f, "rpmdb.sqlite")
	for i, content := range [][]byte{sqlite[:16<<10], database(f, "Packages")[:16<<10], ndbOf([][]byte{make([]byte, 64)})} {
		f.Add(content, uint8(i))
	}
	names := []string{"rpmdb.sqlite", "Packages", "Packages.db"}
	f.Fuzz(func(t *testing.T, content []byte, kind uint8) {
		found, _ := rpm.Reader().Read(t.Context(), catalogtest.File("var/lib/rpm/"+names[int(kind)%len(names)], content))
		for _, p := range found.Packages {
			if p.Name == "" || p.Version == "" {
				t.Fatalf("%+v", p)
			}
		}
	})
}
