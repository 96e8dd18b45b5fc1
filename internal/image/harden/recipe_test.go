package harden_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/image/harden/archive"
)

// recipe makes a real image: the smallest Debian, packages, files, npm modules.
type recipe struct {
	name     string
	packages []string
	npm      []string // installed in /app
	files    map[string]string
	run      archive.Run
	verify   []string // checks that the program is not watched under
}

// suite is the release that images are made of.
const suite = "bookworm"

// imageCache is where images are kept between runs; making them takes a minute.
func imageCache(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skipf("no folder to keep images in: %v", err)
	}
	folder := filepath.Join(cache, "foil-test-images")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	return folder
}

// must runs a command and skips the test when it fails: it reaches out for
// packages, and what is there is not up to foil.
func must(t *testing.T, folder, name string, arguments ...string) {
	t.Helper()
	c := exec.Command(name, arguments...)
	c.Dir = folder
	c.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8")
	if output, err := c.CombinedOutput(); err != nil {
		end := string(output[max(0, len(output)-2000):])
		t.Skipf("an image can't be made here: %s %s: %v\n%s", name, strings.Join(arguments, " "), err, end)
	}
}

// build makes the image, or finds it, and returns the archive.
func (r recipe) build(t *testing.T) string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("making an image of Debian needs the rights of root")
	}
	text, err := json.Marshal([]any{suite, r.packages, r.npm, r.files, r.run})
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(text)
	file := filepath.Join(imageCache(t), r.name+"-"+hex.EncodeToString(sum[:6])+".tar")
	if _, err := os.Stat(file); err == nil {
		return file
	}
	root := r.install(t)
	r.pack(t, root, file)
	return file
}

// base is the root folder that all images begin with.
func base(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(imageCache(t), suite)
	if _, err := os.Stat(folder); err == nil {
		return folder
	}
	for _, tool := range []string{"debootstrap", "chroot"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("an image of Debian can't be made here: %v", err)
		}
	}
	unfinished, err := os.MkdirTemp(imageCache(t), ".unfinished-*")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(unfinished) }()
	must(t, "/", "debootstrap", "--variant=minbase", suite, unfinished)
	if err := os.Rename(unfinished, folder); err != nil {
		t.Fatal(err)
	}
	return folder
}

// install makes the root folder of the image.
func (r recipe) install(t *testing.T) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "root")
	must(t, "/", "cp", "-a", base(t), root)
	if names, err := os.ReadFile("/etc/resolv.conf"); err == nil {
		if err := os.WriteFile(filepath.Join(root, "etc/resolv.conf"), names, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	must(t, "/", "chroot", append([]string{root, "apt-get", "-o", "APT::Sandbox::User=root", "install", "-y", "--no-install-recommends"}, r.packages...)...)
	must(t, "/", "chroot", root, "apt-get", "clean")
	for name, content := range r.files {
		at := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if len(r.npm) > 0 {
		if _, err := exec.LookPath("npm"); err != nil {
			t.Skipf("a Node application can't be made here: %v", err)
		}
		must(t, filepath.Join(root, "app"), "npm", append([]string{"install", "--no-audit", "--no-fund", "--ignore-scripts"}, r.npm...)...)
	}
	return root
}

// pack writes what docker save wrote: a configuration and a layer.
func (r recipe) pack(t *testing.T, root, file string) {
	t.Helper()
	work := t.TempDir()
	must(t, "/", "tar", "-C", root, "--numeric-owner", "--sort=name", "--exclude=./dev/*", "--exclude=./proc/*", "-cf", filepath.Join(work, "layer.tar"), ".")
	sum := strings.Fields(output(t, "sha256sum", filepath.Join(work, "layer.tar")))[0]
	config, err := json.Marshal(archive.Config{Architecture: goarch(t), OS: "linux", Run: r.run, RootFS: archive.RootFS{Type: "layers", DiffIDs: []string{"sha256:" + sum}}})
	if err != nil {
		t.Fatal(err)
	}
	manifest := fmt.Sprintf(`[{"Config":"config.json","RepoTags":["%s:test"],"Layers":["layer.tar"]}]`, r.name)
	for name, content := range map[string][]byte{"config.json": config, "manifest.json": []byte(manifest)} {
		if err := os.WriteFile(filepath.Join(work, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	must(t, "/", "tar", "-C", work, "-cf", file+".part", "manifest.json", "config.json", "layer.tar")
	if err := os.Rename(file+".part", file); err != nil {
		t.Fatal(err)
	}
}

func output(t *testing.T, name string, arguments ...string) string {
	t.Helper()
	text, err := exec.Command(name, arguments...).Output()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return strings.TrimSpace(string(text))
}

// goarch is the architecture as images name it.
func goarch(t *testing.T) string {
	t.Helper()
	return output(t, "dpkg", "--print-architecture")
}
