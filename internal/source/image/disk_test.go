package image

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/archive"
	"github.com/foilsec/foil/internal/source/image/imagetest"
	"github.com/foilsec/foil/internal/source/image/layer"
	"github.com/foilsec/foil/internal/source/image/layout"
	"github.com/foilsec/foil/internal/source/image/oci"
)

// folder makes a folder of files, and of links, which are written "> target".
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		var err error
		if target, ok := strings.CutPrefix(content, "> "); ok {
			err = os.Symlink(target, path)
		} else {
			err = os.WriteFile(path, []byte(content), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestRootFolder(t *testing.T) {
	outside := folder(t, map[string]string{"package.json": "evil=1"})
	root := folder(t, map[string]string{
		"data/dpkg/status": "a=1", "var/lib/dpkg": "> /data/dpkg", "usr/lib/os-release": "debian", "etc/os-release": "> ../usr/lib/os-release",
		"app/package.json": "b=1", "out": "> " + outside, "proc/1/package.json": "never=1", "dev/package.json": "never=1", "key": "SECRET",
	})
	if err := os.Link(filepath.Join(root, "app/package.json"), filepath.Join(root, "copy.json")); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(root, "app/pipe.json"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, reference := range []string{root, "dir:" + root} {
		a := read(t, Options{Reference: reference})
		var names []string
		for _, p := range a.Packages {
			names = append(names, p.Name)
			if p.Layer != -1 {
				t.Errorf("%s is of layer %d", p.Name, p.Layer)
			}
		}
		if !slices.Equal(names, []string{"b", "a"}) || a.OS.ID != "debian" || a.Form != artifact.Folder || len(a.Secrets) != 1 || len(a.Gaps) > 0 {
			t.Errorf("%s: %v, %+v", reference, names, a)
		}
	}
}

func TestAProjectMayHaveAFolderOfAnyName(t *testing.T) {
	root := folder(t, map[string]string{"dev/package.json": "a=1", "sys/package.json": "b=1"})
	if a := read(t, Options{Reference: root}); len(a.Packages) != 2 {
		t.Errorf("packages %v", a.Packages)
	}
}

func TestAFolderOfTooManyFiles(t *testing.T) {
	root := folder(t, map[string]string{"a": "1", "b": "1", "c": "1", "d": "1"})
	a := read(t, Options{Reference: root, Limits: Limits{Limits: layer.Limits{Entries: 3}}})
	if len(a.Gaps) != 1 || !strings.Contains(a.Gaps[0].Reason, "too many files") {
		t.Errorf("gaps %v", a.Gaps)
	}
}

func TestOneFile(t *testing.T) {
	path := filepath.Join(folder(t, map[string]string{"package.json": "a=1"}), "package.json")
	for _, reference := range []string{path, "file:" + path} {
		if a := read(t, Options{Reference: reference}); a.Form != artifact.File || len(a.Packages) != 1 || a.Packages[0].Layer != -1 {
			t.Errorf("%s: %+v", reference, a)
		}
	}
	if _, err := Read(t.Context(), Options{Reference: "file:" + filepath.Dir(path), Catalog: packagesCatalog()}); err == nil {
		t.Error("a folder is taken for a file")
	}
}

func TestLocate(t *testing.T) {
	m := imagetest.New(t, entries{reg("a", "1")}).Layout()
	archive, layoutFolder := m.Archive(t), m.Folder(t)
	plain := folder(t, map[string]string{"program": "\x7fELF"})
	tests := map[string]Place{
		archive: {anyArchive, archive, ""}, archive + ":name:1": {anyArchive, archive, "name:1"}, layoutFolder: {OCIFolder, layoutFolder, ""},
		layoutFolder + ":x": {OCIFolder, layoutFolder, "x"}, plain: {Directory, plain, ""}, plain + "/program": {SingleFile, plain + "/program", ""},
		"oci-archive:" + archive + ":x": {OCIArchive, archive, "x"}, "oci-dir:" + layoutFolder: {OCIFolder, layoutFolder, ""}, "docker-archive:/none.tar": {DockerArchive, "/none.tar", ""},
		"nginx": {RegistryName, "nginx", ""}, "nginx:1.29": {RegistryName, "nginx:1.29", ""}, "host:5000/a/b@sha256:0": {RegistryName, "host:5000/a/b@sha256:0", ""},
		"registry:nginx": {RegistryName, "nginx", ""}, "docker:nginx:1": {Docker, "nginx:1", ""}, "podman:nginx": {Podman, "nginx", ""}, "containerd:nginx": {Containerd, "nginx", ""},
		"docker://nginx:1": {Docker, "nginx:1", ""}, "-": {anyArchive, "-", ""}, "file:x": {SingleFile, "x", ""},
	}
	for reference, want := range tests {
		if got, err := Locate(reference); err != nil || got != want {
			t.Errorf("%s: %+v, error %v; want %+v", reference, got, err, want)
		}
	}
	for _, reference := range []string{"", "docker:", "./none", "/none", "none.tar"} {
		if _, err := Locate(reference); err == nil {
			t.Errorf("%q: no error", reference)
		} else if strings.Contains(reference, "none") && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: error %v", reference, err)
		}
	}
}

func TestOneOfSeveralImages(t *testing.T) {
	first, second := imagetest.New(t, entries{reg(database, "a=1")}), imagetest.New(t, entries{reg(database, "b=1")})
	one, two := first.Manifest(), second.Manifest()
	one["annotations"] = map[string]any{"org.opencontainers.image.ref.name": "1"}
	two["annotations"] = map[string]any{"io.containerd.image.name": "docker.io/team/shop:2"}
	for name, content := range second.Files {
		first.Files[name] = content
	}
	path := first.Index(one, two).Archive(t)
	for name, want := range map[string]string{":1": "a", ":docker.io/team/shop:2": "b", ":shop:2": "b", "@" + second.Digest: "b"} {
		if a := read(t, Options{Reference: path + name}); len(a.Packages) != 1 || a.Packages[0].Name != want {
			t.Errorf("%s: %+v", name, a.Packages)
		}
	}
	for _, name := range []string{"", ":3"} {
		_, err := Read(t.Context(), Options{Reference: path + name, Catalog: packagesCatalog()})
		if err == nil || !strings.Contains(err.Error(), "docker.io/team/shop:2") {
			t.Errorf("%q: error %v", name, err)
		}
	}
}

func TestCompressedArchive(t *testing.T) {
	m := imagetest.New(t, entries{reg(database, "a=1")}).Saved("shop:1")
	for name, content := range map[string][]byte{"i.tar.gz": imagetest.Gzip(t, m.Bytes(t)), "i.tar.zst": imagetest.Zstd(t, m.Bytes(t))} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if a := read(t, Options{Reference: path, Spill: t.TempDir()}); len(a.Packages) != 1 {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

func TestLayersSharedByLinksInTheArchive(t *testing.T) {
	m := imagetest.New(t, entries{reg(database, "a=1")}, entries{reg(database, "a=1")}).Saved("shop:1")
	list := entries{sym("1/layer.tar", "../0/layer.tar")}
	for name, content := range m.Files {
		if name != "1/layer.tar" {
			list = append(list, reg(name, string(content)))
		}
	}
	path := filepath.Join(t.TempDir(), "image.tar")
	if err := os.WriteFile(path, imagetest.Tar(t, list), 0o600); err != nil {
		t.Fatal(err)
	}
	if a := read(t, Options{Reference: path}); len(a.Packages) != 1 || len(a.Gaps) > 0 {
		t.Errorf("%+v", a)
	}
}

func TestALayoutThatLinksOutOfItsFolder(t *testing.T) {
	m := imagetest.New(t, entries{reg(database, "a=1")}).Layout()
	root := m.Folder(t)
	blob := filepath.Join(root, "blobs", "sha256", imagetest.Digest(m.Blobs[0])[7:])
	outside := filepath.Join(t.TempDir(), "blob")
	if err := os.Rename(blob, outside); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, blob); err != nil {
		t.Fatal(err)
	}
	if got := reasons(t, Options{Reference: root}); !strings.Contains(got, "escapes") {
		t.Errorf("gaps %q", got)
	}
}

// FuzzImage holds that documents that are anything give an image or an error.
func FuzzImage(f *testing.F) {
	good := imagetest.New(f, entries{reg(database, "a=1")}).Layout()
	f.Add(good.Files["index.json"], good.Files["blobs/sha256/"+good.Digest[7:]], []byte(`{"rootfs":{"diff_ids":[]}}`))
	f.Add([]byte(`[{"Config":"c","Layers":["l"]}]`), []byte(`{}`), []byte(`{}`))
	f.Fuzz(func(t *testing.T, index, manifest, config []byte) {
		m := &imagetest.Image{Files: map[string][]byte{"index.json": index, "manifest.json": index, "c": config, "l": good.Layers[0]}}
		m.Put("", config)
		readWhatever(t, m)
		m.Files["index.json"] = imagetest.JSON(map[string]any{"manifests": []any{m.Put("", manifest)}})
		readWhatever(t, m)
	})
}

// readWhatever reads an image that may be anything: it must end, and not panic.
func readWhatever(t *testing.T, m *imagetest.Image) {
	t.Helper()
	content := m.Bytes(t)
	for _, form := range []layout.Form{layout.Layout, layout.Saved} {
		a, err := archive.New(t.Context(), bytes.NewReader(content), int64(len(content)))
		if err != nil {
			t.Fatal(err)
		}
		opened, err := inArchive(t.Context(), a, form, "", oci.Wanted{Platform: oci.Platform{OS: "linux", Architecture: "amd64"}})
		if err != nil {
			continue
		}
		if _, err := ReadOpened(t.Context(), Options{Reference: "x", Catalog: packagesCatalog()}, opened); err != nil {
			t.Errorf("an image that was opened is not read: %v", err)
		}
	}
}
