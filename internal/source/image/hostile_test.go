package image

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/foilsec/foil/internal/source/image/imagetest"
	"github.com/foilsec/foil/internal/source/image/layer"
	"github.com/foilsec/foil/internal/source/image/tree"
)

// reasons are the gaps of an image in one text.
func reasons(t *testing.T, o Options) string {
	t.Helper()
	var text strings.Builder
	for _, g := range read(t, o).Gaps {
		fmt.Fprintf(&text, "%s: %s\n", g.Path, g.Reason)
	}
	return text.String()
}

func TestWrongImagesAreNamed(t *testing.T) {
	plain := func() *imagetest.Image {
		return imagetest.New(t, entries{reg("a", "1")}, entries{reg("b", strings.Repeat("text ", 4000))})
	}
	tests := map[string]struct {
		change func(*imagetest.Image) *imagetest.Image
		gap    string // part of it
		err    string
	}{
		"blob is another one": {func(m *imagetest.Image) *imagetest.Image {
			m.Layout()
			m.Files["blobs/sha256/"+imagetest.Digest(m.Blobs[1])[7:]] = otherOfLength(t, len(m.Blobs[1]))
			return m
		}, "layer 2 of 2", ""},
		"wrong digest": {func(m *imagetest.Image) *imagetest.Image {
			m.Layout()
			blob := bytes.Clone(m.Blobs[1])
			blob[4] ^= 1 // the time in the gzip header, which changes nothing else
			m.Files["blobs/sha256/"+imagetest.Digest(m.Blobs[1])[7:]] = blob
			return m
		}, "stored bytes have the digest sha256:", ""},
		"wrong DiffID": {func(m *imagetest.Image) *imagetest.Image {
			m.DiffIDs[0] = m.DiffIDs[1]
			return m.Layout()
		}, "expanded bytes have the digest sha256:", ""},
		"cut layer": {func(m *imagetest.Image) *imagetest.Image {
			m.Blobs[1] = m.Blobs[1][:len(m.Blobs[1])-20]
			return m.Layout()
		}, "it ends too early", ""},
		"missing layer": {func(m *imagetest.Image) *imagetest.Image {
			m.Layout()
			delete(m.Files, "blobs/sha256/"+imagetest.Digest(m.Blobs[0])[7:])
			return m
		}, "can't be opened", ""},
		"foreign layer": {func(m *imagetest.Image) *imagetest.Image {
			m.Types[0] = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
			m.Layout()
			delete(m.Files, "blobs/sha256/"+imagetest.Digest(m.Blobs[0])[7:])
			return m
		}, "foreign layer", ""},
		"encrypted layer": {func(m *imagetest.Image) *imagetest.Image {
			m.Types[0] = "application/vnd.example.encrypted"
			return m.Layout()
		}, "not an archive", ""},
		"xz layer": {func(m *imagetest.Image) *imagetest.Image {
			m.Blobs[0] = append([]byte{0xfd, '7', 'z', 'X', 'Z', 0}, m.Blobs[0]...)
			return m.Layout()
		}, "compressed with xz", ""},
		"layer is no tar": {func(m *imagetest.Image) *imagetest.Image {
			m.Blobs[0] = []byte(strings.Repeat("no tar ", 1000))
			return m.Layout()
		}, "there is no tar header", ""},
		"wrong manifest": {func(m *imagetest.Image) *imagetest.Image {
			m.Layout()
			m.Files["blobs/sha256/"+m.Digest[7:]] = []byte("{}")
			return m
		}, "", "has the digest"},
		"manifest is missing": {func(m *imagetest.Image) *imagetest.Image {
			m.Layout()
			delete(m.Files, "blobs/sha256/"+m.Digest[7:])
			return m
		}, "", "cut off or saved in part"},
		"digest that is a path": {func(m *imagetest.Image) *imagetest.Image {
			return m.Index(map[string]any{"digest": "sha256:../../../etc/passwd"})
		}, "", "is no digest"},
		"index that leads back": {func(m *imagetest.Image) *imagetest.Image {
			d := m.Put("application/vnd.oci.image.index.v1+json", []byte("{}"))
			content := imagetest.JSON(map[string]any{"manifests": []any{d}})
			m.Files["blobs/sha256/"+d["digest"].(string)[7:]] = content
			return m.Index(d)
		}, "", "has the digest"},
		"huge manifest": {func(m *imagetest.Image) *imagetest.Image {
			return m.Index(m.Put("application/vnd.oci.image.manifest.v1+json", bytes.Repeat([]byte(" "), 9<<20)))
		}, "", "larger than"},
		"more layers than DiffIDs": {func(m *imagetest.Image) *imagetest.Image {
			m.DiffIDs = m.DiffIDs[:1]
			return m.Layout()
		}, "", "has 2 layers and its configuration 1"},
		"chart": {func(m *imagetest.Image) *imagetest.Image {
			config := m.Put("application/vnd.cncf.helm.config.v1+json", []byte("{}"))
			return m.Index(m.Put("application/vnd.oci.image.manifest.v1+json", imagetest.JSON(map[string]any{"schemaVersion": 2, "config": config})))
		}, "", "no container image"},
		"schema 1": {func(m *imagetest.Image) *imagetest.Image {
			return m.Index(m.Put("application/vnd.docker.distribution.manifest.v1+json", []byte(`{"schemaVersion":1}`)))
		}, "", "schema 1"},
		"index and manifest at once": {func(m *imagetest.Image) *imagetest.Image {
			d := map[string]any{"digest": "sha256:" + strings.Repeat("0", 64)}
			return m.Index(m.Put("application/vnd.oci.image.index.v1+json", imagetest.JSON(map[string]any{"manifests": []any{d}, "layers": []any{d}})))
		}, "", "at once"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m := test.change(plain())
			for _, reference := range []string{m.Archive(t), m.Folder(t)} {
				o := Options{Reference: reference, Catalog: packagesCatalog()}
				if test.err != "" {
					if _, err := Read(t.Context(), o); err == nil || !strings.Contains(err.Error(), test.err) {
						t.Errorf("error %v, want %q", err, test.err)
					}
					continue
				}
				if got := reasons(t, o); !strings.Contains(got, test.gap) {
					t.Errorf("gaps %q, want %q", got, test.gap)
				}
			}
		})
	}
}

// otherOfLength is a good layer of some length, and not the one that is expected.
func otherOfLength(t *testing.T, length int) []byte {
	t.Helper()
	blob := imagetest.Gzip(t, imagetest.Tar(t, entries{reg("evil", "1")}))
	return append(blob, make([]byte, max(0, length-len(blob)))...)[:length]
}

func TestAWrongLayerNamesBothDigests(t *testing.T) {
	m := imagetest.New(t, entries{reg("a", "1")})
	is := m.DiffIDs[0]
	m.DiffIDs[0] = "sha256:" + strings.Repeat("0", 64)
	got := reasons(t, Options{Reference: m.Layout().Archive(t)})
	for _, part := range []string{"layer 1 of 1", is, m.DiffIDs[0]} {
		if !strings.Contains(got, part) {
			t.Errorf("%q does not say %s", got, part)
		}
	}
}

func TestNamesThatLeadOutAreRefused(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "evil")
	m := imagetest.New(t, entries{
		reg("../evil", "1"), reg("a/../../evil", "1"), sym("out", outside), reg("out/x", "1"),
		reg("..", "1"), reg(".wh...", ""), reg(".wh.", ""), hard("h", "../../etc/passwd"), reg(strings.Repeat("n", 300), "1"), reg("good", "1"),
	})
	got := reasons(t, Options{Reference: m.Layout().Archive(t)})
	for _, part := range []string{`".." is in the name`, "remove a folder from inside", "hard link to a name that can't be", "longer than a file system"} {
		if !strings.Contains(got, part) {
			t.Errorf("%q does not say %q", got, part)
		}
	}
	if _, err := os.Lstat(outside); err == nil {
		t.Error("something was written outside")
	}
}

func TestLinksThatLeadInACircle(t *testing.T) {
	m := imagetest.New(t, entries{sym("a", "b"), sym("b", "a"), reg("a/x", "1"), sym("c", "c/c"), reg("c/y", "1"), sym("d/e", "../d"), reg("d/package.json", "a=1")})
	o := Options{Reference: m.Layout().Archive(t)}
	if got := reasons(t, o); !strings.Contains(got, "lead in a circle") {
		t.Errorf("gaps %q", got)
	}
	if got := listed(read(t, o)); len(got) != 1 {
		t.Errorf("packages %v", got)
	}
}

// zeros is a tar with one file of many zeros, compressed.
func zeros(t *testing.T, size int64) []byte {
	t.Helper()
	var packed bytes.Buffer
	compressor := gzip.NewWriter(&packed)
	w := tar.NewWriter(compressor)
	if err := w.WriteHeader(&tar.Header{Name: "zeros", Size: size, Mode: 0o644}); err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(w, zeroReader{}, size); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Close(), compressor.Close()); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestBombsAreDefused(t *testing.T) {
	bomb := zeros(t, 64<<20)
	m := imagetest.New(t, entries{reg("a", "1")})
	m.Blobs[0] = bomb
	reference := m.Layout().Archive(t)
	tests := map[string]struct {
		limits layer.Limits
		want   string
	}{
		"ratio":    {layer.Limits{Free: 8 << 20}, "made to exhaust"},
		"expanded": {layer.Limits{Expanded: 8 << 20}, "expands to more than"},
		"file":     {layer.Limits{File: 1 << 20}, "more than the limit"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			o := Options{Reference: reference, Limits: Limits{Limits: test.limits}, Catalog: &imagetest.Catalog{Everything: true}}
			if got := reasons(t, o); !strings.Contains(got, test.want) {
				t.Errorf("gaps %q, want %q", got, test.want)
			}
		})
	}
}

func TestZstdLayersAndBombs(t *testing.T) {
	m := imagetest.New(t, entries{reg(database, "a=1")})
	m.Blobs[0], m.Types[0] = imagetest.Zstd(t, m.Layers[0]), "application/vnd.oci.image.layer.v1.tar+zstd"
	if got := listed(read(t, Options{Reference: m.Layout().Archive(t)})); len(got) != 1 {
		t.Errorf("packages %v", got)
	}
	m.Blobs[0] = imagetest.Zstd(t, make([]byte, 64<<20))
	o := Options{Reference: m.Layout().Archive(t), Limits: Limits{Limits: layer.Limits{Free: 8 << 20}}}
	if got := reasons(t, o); got == "" {
		t.Error("no gap")
	}
}

func TestTooManyEntries(t *testing.T) {
	var list entries
	for i := range 100 {
		list = append(list, reg(fmt.Sprintf("f%d", i), ""))
	}
	o := Options{Reference: imagetest.New(t, list).Layout().Archive(t), Limits: Limits{Limits: layer.Limits{Entries: 50}}}
	if got := reasons(t, o); !strings.Contains(got, "more than 50 entries") {
		t.Errorf("gaps %q", got)
	}
}

// generated is a layer that is made while it is read.
func generated(write func(*tar.Writer) error) layer.Blob {
	return layer.Blob{Name: "layer", Size: 1 << 40, Open: func(context.Context) (io.ReadCloser, error) {
		r, w := io.Pipe()
		go func() {
			buffered := bufio.NewWriterSize(w, 1<<20)
			archive := tar.NewWriter(buffered)
			_ = w.CloseWithError(errors.Join(write(archive), archive.Close(), buffered.Flush())) // it never fails
		}()
		return r, nil
	}}
}

func TestAMillionFilesStaySmall(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes seconds")
	}
	const count = 1_000_000
	blob := generated(func(w *tar.Writer) error {
		for i := range count {
			if err := w.WriteHeader(&tar.Header{Name: fmt.Sprintf("usr/share/folder%d/file-number-%d", i/1000, i), Typeflag: tar.TypeReg}); err != nil {
				return err
			}
		}
		return nil
	})
	r, err := layer.Read(t.Context(), layer.Options{Catalog: &imagetest.Catalog{}}, blob)
	if err != nil || r.Index.Len() < count {
		t.Fatalf("%d names, error %v, gaps %v", r.Index.Len(), err, r.Gaps)
	}
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	if each := memory.HeapAlloc / count; each > 100 {
		t.Errorf("%d bytes for each name", each)
	}
	runtime.KeepAlive(r)
}

func TestReplacingAFolderAgainAndAgainCostsLittle(t *testing.T) {
	blob := generated(func(w *tar.Writer) error {
		for i := range 20_000 {
			if err := w.WriteHeader(&tar.Header{Name: fmt.Sprintf("a/f%d", i), Typeflag: tar.TypeReg}); err != nil {
				return err
			}
		}
		for i := range 100_000 {
			kind := byte(tar.TypeReg)
			if i%2 == 0 {
				kind = tar.TypeDir
			}
			if err := w.WriteHeader(&tar.Header{Name: "a", Typeflag: kind}); err != nil {
				return err
			}
		}
		return nil
	})
	r, err := layer.Read(t.Context(), layer.Options{Catalog: &imagetest.Catalog{}}, blob)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Index.Lookup("a/f1"); !errors.Is(err, tree.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

func TestACutArchive(t *testing.T) {
	m := imagetest.New(t, entries{reg(database, "a=1")}, entries{reg("x", "1")}).Saved("x:1")
	whole := m.Bytes(t)
	for _, cut := range []int{0, 100, 512, 700, 2000, len(whole) / 2} {
		path := filepath.Join(t.TempDir(), "cut.tar")
		if err := os.WriteFile(path, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		a, err := Read(t.Context(), Options{Reference: path, Catalog: packagesCatalog()})
		if err == nil && len(a.Gaps) == 0 {
			t.Errorf("cut to %d of %d bytes: neither an error nor a gap", cut, len(whole))
		}
	}
}

func TestNothingIsLeftRunning(t *testing.T) {
	before := runtime.NumGoroutine()
	m := imagetest.New(t, entries{reg(database, "a=1")}, entries{reg("x", strings.Repeat("x", 1<<20))}).Layout()
	m.Blobs[1] = m.Blobs[1][:100]
	reference := m.Archive(t)
	for range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		o := Options{Reference: reference, Catalog: packagesCatalog(), Progress: func(Progress) { cancel() }}
		_, _ = Read(ctx, o) // it may be faster than the cancelling
		cancel()
	}
	for range 5000 { // a goroutine that has done its work may still be there for a moment
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d goroutines before, %d after", before, runtime.NumGoroutine())
}

func TestSpillLeavesNothing(t *testing.T) {
	spill := t.TempDir()
	m := imagetest.New(t, entries{reg("large", strings.Repeat("a=1 ", 2<<20))}).Layout()
	o := Options{Reference: "-", Stdin: bytes.NewReader(m.Bytes(t)), Spill: spill, Catalog: &imagetest.Catalog{Everything: true}}
	a := read(t, o)
	if len(a.Documents) != 1 || len(a.Documents[0].Content) != 8<<20 {
		t.Errorf("%d documents", len(a.Documents))
	}
	left, err := os.ReadDir(spill)
	if err != nil || len(left) > 0 {
		t.Errorf("left %v, error %v", left, err)
	}
	o.Stdin, o.Limits.Archive = bytes.NewReader(m.Bytes(t)), 100
	if _, err := Read(t.Context(), o); err == nil || !strings.Contains(err.Error(), "larger than 100 bytes") {
		t.Errorf("error %v", err)
	}
}
