package archive_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/foilsec/foil/internal/image/harden/archive"
)

func sum(content []byte) string {
	s := sha256.Sum256(content)
	return "sha256:" + hex.EncodeToString(s[:])
}

func tarOf(t *testing.T, files ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for i := 0; i < len(files); i += 2 {
		if err := w.WriteHeader(&tar.Header{Name: files[i], Size: int64(len(files[i+1])), Mode: 0o644}); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, files[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// saved writes an image as docker save did; layers are stored as given.
func saved(t *testing.T, diffIDs []string, layers ...[]byte) string {
	t.Helper()
	config, err := json.Marshal(archive.Config{Architecture: "amd64", OS: "linux", RootFS: archive.RootFS{Type: "layers", DiffIDs: diffIDs}})
	if err != nil {
		t.Fatal(err)
	}
	files, names := []string{"config.json", string(config)}, []string{}
	for i, l := range layers {
		name := string(rune('a'+i)) + "/layer.tar"
		files, names = append(files, name, string(l)), append(names, name)
	}
	list, err := json.Marshal([]map[string]any{{"Config": "config.json", "RepoTags": []string{"shop:1"}, "Layers": names}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "image.tar")
	if err := os.WriteFile(file, tarOf(t, append(files, "manifest.json", string(list))...), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// layersOf reads all layers of an image.
func layersOf(t *testing.T, file string) (all []string, err error) {
	t.Helper()
	image, err := archive.Open(context.Background(), file, "linux/amd64", t.TempDir())
	if err != nil {
		return nil, err
	}
	defer func() { _ = image.Close() }()
	err = image.EachLayer(context.Background(), func(r io.Reader) error {
		h, err := tar.NewReader(r).Next() // and not to its end
		if err == nil {
			all = append(all, h.Name)
		}
		return err
	})
	return all, err
}

func TestLayersAreReadInEveryCompression(t *testing.T) {
	plain, packed, zstandard := tarOf(t, "one", "1"), tarOf(t, "two", "2"), tarOf(t, "three", "3")
	var gz, zs bytes.Buffer
	g := gzip.NewWriter(&gz)
	z, err := zstd.NewWriter(&zs)
	if err != nil {
		t.Fatal(err)
	}
	for _, write := range []func() error{
		func() error { _, err := g.Write(packed); return err }, g.Close,
		func() error { _, err := z.Write(zstandard); return err }, z.Close,
	} {
		if err := write(); err != nil {
			t.Fatal(err)
		}
	}
	file := saved(t, []string{sum(plain), sum(packed), sum(zstandard)}, plain, gz.Bytes(), zs.Bytes())
	if got, err := layersOf(t, file); err != nil || strings.Join(got, " ") != "one two three" {
		t.Errorf("read %q (%v)", got, err)
	}
}

func TestADamagedLayerIsNamed(t *testing.T) {
	good, other := tarOf(t, "one", "1"), tarOf(t, "one", "2")
	_, err := layersOf(t, saved(t, []string{sum(good), sum(good)}, good, other))
	if err == nil || !strings.Contains(err.Error(), "layer 2 of 2") || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("read with %v", err)
	}
}

func TestWhatIsWrittenIsReadAndTheSameAgain(t *testing.T) {
	layer := tarOf(t, "one", "1")
	file := filepath.Join(t.TempDir(), "out.tar")
	var first []byte
	for range 2 {
		packed, err := archive.Compress(filepath.Join(t.TempDir(), "layer"), func(w io.Writer) error { _, err := w.Write(layer); return err })
		if err != nil {
			t.Fatal(err)
		}
		at := time.Unix(1_000_000_000, 0).UTC()
		var out bytes.Buffer
		written, err := archive.Write(&out, archive.Output{
			Reference: "shop:small", Layer: packed, Annotations: map[string]string{"b": "2", "a": "1"},
			Config: archive.Config{Created: &at, Architecture: "amd64", OS: "linux", Run: archive.Run{Labels: map[string]string{"b": "2", "a": "1"}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		if first != nil && !bytes.Equal(first, out.Bytes()) {
			t.Error("the same image gave other bytes")
		}
		first = out.Bytes()
		if err := os.WriteFile(file, first, 0o600); err != nil {
			t.Fatal(err)
		}
		image, err := archive.Open(context.Background(), file, "linux/amd64", t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		if image.Digest != written.Digest || image.Reference != "shop:small" || image.ConfigID != written.ConfigID {
			t.Errorf("read %q %s %s, written %+v", image.Reference, image.Digest, image.ConfigID, written)
		}
		_ = image.Close()
	}
	if got, err := layersOf(t, file); err != nil || strings.Join(got, " ") != "one" {
		t.Errorf("read %q (%v)", got, err)
	}
}
