package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/crane"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"

	"github.com/foilsec/foil/internal/cli"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/source/image/imagetest"
)

const (
	release   = "ID=almalinux\nVERSION_ID=\"8.6\"\nPRETTY_NAME=\"AlmaLinux 8.6\"\n"
	lodash    = `{"name": "lodash", "version": "4.17.10", "license": "MIT"}`
	newLodash = `{"name": "lodash", "version": "4.17.99", "license": "MIT"}`
	django    = "Metadata-Version: 2.1\nName: Django\nVersion: 3.2.4\n"
	module    = "usr/lib/app/node_modules/lodash/package.json"
)

// kitchen is an image of three layers; the last one repairs what one of the
// middle brought.
func kitchen(t *testing.T) *imagetest.Image {
	file := func(path, content string) imagetest.Entry {
		return imagetest.Entry{Path: path, Type: "file", Content: content, Mode: 0o644}
	}
	return imagetest.New(t,
		[]imagetest.Entry{file("etc/os-release", release)},
		[]imagetest.Entry{file(module, lodash), file("srv/node_modules/lodash/package.json", lodash),
			file("usr/lib/python3/site-packages/Django-3.2.4.dist-info/METADATA", django)},
		[]imagetest.Entry{file(module, newLodash)},
	)
}

// foil runs a command line in this process with a cache of its own.
func foil(t *testing.T, args ...string) (code cli.Code, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = cli.Run(t.Context(), args, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
	return code, out.String(), errs.String()
}

// scanned lists the flaws that a scan finds, as "id package version layer".
func scanned(t *testing.T, target string, more ...string) []string {
	t.Helper()
	args := append([]string{"scan", target, "-o", "json"}, more...)
	code, stdout, stderr := foil(t, args...)
	var r report.Report
	if err := json.Unmarshal([]byte(stdout), &r); err != nil {
		t.Fatalf("foil %q: exit code %d: %v\n%s", args, code, err, stderr)
	}
	var list []string
	for _, f := range r.Findings {
		if v := f.Vulnerability; v != nil {
			list = append(list, fmt.Sprint(v.ID, " ", v.Package, " ", v.Version, " ", v.Location))
		}
	}
	slices.Sort(list)
	return list
}

func TestAnImageIsTheSameWhereverItIs(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	saved := kitchen(t).Saved("shop/kitchen:1").Archive(t)
	want := scanned(t, saved)
	if !slices.ContainsFunc(want, func(s string) bool {
		return s == "CVE-2018-16487 lodash 4.17.10 srv/node_modules/lodash/package.json"
	}) || !slices.ContainsFunc(want, func(s string) bool {
		return strings.HasPrefix(s, "CVE-2021-35042 django 3.2.4") || strings.HasPrefix(s, "CVE-2021-35042 Django 3.2.4")
	}) {
		t.Fatalf("the flaws of lodash and Django are not among %q", want)
	}
	if slices.ContainsFunc(want, func(s string) bool { return strings.Contains(s, module) }) {
		t.Errorf("a file that a later layer replaced counts: %q", want)
	}
	places := map[string]string{
		"OCI archive": kitchen(t).Layout().Archive(t),
		"OCI layout":  kitchen(t).Layout().Folder(t),
		"registry":    pushed(t, saved),
	}
	for name, place := range places {
		if got := scanned(t, place); !slices.Equal(got, want) {
			t.Errorf("%s: got  %q\nwant %q", name, got, want)
		}
	}
	for _, form := range []string{"cyclonedx-json", "spdx-json"} {
		bill := filepath.Join(t.TempDir(), "bill.json")
		if code, _, stderr := foil(t, "image", "sbom", saved, "-o", form+"="+bill); code != 0 {
			t.Fatalf("sbom: exit code %d: %s", code, stderr)
		}
		if got := scanned(t, bill); !slices.Equal(got, want) {
			t.Errorf("%s: got  %q\nwant %q", form, got, want)
		}
	}
}

// pushed puts an archive into a registry on this machine and gives its name.
func pushed(t *testing.T, archive string) string {
	t.Helper()
	server := httptest.NewServer(registry.New(registry.Logger(log.New(new(bytes.Buffer), "", 0))))
	t.Cleanup(server.Close)
	image, err := tarball.ImageFromPath(archive, nil)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimPrefix(server.URL, "http://") + "/shop/kitchen:1"
	if err := crane.Push(image, name); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestTwoScansAreTheSameBytes(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	archive := kitchen(t).Layout().Archive(t)
	_, first, _ := foil(t, "scan", archive, "-o", "json")
	_, cached, _ := foil(t, "scan", archive, "-o", "json")
	_, anew, _ := foil(t, "scan", archive, "-o", "json", "--no-layer-cache", "--workers", "1")
	if first == "" || first != cached || first != anew {
		t.Errorf("the reports differ: %d, %d and %d bytes", len(first), len(cached), len(anew))
	}
}

func TestAWrongDigestIsRefused(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	m := kitchen(t).Layout()
	for name, content := range m.Files {
		if strings.HasPrefix(name, "blobs/") && bytes.HasPrefix(content, []byte{0x1f, 0x8b}) {
			damaged := slices.Clone(content)
			damaged[len(damaged)/2] ^= 0xff
			m.Files[name] = damaged
			break
		}
	}
	code, _, stderr := foil(t, "scan", m.Archive(t), "-o", "json")
	if code != cli.CodeIncomplete && code != cli.CodeFailed {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}

func TestWhatIsNotKnownIsNotClean(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	code, stdout, _ := foil(t, "scan", "pkg:deb/debian/openssl@3.0.11-1~deb12u2?distro=debian-12")
	if code != cli.CodeIncomplete || !strings.Contains(stdout, "Debian:12") {
		t.Errorf("exit code %d, want %d, and the ecosystem named:\n%s", code, cli.CodeIncomplete, stdout)
	}
}

func TestStatementsAndIgnoreFilesAcceptFlaws(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	statement := filepath.Join(t.TempDir(), "lodash.openvex.json")
	text := `{"@context":"https://openvex.dev/ns/v0.2.0","@id":"https://example.com/1","author":"shop","timestamp":"2026-01-01T00:00:00Z","version":1,
		"statements":[{"vulnerability":{"name":"CVE-2018-16487"},"products":[{"@id":"pkg:npm/lodash@4.17.10"}],"status":"not_affected","justification":"vulnerable_code_not_in_execute_path"}]}`
	if err := os.WriteFile(statement, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, stdout, stderr := foil(t, "scan", "pkg:npm/lodash@4.17.10", "-o", "json", "--vex", statement)
	var r report.Report
	if err := json.Unmarshal([]byte(stdout), &r); err != nil {
		t.Fatalf("%v: %s", err, stderr)
	}
	for _, f := range r.Findings {
		if f.Rule == "CVE-2018-16487" && (f.State != "excepted" || f.Vulnerability.VEX == nil || f.Exception.Owner != "shop") {
			t.Errorf("got %+v", f)
		}
	}
	if r.Summary.Excepted != 1 {
		t.Errorf("%d findings are excepted, want 1", r.Summary.Excepted)
	}
}

func TestABillIsAttachedToItsImage(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	server := httptest.NewServer(registry.New(registry.Logger(log.New(new(bytes.Buffer), "", 0)), registry.WithReferrersSupport(true)))
	t.Cleanup(server.Close)
	image, err := tarball.ImageFromPath(kitchen(t).Saved("shop/kitchen:1").Archive(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	host := strings.TrimPrefix(server.URL, "http://")
	if err := crane.Push(image, host+"/shop/kitchen:1"); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := foil(t, "image", "sbom", host+"/shop/kitchen:1", "--attach", "-o", "spdx-json"); code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	digest, err := image.Digest()
	if err != nil {
		t.Fatal(err)
	}
	subject, err := name.NewDigest(host + "/shop/kitchen@" + digest.String())
	if err != nil {
		t.Fatal(err)
	}
	index, err := remote.Referrers(subject)
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		t.Fatal(err)
	}
	if len(manifest.Manifests) != 1 {
		t.Fatalf("referrers %+v, want one bill", manifest.Manifests)
	}
	bill, err := remote.Get(subject.Digest(manifest.Manifests[0].Digest.String()))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(bill.Manifest), `"artifactType":"application/spdx+json"`) {
		t.Errorf("manifest %s: its type is not that of the bill", bill.Manifest)
	}
}

func TestAMirrorIsAskedFirst(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	archive := kitchen(t).Saved("shop/kitchen:1").Archive(t)
	mirror, _, _ := strings.Cut(pushed(t, archive), "/")
	want := scanned(t, archive)
	if got := scanned(t, "registry.invalid/shop/kitchen:1", "--registry-mirror", "registry.invalid="+mirror); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if code, _, _ := foil(t, "scan", "registry.invalid/x:1", "--registry-mirror", "nonsense"); code != cli.CodeUsage {
		t.Errorf("exit code %d, want %d", code, cli.CodeUsage)
	}
}

func TestABillInsideAnImageCounts(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	bill := `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","name":"lodash","version":"4.17.10","purl":"pkg:npm/lodash@4.17.10"}]}`
	image := imagetest.New(t, []imagetest.Entry{{Path: "opt/shop/shop.cdx.json", Type: "file", Content: bill, Mode: 0o644}})
	got := scanned(t, image.Saved("shop/vendor:1").Archive(t))
	if want := []string{"CVE-2018-16487 lodash 4.17.10 opt/shop/shop.cdx.json"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
