package image

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/cache"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/image/imagetest"
)

type entries = []imagetest.Entry

func reg(path, content string) imagetest.Entry {
	return imagetest.Entry{Path: path, Type: "file", Content: content}
}

func sym(path, target string) imagetest.Entry {
	return imagetest.Entry{Path: path, Type: "symlink", Target: target}
}

func hard(path, target string) imagetest.Entry {
	return imagetest.Entry{Path: path, Type: "hardlink", Target: target}
}

const database = "var/lib/dpkg/status"

func packagesCatalog() *imagetest.Catalog {
	return &imagetest.Catalog{Databases: []string{database, "lib/apk/db/installed", "usr/lib/apk/db/installed", "package.json"}}
}

func read(t *testing.T, o Options) *artifact.Artifact {
	t.Helper()
	if o.Catalog == nil {
		o.Catalog = packagesCatalog()
	}
	a, err := Read(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// listed is "name=version@layer" of each package.
func listed(a *artifact.Artifact) []string {
	var list []string
	for _, p := range a.Packages {
		list = append(list, p.Name+"="+p.Version+"@"+string(rune('0'+p.Layer)))
	}
	return list
}

func TestPackagesBelongToTheLayerThatBroughtAndKeptThem(t *testing.T) {
	tests := map[string]struct {
		layers []entries
		want   []string
	}{
		"kept":            {[]entries{{reg(database, "a=1")}, {reg(database, "a=1 b=1")}}, []string{"a=1@0", "b=1@1"}},
		"removed":         {[]entries{{reg(database, "a=1")}, {reg(database, "a=1 b=1")}, {reg(database, "a=1")}}, []string{"a=1@0"}},
		"upgraded":        {[]entries{{reg(database, "a=1 c=1")}, {reg(database, "a=2 c=1")}}, []string{"a=2@1", "c=1@0"}},
		"back again":      {[]entries{{reg(database, "a=1")}, {reg(database, "b=1")}, {reg(database, "a=1 b=1")}}, []string{"a=1@2", "b=1@1"}},
		"file came back":  {[]entries{{reg(database, "a=1")}, {reg(".wh.var", "")}, {reg(database, "a=1")}}, []string{"a=1@2"}},
		"whole replaced":  {[]entries{{reg(database, "a=1")}, {reg(".wh.var", ""), reg(database, "a=1 b=1")}}, []string{"a=1@0", "b=1@1"}},
		"opaque replaced": {[]entries{{reg(database, "a=1")}, {reg("var/.wh..wh..opq", ""), reg(database, "a=1")}}, []string{"a=1@0"}},
		"layer between":   {[]entries{{reg(database, "a=1")}, {reg("x", "")}, {reg(database, "a=1 b=1")}}, []string{"a=1@0", "b=1@2"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a := read(t, Options{Reference: imagetest.New(t, test.layers...).Layout().Archive(t)})
			if got := listed(a); !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestAllLayersKeepsWhatWasRemoved(t *testing.T) {
	m := imagetest.New(t, entries{reg(database, "a=1 b=1"), reg("old/package.json", "x=1")}, entries{reg(database, "a=1 c=1"), reg(".wh.old", "")})
	a := read(t, Options{Reference: m.Layout().Archive(t), Scope: AllLayers})
	if got, want := listed(a), []string{"a=1@0", "b=1@0", "x=1@0", "c=1@1"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestDeletedSecretsAreStillThere(t *testing.T) {
	m := imagetest.New(t, entries{reg("key", "SECRET 1"), reg("kept", "SECRET 2"), reg("moved", "SECRET 3")}, entries{reg(".wh.key", ""), reg("moved", "no longer")})
	a := read(t, Options{Reference: m.Layout().Archive(t)})
	want := []artifact.Secret{
		{Rule: "secret", Path: "kept"},
		{Rule: "secret", Path: "key", Deleted: true},
		{Rule: "secret", Path: "moved", Deleted: true},
	}
	if !reflect.DeepEqual(a.Secrets, want) {
		t.Errorf("got %+v", a.Secrets)
	}
}

func TestWhatLinksLeadTo(t *testing.T) {
	tests := map[string]struct {
		layers []entries
		want   []string
	}{
		"database behind a folder link": {[]entries{{reg("data/dpkg/status", "a=1"), sym("var/lib/dpkg", "/data/dpkg")}}, []string{"a=1@0"}},
		"link in a later layer":         {[]entries{{reg("data/dpkg/status", "a=1")}, {sym("var/lib/dpkg", "../../data/dpkg")}}, []string{"a=1@0"}},
		"link to a file":                {[]entries{{sym(database, "/opt/list")}, {reg("opt/list", "a=1")}}, []string{"a=1@1"}},
		"two links on the way":          {[]entries{{sym("var", "data"), sym("data/lib", "/more"), reg("more/dpkg/status", "a=1")}}, []string{"a=1@0"}},
		"usr merge, once":               {[]entries{{sym("lib", "usr/lib"), reg("usr/lib/apk/db/installed", "a=1")}}, []string{"a=1@0"}},
		"written through a link":        {[]entries{{sym("lib", "usr/lib"), reg("lib/apk/db/installed", "a=1")}}, []string{"a=1@0"}},
		"two names of one file, once":   {[]entries{{reg("x/package.json", "a=1"), hard("y/package.json", "x/package.json")}}, []string{"a=1@0"}},
		"hard link makes it wanted":     {[]entries{{reg("x/list", "a=1"), hard(database, "x/list")}}, []string{"a=1@0"}},
		"hard link to a lower layer":    {[]entries{{reg("x/list", "a=1")}, {hard(database, "x/list"), reg("x/.wh.list", "")}}, []string{"a=1@0"}},
		"hard link through a new link":  {[]entries{{reg("r/list", "a=1")}, {sym("d", "r"), hard(database, "d/list")}}, []string{"a=1@0"}},
		"hard link of a hard link":      {[]entries{{reg("x/list", "a=1")}, {hard("y/list", "x/list"), reg("x/.wh.list", "")}, {hard(database, "y/list")}}, []string{"a=1@0"}},
		"link round the root":           {[]entries{{sym("a/b", "/"), reg("a/package.json", "a=1")}}, []string{"a=1@0"}},
		"link that leads out":           {[]entries{{sym("var/lib/dpkg", "../../../../etc"), reg("etc/status", "a=1")}}, []string{"a=1@0"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a := read(t, Options{Reference: imagetest.New(t, test.layers...).Layout().Archive(t)})
			if got := listed(a); !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v; gaps %v", got, test.want, a.Gaps)
			}
			for _, p := range a.Packages {
				if len(p.Locations) != 1 {
					t.Errorf("locations %v", p.Locations)
				}
			}
		})
	}
}

func TestAFileWhoseFirstNameIsGoneHasTheOther(t *testing.T) {
	m := imagetest.New(t, entries{reg("x/package.json", "a=1")}, entries{hard("y/package.json", "x/package.json"), reg(".wh.x", "")})
	a := read(t, Options{Reference: m.Layout().Archive(t)})
	if len(a.Packages) != 1 || a.Packages[0].Locations[0] != "y/package.json" || a.Packages[0].Layer != 0 {
		t.Errorf("got %+v", a.Packages)
	}
}

func TestOperatingSystemThroughALink(t *testing.T) {
	m := imagetest.New(t, entries{reg("usr/lib/os-release", "debian"), sym("etc/os-release", "../usr/lib/os-release")}, entries{reg("opt/os-release", "other")})
	if a := read(t, Options{Reference: m.Layout().Archive(t)}); a.OS.ID != "debian" {
		t.Errorf("got %+v", a.OS)
	}
}

func TestConfiguration(t *testing.T) {
	m := imagetest.New(t, entries{reg("a", "1")}, entries{reg("b", "1")})
	m.Config["history"] = []any{
		map[string]any{"created_by": "ADD rootfs"}, map[string]any{"created_by": "ENV A=b", "empty_layer": true}, map[string]any{"created_by": "RUN make"},
	}
	m.Config["config"] = map[string]any{"User": "10001", "Env": []string{"PASSWORD=hidden", "PATH=/bin"}, "ExposedPorts": map[string]any{"8080/tcp": map[string]any{}, "80/tcp": map[string]any{}}, "Labels": map[string]string{"x": "y"}}
	a := read(t, Options{Reference: m.Layout().Archive(t)})
	if a.Platform != "linux/amd64" || a.Digest != m.Digest || a.Created.Year() != 2026 || a.ConfigID == "" {
		t.Errorf("got %+v", a)
	}
	want := artifact.Config{User: "10001", EnvNames: []string{"PASSWORD", "PATH"}, Ports: []string{"80/tcp", "8080/tcp"}, Labels: map[string]string{"x": "y"}}
	if !reflect.DeepEqual(a.Config, want) {
		t.Errorf("got %+v", a.Config)
	}
	if a.Layers[0].Command != "ADD rootfs" || a.Layers[1].Command != "RUN make" {
		t.Errorf("commands of %+v", a.Layers)
	}
}

func openCache(t *testing.T) *cache.Folder {
	t.Helper()
	folder, err := cache.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestBaseOfAnImageSeenBefore(t *testing.T) {
	lowest, middle, top := entries{reg(database, "a=1")}, entries{reg("m", "1")}, entries{reg("t", "1")}
	c := openCache(t)
	for tag, layers := range map[string][]entries{"debian:12": {lowest}, "node:20": {lowest, middle}} {
		m := imagetest.New(t, layers...)
		read(t, Options{Reference: m.Saved(tag).Archive(t), Cache: c})
	}
	a := read(t, Options{Reference: imagetest.New(t, lowest, middle, top).Saved("shop:1").Archive(t), Cache: c})
	if a.Base.Reference != "node:20" || a.Base.Layers != 2 || a.Base.Known != "layers" {
		t.Errorf("base %+v", a.Base)
	}
	if !a.Layers[1].FromBase || a.Layers[2].FromBase {
		t.Errorf("layers %+v", a.Layers)
	}
	base := read(t, Options{Reference: imagetest.New(t, lowest).Saved("debian:12").Archive(t), Cache: c})
	if base.Base.Reference != "" {
		t.Errorf("an image is its own base: %+v", base.Base)
	}
}

func TestBaseThatIsGivenOrLabelled(t *testing.T) {
	m := imagetest.New(t, entries{reg("a", "1")}, entries{reg("b", "1")})
	given := map[string]artifact.Base{m.DiffIDs[0]: {Reference: "known:1", Digest: "sha256:x"}}
	if a := read(t, Options{Reference: m.Layout().Archive(t), KnownBases: given}); a.Base.Reference != "known:1" || a.Base.Digest != "sha256:x" {
		t.Errorf("base %+v", a.Base)
	}
	m.Config["config"] = map[string]any{"Labels": map[string]string{"org.opencontainers.image.base.name": "debian:12"}}
	if a := read(t, Options{Reference: m.Layout().Archive(t)}); a.Base.Reference != "debian:12" || a.Base.Known != "label" {
		t.Errorf("base %+v", a.Base)
	}
}

// countingCache counts what layers are found in it.
type countingCache struct {
	*cache.Folder
	hits, misses int
}

func (c *countingCache) Get(key string) ([]byte, bool) {
	value, ok := c.Folder.Get(key)
	if strings.HasPrefix(key, "image layer") {
		if ok {
			c.hits++
		} else {
			c.misses++
		}
	}
	return value, ok
}

func TestLayersAreRememberedAndMeanTheSame(t *testing.T) {
	layers := []entries{
		{reg(database, "a=1"), reg("x/list", "z=1"), sym("var/lib/apk", "/none")},
		{reg(".wh.gone", ""), reg("d/.wh..wh..opq", ""), hard("usr/lib/apk/db/installed", "x/list"), reg("s", "SECRET")},
	}
	m := imagetest.New(t, layers...).Layout()
	c := &countingCache{Folder: openCache(t)}
	o := Options{Reference: m.Archive(t), Cache: c, Workers: 1}
	first := read(t, o)
	if c.hits != 0 {
		t.Fatalf("%d hits of an empty cache", c.hits)
	}
	misses := c.misses
	second := read(t, o)
	if c.misses != misses || c.hits != misses {
		t.Errorf("%d misses and %d hits, want %d of both", c.misses, c.hits, misses)
	}
	if !reflect.DeepEqual(first, second) {
		t.Errorf("first  %+v\nsecond %+v", first, second)
	}
	o.Catalog = &imagetest.Catalog{Marker: "another"}
	if a := read(t, o); len(a.Packages) > 0 {
		t.Errorf("another catalog is given old results: %+v", a.Packages)
	}
}

func TestDamagedCacheIsReadAgain(t *testing.T) {
	m := imagetest.New(t, entries{reg(database, "a=1")}).Layout()
	folder := t.TempDir()
	c, err := cache.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Reference: m.Archive(t), Cache: c}
	want := read(t, o)
	err = filepath.WalkDir(folder, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		content[len(content)-1] ^= 1
		return os.WriteFile(path, content, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, o); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}

func TestCollectPutsTheArtifactIntoTheGraph(t *testing.T) {
	var b graph.Builder
	m := imagetest.New(t, entries{reg(database, "a=1")}).Layout()
	if err := New(Options{Reference: "oci-archive:" + m.Archive(t), Catalog: packagesCatalog()}).Collect(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	for a, err := range artifact.Load(b.Snapshot()) {
		if err != nil || len(a.Packages) != 1 || strings.HasPrefix(a.Reference, "oci-archive:") {
			t.Errorf("%+v, error %v", a, err)
		}
	}
}

func TestReadingStopsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m := imagetest.New(t, entries{reg(database, "a=1")}).Layout()
	if _, err := Read(ctx, Options{Reference: m.Archive(t), Catalog: packagesCatalog()}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestProgress(t *testing.T) {
	m := imagetest.New(t, entries{reg("a", "1")}, entries{reg("b", "1")}).Layout()
	var last Progress
	read(t, Options{Reference: m.Archive(t), Progress: func(p Progress) { last = p }})
	if last.Done != 2 || last.Layers != 2 || last.Bytes != last.Total || last.Total == 0 {
		t.Errorf("last %+v", last)
	}
}

func TestFormsOfCompression(t *testing.T) {
	plain := imagetest.Tar(t, entries{reg(database, "a=1")})
	half := len(plain) / 2
	skipped := append([]byte{0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3}, imagetest.Zstd(t, plain)...)
	forms := map[string][]byte{
		"none": plain, "gzip": imagetest.Gzip(t, plain), "zstd": imagetest.Zstd(t, plain), "zstd behind a skippable frame": skipped,
		"members of gzip, as estargz has them": append(imagetest.Gzip(t, plain[:half]), imagetest.Gzip(t, plain[half:])...),
	}
	for name, blob := range forms {
		m := imagetest.New(t, entries{reg(database, "a=1")})
		m.Blobs[0] = blob
		if a := read(t, Options{Reference: m.Layout().Archive(t)}); len(a.Packages) != 1 || len(a.Gaps) > 0 {
			t.Errorf("%s: %v, gaps %v", name, listed(a), a.Gaps)
		}
	}
}
