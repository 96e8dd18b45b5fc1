package eol

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func embedded(t testing.TB) *DB {
	t.Helper()
	db, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func TestTheBuiltInCopyIsWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "eol.db")
	if err := os.WriteFile(path, []byte(builtIn), 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := db.Stamp()
	if err != nil || s.Products != db.Len() || s.Products < 400 || s.License != "MIT" || s.MadeAt().IsZero() || s.Source != API {
		t.Errorf("stamp %+v, %v, with %d products", s, err, db.Len())
	}
	cycles := 0
	for i := range db.Len() {
		p, err := db.At(i)
		if err != nil {
			t.Fatalf("product %d: %v", i, err)
		}
		cycles += len(p.Cycles)
	}
	if cycles != s.Cycles {
		t.Errorf("%d cycles, the stamp says %d", cycles, s.Cycles)
	}
}

func TestOurNamesAreOfProducts(t *testing.T) {
	db := embedded(t)
	for line := range strings.Lines(moreNames) {
		fields := strings.Fields(line)
		if fields[0] == "#" {
			continue
		}
		if p, err := db.Product(fields[0]); err != nil || p == nil {
			t.Errorf("%s is no product", fields[0])
		}
		for _, name := range fields[2:] {
			id := Identity{fields[1], name}
			keys := id.keys()
			if len(keys) == 0 {
				t.Errorf("%s %s is no identity", fields[1], name)
				continue
			}
			if list, err := db.find(keys[0]); err != nil || len(list) == 0 {
				t.Errorf("%s %s is not found; run go generate", fields[1], name)
			}
		}
	}
}

func names(list []*Product, err error) string {
	if err != nil {
		return err.Error()
	}
	var all []string
	for _, p := range list {
		all = append(all, p.Name)
	}
	return strings.Join(all, " ")
}

func TestLookups(t *testing.T) {
	db := embedded(t)
	for _, test := range []struct{ got, want string }{
		{names(db.ByPURL("pkg:deb/debian/python3.11@3.11.2-6?arch=amd64&distro=debian-12")), "python"},
		{names(db.ByPURL("pkg:golang/stdlib@1.25.1")), "go"},
		{names(db.ByPURL("pkg:maven/org.springframework.boot/spring-boot@2.7.18")), "spring-boot"},
		{names(db.ByPURL("pkg:npm/%40angular/core@12.0.0")), "angular"},
		{names(db.ByPURL("pkg:npm/@angular/core@12.0.0")), "angular"},
		{names(db.ByPURL("pkg:npm/@angular/core")), "angular"},
		{names(db.ByPURL("pkg:github/mautic/mautic")), "mautic"},
		{names(db.ByPURL("pkg:docker/library/postgres@11")), "postgresql"},
		{names(db.ByPURL("pkg:docker/nginx@1.18")), "nginx"},
		{names(db.ByPURL("pkg:oci/argocd@sha256:aa?repository_url=quay.io/argoproj/argocd")), "argo-cd"},
		{names(db.ByPURL("pkg:npm/left-pad@1.3.0")), ""},
		{names(db.ByPURL("nothing")), ""},
		{names(db.ByImage("docker.io/library/nginx")), "nginx"},
		{names(db.ByImage("quay.io/prometheus/prometheus")), "prometheus"},
		{names(db.ByImage("registry.k8s.io/sig-storage/csi-node-driver-registrar")), "kubernetes-csi-node-driver-registrar"},
		{names(db.ByImage("k8s.gcr.io/kube-apiserver")), "kubernetes"},
		{names(db.ByImage("shop.example/nginx")), ""},
		{names(db.ByCPE("cpe:2.3:a:redis:redis:7.0:*:*:*:*:*:*:*")), "redis"},
		{names(db.ByCPE("cpe:2.3:o:debian:debian_linux:12:*:*:*:*:*:*:*")), "debian"},
		{names(db.ByCPE("cpe:/o:debian:debian_linux:12")), "debian"},
		{names(db.BySystemPackage("nodejs", "18.19.0+dfsg-6")), "nodejs"},
		{names(db.BySystemPackage("postgresql-15", "15.3-0+deb12u1")), "postgresql"},
		{names(db.BySystemPackage("php8.2-fpm", "8.2.7-1")), "php"},
		{names(db.BySystemPackage("nodejs20", "20.1.0-r1")), "nodejs"},
		{names(db.BySystemPackage("python3-yaml", "3.13")), ""},
		{names(db.BySystemPackage("postgresql-15", "16.1")), ""},
		{names(db.BySystemPackage("bash", "5.2.15-2")), ""},
	} {
		if test.got != test.want {
			t.Errorf("found %q, want %q", test.got, test.want)
		}
	}
}

func TestSystems(t *testing.T) {
	db := embedded(t)
	for _, test := range []struct {
		system System
		want   string
	}{
		{System{ID: "debian", VersionID: "12"}, "debian 12"},
		{System{ID: "debian", Codename: "bookworm"}, "debian 12"},
		{System{ID: "debian"}, "debian"},
		{System{ID: "alpine", VersionID: "3.10.2"}, "alpine-linux 3.10"},
		{System{ID: "rhel", VersionID: "8.9"}, "rhel 8"},
		{System{ID: "centos", VersionID: "8"}, "centos 8"},
		{System{ID: "centos", VersionID: "8", Name: "CentOS Stream 8"}, "centos-stream 8"},
		{System{ID: "amzn", VersionID: "2"}, "amazon-linux 2"},
		{System{ID: "opensuse-leap", VersionID: "15.4"}, "opensuse 15.4"},
		{System{ID: "sles", VersionID: "15.5"}, "sles 15.5"},
		{System{ID: "cos", VersionID: "109"}, "cos cos-109"},
		{System{ID: "wolfi", VersionID: "20230201"}, ""},
		{System{ID: "opensuse-tumbleweed", VersionID: "20240101"}, ""},
		{System{ID: "go", VersionID: "1.20"}, ""}, // a product, but no system
		{systemOf(t, "Debian GNU/Linux 12 (bookworm)"), "debian 12"},
		{systemOf(t, "Ubuntu 22.04.3 LTS"), "ubuntu 22.04"},
		{systemOf(t, "Amazon Linux 2"), "amazon-linux 2"},
		{systemOf(t, "Alpine Linux v3.18"), "alpine-linux 3.18"},
		{systemOf(t, "SUSE Linux Enterprise Server 15 SP5"), "sles 15.5"},
		{systemOf(t, "CentOS Stream 9"), "centos-stream 9"},
		{systemOf(t, "Rocky Linux 9.3 (Blue Onyx)"), "rocky-linux 9"},
	} {
		p, c, err := db.BySystem(test.system)
		got := ""
		if p != nil {
			got = p.Name
		}
		if c != nil {
			got += " " + c.Name
		}
		if err != nil || got != test.want {
			t.Errorf("%+v: %q, %v, want %q", test.system, got, err, test.want)
		}
	}
	for _, name := range []string{"", "Talos (v1.7.0)", "Debian GNU/Linux", "Red Hat Enterprise Linux CoreOS 414.92"} {
		if s, ok := SystemOf(name); ok {
			t.Errorf("%q is read as %+v", name, s)
		}
	}
}

func systemOf(t *testing.T, name string) System {
	t.Helper()
	s, ok := SystemOf(name)
	if !ok {
		t.Errorf("%q is not known", name)
	}
	return s
}

// The corpus carries flags that were computed for one day; ours must be those.
func TestFlagsAgreeWithTheCorpus(t *testing.T) {
	const folder = "../../../../shared/data/eol/products"
	files, _ := filepath.Glob(folder + "/*.json")
	if len(files) == 0 {
		t.Skip("no corpus at " + folder)
	}
	today, _ := ParseDay("2026-11-23")
	count := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		products, _, err := read(data)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		var body struct{ Result productShape }
		if err := json.Unmarshal(data, &body); err != nil {
			t.Fatal(err)
		}
		for i, c := range products[0].Cycles {
			s := body.Result.Releases[i]
			for _, pair := range []struct {
				name string
				mark Mark
				flag *bool
			}{{"eol", c.EOL, s.IsEOL}, {"eoas", c.EOAS, s.IsEOAS}, {"eoes", c.EOES, s.IsEOES}, {"lts", c.LTS, s.IsLTS}} {
				if pair.flag != nil && pair.mark.Passed(today) != *pair.flag {
					t.Errorf("%s %s: %s is %v by %s, the corpus says %v", body.Result.Name, c.Name, pair.name, !*pair.flag, pair.mark, *pair.flag)
				}
			}
			count++
		}
	}
	if count < 8000 {
		t.Errorf("%d cycles compared", count)
	}
}

const twoProducts = `{"schema_version":"1.2.1","generated_at":"2026-01-02T03:04:05+00:00","total":2,"result":[
 {"name":"kitchen","aliases":["cook"],"label":"Kitchen","category":"app","identifiers":[{"type":"purl","id":"pkg:npm/kitchen"},{"type":"cpe","id":"cpe:/a:shop:kitchen"}],
  "labels":{"eol":"Care","eoes":null},"links":{"html":"https://kitchen.example/"},
  "releases":[{"name":"2","releaseDate":"2025-01-01","isEol":false,"eolFrom":null,"latest":{"name":"2.1","date":"2025-05-05"}},{"name":"stove","eolFrom":true},{"name":"1","eolFrom":"2025-06-01","isEol":false}]},
 {"name":"larder","releases":[{"name":"1","isEol":true,"eolFrom":null,"latest":null}]}]}`

func TestImport(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "full.json")
	if err := os.WriteFile(file, []byte(twoProducts), 0o600); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/v1/products/full/" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(twoProducts))
	}))
	defer server.Close()
	target := filepath.Join(folder, "cache", "eol.db")
	for _, from := range []string{file, folder, server.URL + "/api/v1/products/full/"} {
		s, err := ImportTo(context.Background(), Request{From: from, Now: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)}, target)
		if err != nil || s.Products != 2 || s.Cycles != 4 || s.Source != from || s.Made != "2026-01-02T03:04:05+00:00" {
			t.Fatalf("%s: %+v, %v", from, s, err)
		}
		db, err := Find(target)
		if err != nil {
			t.Fatal(err)
		}
		list, err := db.ByPURL("pkg:npm/kitchen@1.5")
		if err != nil || len(list) != 1 {
			t.Fatalf("%v, %v", list, err)
		}
		c, ok := list[0].Cycle("1.5")
		today, _ := ParseDay("2025-06-02")
		if !ok || c.Status(today).Support != Ended || list[0].Support != "Care" || list[0].Cycles[0].Latest != "2.1" {
			t.Errorf("%+v", list[0])
		}
	}
	if _, err := Import(context.Background(), Request{From: server.URL}, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("a missing page: %v", err)
	}
}

func TestImportRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON":        "<html>",
		"a bad date":     `{"result":{"name":"x","releases":[{"name":"1","eolFrom":"soon"}]}}`,
		"a number":       `{"result":{"name":"x","releases":[{"name":"1","eolFrom":7}]}}`,
		"no releases":    `{"result":{"name":"x"}}`,
		"no products":    `{"result":[]}`,
		"one name twice": `{"result":[{"name":"x","releases":[{"name":"1"}]},{"name":"x","releases":[{"name":"1"}]}]}`,
	} {
		file := filepath.Join(t.TempDir(), "f.json")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Import(context.Background(), Request{From: file}, &bytes.Buffer{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestDamagedFilesAreRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "eol.db")
	for name, content := range map[string]string{
		"empty":     "",
		"other":     strings.Repeat("x", 200),
		"cut":       builtIn[:len(builtIn)/2],
		"longer":    builtIn + "x",
		"one byte":  builtIn[:len(builtIn)-9] + "\x00" + builtIn[len(builtIn)-8:],
		"bad sizes": builtIn[:headerSize] + strings.Repeat("\xff", 20) + builtIn[fixedSize:],
	} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Find(path); !errors.Is(err, errDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Find(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a missing file: no error")
	}
}

func TestANewerFileOfTheUserIsTaken(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	path, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	if db, err := Find(""); err != nil || db.Len() < 400 {
		t.Fatalf("without a file of the user: %v", err)
	}
	for made, want := range map[string]bool{"2099-01-01T00:00:00Z": true, "2001-01-01T00:00:00Z": false} {
		p, _, err := read([]byte(twoProducts))
		if err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		if err := errors.Join(Write(&file, p, Stamp{Made: made}), replace(path, file.Bytes())); err != nil {
			t.Fatal(err)
		}
		db, err := Find("")
		if err != nil || (db.Len() == 2) != want {
			t.Errorf("made %s: %d products, %v", made, db.Len(), err)
		}
	}
	if err := replace(path, []byte("broken")); err != nil {
		t.Fatal(err)
	}
	if _, err := Find(""); !errors.Is(err, errDamaged) {
		t.Errorf("a broken file of the user: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(twoProducts))
	f.Add([]byte(`{"name":"x","releases":[{"name":"1.2","eolFrom":false}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		products, made, err := read(data)
		if err != nil {
			return
		}
		if products, err = unique(products); err != nil {
			return
		}
		var file bytes.Buffer
		if err := Write(&file, products, Stamp{Made: made}); err != nil {
			t.Fatal(err)
		}
		db, err := parse(file.String())
		if err != nil {
			t.Fatal(err)
		}
		for i := range products {
			p, err := db.At(i)
			if err != nil {
				t.Fatal(err)
			}
			if p.Name != products[i].Name || !slices.Equal(p.Cycles, products[i].Cycles) {
				t.Fatalf("got %+v, want %+v", p, products[i])
			}
			for j := range p.Cycles {
				p.Cycle(p.Cycles[j].Name)
				p.Cycles[j].Status(0)
				p.Next(&p.Cycles[j], 0)
				p.Floating(p.Cycles[j].Name)
			}
		}
	})
}

func FuzzFile(f *testing.F) {
	var file bytes.Buffer
	p, _, _ := read([]byte(twoProducts))
	if err := Write(&file, p, Stamp{}); err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes(), "pkg:npm/kitchen@1")
	f.Fuzz(func(t *testing.T, data []byte, purl string) {
		db, err := parse(string(data))
		if err != nil {
			return
		}
		_, _ = db.Stamp()
		_, _ = db.ByPURL(purl)
		_, _ = db.ByCPE(purl)
		_, _ = db.BySystemPackage(purl, purl)
		for i := range min(db.Len(), 100) {
			_, _ = db.At(i)
		}
	})
}

func BenchmarkLookup(b *testing.B) {
	db := embedded(b)
	b.Run("hit", func(b *testing.B) {
		for b.Loop() {
			if list, _ := db.ByPURL("pkg:deb/debian/python3.11@3.11.2-6"); len(list) != 1 {
				b.Fatal("not found")
			}
		}
	})
	b.Run("miss", func(b *testing.B) {
		for b.Loop() {
			_, _ = db.ByPURL("pkg:npm/left-pad@1.3.0")
		}
	})
}
