package harden_test

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/image/harden"
	"github.com/foilsec/foil/internal/image/harden/archive"
	"github.com/foilsec/foil/internal/image/harden/prune"
	"github.com/foilsec/foil/internal/image/harden/rootfs/rootfstest"
)

// smallImage writes an image of a few files.
func smallImage(t *testing.T, run archive.Run, files map[string]string) string {
	t.Helper()
	layer := rootfstest.Layer(t, files).Bytes()
	sum := sha256.Sum256(layer)
	config, err := json.Marshal(archive.Config{Architecture: "amd64", OS: "linux", Run: run,
		RootFS: archive.RootFS{Type: "layers", DiffIDs: []string{"sha256:" + hex.EncodeToString(sum[:])}}})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, f := range []struct {
		name    string
		content []byte
	}{{"manifest.json", []byte(`[{"Config":"config.json","RepoTags":["shop:1"],"Layers":["layer.tar"]}]`)}, {"config.json", config}, {"layer.tar", layer}} {
		if err := errors.Join(w.WriteHeader(&tar.Header{Name: f.name, Mode: 0o644, Size: int64(len(f.content))}), second(w.Write(f.content))); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "shop.tar")
	if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func second(_ int, err error) error { return err }

const shopStatus = `Package: shop
Status: install ok installed
Version: 1
Architecture: amd64

Package: unused
Status: install ok installed
Version: 2
Architecture: amd64

`

func shopFiles() map[string]string {
	return map[string]string{
		"usr/bin/shop": "#!/bin/sh\n", "usr/bin/unused": "x", "etc/os-release": "ID=debian\n", "etc/passwd": "shop:x:1000:1000::/home/shop:/bin/sh\n",
		"var/lib/dpkg/status": shopStatus, "var/lib/dpkg/info/shop.list": "/usr/bin/shop\n", "var/lib/dpkg/info/unused.list": "/usr/bin/unused\n",
	}
}

func staticOptions(t *testing.T, image string) harden.Options {
	return harden.Options{Image: image, Output: filepath.Join(t.TempDir(), "small.tar"), Level: prune.System, Static: true, Version: "test", Reference: "shop:small"}
}

func TestStaticRemovesWholePackages(t *testing.T) {
	image := smallImage(t, archive.Run{Entrypoint: []string{"shop"}, User: "shop", Labels: map[string]string{"own": "label"}}, shopFiles())
	before := read(t, image)
	o := staticOptions(t, image)
	flaws := []harden.Flaw{{ID: "CVE-1", PURL: "pkg:deb/debian/shop@1?arch=amd64"}, {ID: "CVE-2", PURL: "pkg:deb/debian/unused@2?arch=amd64"}}
	o.Findings = func(_ context.Context, file string) ([]harden.Flaw, error) {
		if file == image {
			return flaws, nil
		}
		return flaws[:1], nil
	}
	report, profile, err := harden.Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if profile != nil || report.Evidence != "static" {
		t.Errorf("evidence %q", report.Evidence)
	}
	if !slices.Equal(report.Removed, []string{"pkg:deb/debian/unused@2?arch=amd64"}) || !slices.Equal(report.Gone, flaws[1:]) {
		t.Errorf("removed %v, gone %v", report.Removed, report.Gone)
	}
	if !bytes.Equal(before, read(t, image)) {
		t.Error("the image that was read is another")
	}
	result, err := archive.Open(context.Background(), o.Output, "linux/amd64", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = result.Close() }()
	labels := result.Config.Run.Labels
	if labels["own"] != "label" || labels[harden.LabelFrom] != report.ConfigID || labels["org.opencontainers.image.base.name"] == "" {
		t.Errorf("labels %v", labels)
	}
	if result.Digest != report.Written || !slices.Equal(result.Config.Run.Entrypoint, []string{"shop"}) {
		t.Errorf("digest %s, configuration %+v", result.Digest, result.Config.Run)
	}
}

func TestRefusals(t *testing.T) {
	image := smallImage(t, archive.Run{Entrypoint: []string{"shop"}}, shopFiles())
	rpm := smallImage(t, archive.Run{}, map[string]string{"var/lib/rpm/rpmdb.sqlite": "x"})
	there := filepath.Join(t.TempDir(), "there.tar")
	if err := os.WriteFile(there, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name   string
		change func(*harden.Options)
		want   string
	}{
		{"no evidence", func(o *harden.Options) { o.Static = false }, "nothing shows what the program uses"},
		{"files without a run", func(o *harden.Options) { o.Level = prune.App }, "on the evidence of a run"},
		{"a file that exists", func(o *harden.Options) { o.Output = there }, "exists"},
		{"a database that can't be rewritten", func(o *harden.Options) { o.Image = rpm }, "RPM"},
		{"a profile of another image", func(o *harden.Options) { o.Profile = &harden.Profile{Image: "sha256:other"} }, "the profile is one of"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			o := staticOptions(t, image)
			c.change(&o)
			_, _, err := harden.Run(context.Background(), o)
			var refusal *harden.Refusal
			if !errors.As(err, &refusal) || !strings.Contains(refusal.Reason, c.want) || refusal.Hint == "" {
				t.Errorf("%v, want a refusal about %q", err, c.want)
			}
			if o.Output != there && exists(o.Output) {
				t.Error("a refused image was written")
			}
		})
	}
	if string(read(t, there)) != "mine" {
		t.Error("a file that exists was written over")
	}
}

func exists(file string) bool {
	_, err := os.Lstat(file)
	return err == nil
}
