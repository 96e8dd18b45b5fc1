package java_test

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/source/image/catalog"
	"github.com/foilsec/foil/internal/source/image/catalog/catalogtest"
	"github.com/foilsec/foil/internal/source/image/catalog/java"
)

type member struct {
	name    string
	content []byte
	method  uint16
}

func jar(t testing.TB, members ...member) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, m := range members {
		f, err := w.CreateHeader(&zip.FileHeader{Name: m.name, Method: m.method})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(m.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pom(group, name, version string) member {
	return member{"META-INF/maven/" + group + "/" + name + "/pom.properties", []byte("#made\ngroupId=" + group + "\nartifactId=" + name + "\nversion=" + version + "\r\n"), zip.Deflate}
}

func manifest(lines ...string) member {
	return member{"META-INF/MANIFEST.MF", []byte("Manifest-Version: 1.0\r\n" + strings.Join(lines, "\r\n") + "\r\n\r\nName: x\r\nImplementation-Version: 9\r\n"), zip.Deflate}
}

func names(found catalog.Found) []string {
	var out []string
	for _, p := range found.Packages {
		out = append(out, p.Name+" "+p.Version)
	}
	slices.Sort(out)
	return out
}

func TestArchives(t *testing.T) {
	for _, test := range []struct {
		file    string
		members []member
		want    []string
	}{
		{"commons-text-1.9.jar", []member{pom("org.apache.commons", "commons-text", "1.9")}, []string{"org.apache.commons:commons-text 1.9"}},
		{"shop.jar", []member{pom("com.shop", "shop", "1"), pom("org.yaml", "snakeyaml", "1.30")}, []string{"com.shop:shop 1", "org.yaml:snakeyaml 1.30"}},
		{"spring-core-5.3.17.jar", []member{manifest("Implementation-Title: spring-core", "Implementation-Version: 5.3.17")}, []string{"org.springframework:spring-core 5.3.17"}},
		{"spring-boot-2.6.0.jar", nil, []string{"org.springframework.boot:spring-boot 2.6.0"}},
		{"jackson-databind-2.9.8.jar", []member{manifest("Bundle-SymbolicName: com.fasterxml.jackson.core.jackson-d", " atabind;x:=y", "Bundle-Version: 2.9.8")}, []string{"com.fasterxml.jackson.core:jackson-databind 2.9.8"}},
		{"log4j.jar", []member{manifest("Implementation-Version: 1.2.17")}, []string{"log4j:log4j 1.2.17"}},
		{"own-1.0.jar", []member{manifest()}, []string{"own 1.0"}},
		{"own.jar", []member{manifest("Implementation-Version: 1.0")}, nil},
		{"own-1.0.jar", []member{manifest(), pom("org.yaml", "snakeyaml", "${version}"), pom("a.b", "c", "2")}, []string{"a.b:c 2", "own 1.0"}},
	} {
		content := jar(t, append(test.members, member{"a/B.class", []byte("x"), zip.Store})...)
		found := catalogtest.Read(t, java.Reader(), catalogtest.File("opt/app/"+test.file, content))
		if got := names(found); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.file, got, test.want)
		}
	}
}

func TestArchivesInArchives(t *testing.T) {
	inner := jar(t, pom("org.yaml", "snakeyaml", "1.30"))
	for _, method := range []uint16{zip.Store, zip.Deflate} {
		outer := jar(t, pom("com.shop", "shop", "1"), member{"BOOT-INF/lib/snakeyaml-1.30.jar", inner, method})
		outer = append([]byte("#!/bin/sh\nexec java -jar $0\n"), outer...)
		found := catalogtest.Read(t, java.Reader(), catalogtest.File("app/shop.jar", outer))
		if got := names(found); !slices.Equal(got, []string{"com.shop:shop 1", "org.yaml:snakeyaml 1.30"}) {
			t.Fatalf("method %d: %q", method, got)
		}
		for _, p := range found.Packages {
			if p.Name == "org.yaml:snakeyaml" && (p.Locations[0] != "app/shop.jar!/BOOT-INF/lib/snakeyaml-1.30.jar" || p.PURL != "pkg:maven/org.yaml/snakeyaml@1.30") {
				t.Errorf("%+v", p)
			}
		}
	}
}

func TestDepthIsBounded(t *testing.T) {
	content := jar(t, pom("a.b", "c", "1"))
	for range 10 {
		content = jar(t, member{"lib/x.jar", content, zip.Deflate})
	}
	_, err := java.Reader().Read(t.Context(), catalogtest.File("app/x.jar", content))
	if err == nil || !strings.Contains(err.Error(), "deeper") {
		t.Errorf("error %v, want the limit of depth", err)
	}
}

func TestABombIsNotUnpacked(t *testing.T) {
	content := jar(t, member{"lib/x.jar", make([]byte, 200<<20), zip.Deflate}, pom("a.b", "c", "1"))
	found, err := java.Reader().Read(t.Context(), catalogtest.File("app/x.jar", content))
	if err == nil || !strings.Contains(err.Error(), "limit") || len(found.Packages) != 1 {
		t.Errorf("%d packages, error %v", len(found.Packages), err)
	}
}

func TestDamage(t *testing.T) {
	content := jar(t, pom("a.b", "c", "1"))
	for _, damaged := range [][]byte{content[:len(content)/2], make([]byte, 100), append(slices.Clone(content[:30]), content[60:]...)} {
		if _, err := java.Reader().Read(t.Context(), catalogtest.File("x.jar", damaged)); err == nil {
			t.Error("a damaged archive is no error")
		}
	}
}

func TestArchivesOfThisMachine(t *testing.T) {
	files, _ := filepath.Glob("/usr/share/maven/lib/*.jar")
	if len(files) == 0 {
		t.Skip("this machine has no Maven in /usr/share/maven")
	}
	recognised := 0
	for _, path := range files {
		content, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		found := catalogtest.Read(t, java.Reader(), catalogtest.File(path[1:], content))
		if len(found.Packages) > 0 {
			recognised++
		}
	}
	if recognised < len(files)*3/4 { // some have no version in them at all
		t.Errorf("%d of %d archives are recognised", recognised, len(files))
	}
}

func FuzzArchive(f *testing.F) {
	f.Add(jar(f, pom("a.b", "c", "1"), manifest("Bundle-SymbolicName: x"), member{"y.jar", jar(f, pom("d.e", "f", "2")), zip.Store}))
	f.Fuzz(func(t *testing.T, content []byte) {
		found, _ := java.Reader().Read(t.Context(), catalogtest.File("x-1.jar", content))
		for _, p := range found.Packages {
			if p.Name == "" || p.Version == "" || p.Type() != "maven" {
				t.Fatalf("%+v", p)
			}
		}
	})
}
