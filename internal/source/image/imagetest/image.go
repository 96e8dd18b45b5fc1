package imagetest

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// Entry is an entry of a layer, in the shape of the shared cases.
type Entry struct {
	Path    string `json:"path"`
	Type    string `json:"type"` // file, dir, symlink, hardlink, fifo
	Content string `json:"content"`
	Target  string `json:"target"`
	Mode    int64  `json:"mode"`
}

// Tar writes entries as a tar.
func Tar(t testing.TB, entries []Entry) []byte {
	t.Helper()
	var buffer bytes.Buffer
	w := tar.NewWriter(&buffer)
	for _, e := range entries {
		h := &tar.Header{Name: e.Path, Mode: 0o644, Linkname: e.Target, Size: int64(len(e.Content)), Format: tar.FormatPAX}
		if e.Mode != 0 {
			h.Mode = e.Mode
		}
		h.Typeflag = map[string]byte{"file": tar.TypeReg, "dir": tar.TypeDir, "symlink": tar.TypeSymlink, "hardlink": tar.TypeLink, "fifo": tar.TypeFifo}[e.Type]
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(e.Content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buffer.Bytes()
}

// Gzip compresses.
func Gzip(t testing.TB, content []byte) []byte {
	t.Helper()
	var buffer bytes.Buffer
	w := gzip.NewWriter(&buffer)
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buffer.Bytes()
}

// Zstd compresses.
func Zstd(t testing.TB, content []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll(content, nil)
}

// Digest is the digest of some bytes.
func Digest(content []byte) string {
	sum := sha256.Sum256(content)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// Image is an image under construction. Its parts may be changed before it is
// written.
type Image struct {
	Layers  [][]byte // tars
	Blobs   [][]byte // the same as they are stored
	Types   []string // media types
	DiffIDs []string
	Config  map[string]any
	Files   map[string][]byte // of a layout
	Digest  string            // of the manifest, once it is made
}

// New makes an image of layers, compressed with gzip.
func New(t testing.TB, layers ...[]Entry) *Image {
	t.Helper()
	m := &Image{Files: map[string][]byte{}, Config: map[string]any{"os": "linux", "architecture": "amd64", "created": "2026-01-02T03:04:05Z"}}
	for _, entries := range layers {
		content := Tar(t, entries)
		m.Layers = append(m.Layers, content)
		m.Blobs = append(m.Blobs, Gzip(t, content))
		m.Types = append(m.Types, "application/vnd.oci.image.layer.v1.tar+gzip")
		m.DiffIDs = append(m.DiffIDs, Digest(content))
	}
	return m
}

// Put adds a blob to the layout and returns its descriptor.
func (m *Image) Put(mediaType string, content []byte) map[string]any {
	digest := Digest(content)
	m.Files["blobs/sha256/"+strings.TrimPrefix(digest, "sha256:")] = content
	return map[string]any{"mediaType": mediaType, "digest": digest, "size": len(content)}
}

// JSON encodes what can't fail.
func JSON(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Sprintf("a test asks to encode %T: %v", value, err))
	}
	return text
}

func (m *Image) configuration() []byte {
	m.Config["rootfs"] = map[string]any{"type": "layers", "diff_ids": m.DiffIDs}
	return JSON(m.Config)
}

// Manifest makes the manifest and what it names, and returns its descriptor.
func (m *Image) Manifest() map[string]any {
	layers := []any{}
	for i, blob := range m.Blobs {
		layers = append(layers, m.Put(m.Types[i], blob))
	}
	d := m.Put("application/vnd.oci.image.manifest.v1+json", JSON(map[string]any{
		"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
		"config": m.Put("application/vnd.oci.image.config.v1+json", m.configuration()), "layers": layers,
	}))
	m.Digest = d["digest"].(string)
	return d
}

// Index makes the layout name some descriptors.
func (m *Image) Index(descriptors ...map[string]any) *Image {
	m.Files["oci-layout"] = []byte(`{"imageLayoutVersion":"1.0.0"}`)
	m.Files["index.json"] = JSON(map[string]any{"schemaVersion": 2, "manifests": descriptors})
	return m
}

// Layout makes a whole layout of the image.
func (m *Image) Layout() *Image { return m.Index(m.Manifest()) }

// Saved makes what "docker save" writes, tags included.
func (m *Image) Saved(tags ...string) *Image {
	config := m.configuration()
	name := strings.TrimPrefix(Digest(config), "sha256:") + ".json"
	m.Files[name] = config
	var layers []string
	for i, content := range m.Layers {
		path := fmt.Sprintf("%d/layer.tar", i)
		layers = append(layers, path)
		m.Files[path] = content
	}
	m.Files["manifest.json"] = JSON([]any{map[string]any{"Config": name, "RepoTags": tags, "Layers": layers}})
	return m
}

// Folder writes the files into a new folder.
func (m *Image) Folder(t testing.TB) string {
	t.Helper()
	folder := t.TempDir()
	for name, content := range m.Files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// Archive writes the files into a new tar, in the order of their names, so that
// layers come before what describes them.
func (m *Image) Archive(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "image.tar")
	if err := os.WriteFile(path, m.Bytes(t), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Bytes are the files as a tar.
func (m *Image) Bytes(t testing.TB) []byte {
	t.Helper()
	var entries []Entry
	for _, name := range slices.Sorted(maps.Keys(m.Files)) {
		entries = append(entries, Entry{Path: name, Type: "file", Content: string(m.Files[name])})
	}
	return Tar(t, entries)
}
