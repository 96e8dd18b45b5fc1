package archive

import (
	"archive/tar"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"
)

// Media types of what is written.
const (
	mediaManifest = "application/vnd.oci.image.manifest.v1+json"
	mediaConfig   = "application/vnd.oci.image.config.v1+json"
	mediaLayer    = "application/vnd.oci.image.layer.v1.tar+gzip"
)

// Output is an image of one layer to write.
type Output struct {
	Reference   string // a name with tag; empty for none
	Config      Config // its RootFS is set from the layer
	Annotations map[string]string
	Layer       *LayerFile
}

// Written says what an image became.
type Written struct {
	Digest   string // of the manifest
	ConfigID string
	Size     int64 // of all blobs
}

// blobText is a small blob.
type blobText struct {
	descriptor
	content []byte
}

// Write writes an archive that is an OCI layout and that docker load takes.
// Its bytes depend on the image alone.
func Write(w io.Writer, o Output) (Written, error) {
	o.Config.RootFS = RootFS{Type: "layers", DiffIDs: []string{o.Layer.DiffID}}
	config, err := text(mediaConfig, o.Config)
	if err != nil {
		return Written{}, err
	}
	layer := descriptor{MediaType: mediaLayer, Digest: o.Layer.Digest, Size: o.Layer.Size}
	m, err := text(mediaManifest, manifest{SchemaVersion: 2, MediaType: mediaManifest, Config: &config.descriptor,
		Layers: []descriptor{layer}, Annotations: o.Annotations})
	if err != nil {
		return Written{}, err
	}
	files, err := documents(o, config, m)
	if err != nil {
		return Written{}, err
	}
	a := &writer{tar: tar.NewWriter(w)}
	for _, f := range files {
		a.file(f.name, f.content)
	}
	a.blob(config)
	a.blob(m)
	a.layer(o.Layer)
	if err := a.close(); err != nil {
		return Written{}, fmt.Errorf("write the image: %w", err)
	}
	return Written{Digest: m.Digest, ConfigID: config.Digest, Size: m.Size + config.Size + layer.Size}, nil
}

type file struct {
	name    string
	content []byte
}

// documents are the files beside the blobs.
func documents(o Output, config, m blobText) ([]file, error) {
	entry := m.descriptor
	entry.Platform = &platform{Architecture: o.Config.Architecture, OS: o.Config.OS, Variant: o.Config.Variant}
	docker := dockerManifest{Config: blobPath(config.Digest), Layers: []string{blobPath(o.Layer.Digest)}, RepoTags: []string{}}
	if o.Reference != "" {
		entry.Annotations = map[string]string{"io.containerd.image.name": o.Reference, "org.opencontainers.image.ref.name": o.Reference}
		docker.RepoTags = []string{o.Reference}
	}
	index, err := json.Marshal(manifest{SchemaVersion: 2, Manifests: []descriptor{entry}})
	if err != nil {
		return nil, err
	}
	list, err := json.Marshal([]dockerManifest{docker})
	if err != nil {
		return nil, err
	}
	return []file{{"oci-layout", []byte(`{"imageLayoutVersion":"1.0.0"}`)}, {"index.json", index}, {"manifest.json", list}}, nil
}

// text makes a blob of a document.
func text(mediaType string, v any) (blobText, error) {
	content, err := json.Marshal(v)
	if err != nil {
		return blobText{}, err
	}
	return blobText{descriptor{MediaType: mediaType, Digest: digest(content), Size: int64(len(content))}, content}, nil
}

// blobPath is the name of a blob whose digest foil made.
func blobPath(digest string) string { return "blobs/sha256/" + digest[len("sha256:"):] }

// writer writes the outer archive and remembers the first error.
type writer struct {
	tar *tar.Writer
	err error
}

func (a *writer) file(name string, content []byte) {
	if a.header(name, int64(len(content))) {
		_, a.err = a.tar.Write(content)
	}
}

func (a *writer) blob(b blobText) { a.file(blobPath(b.Digest), b.content) }

func (a *writer) layer(l *LayerFile) {
	f, err := os.Open(l.path)
	if err != nil {
		a.err = err
		return
	}
	defer func() { _ = f.Close() }()
	if a.header(blobPath(l.Digest), l.Size) {
		_, a.err = io.Copy(a.tar, f)
	}
}

// header writes a header without anything of this machine or this day.
func (a *writer) header(name string, size int64) bool {
	if a.err == nil {
		a.err = a.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o644, ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR})
	}
	return a.err == nil
}

func (a *writer) close() error {
	if a.err != nil {
		return a.err
	}
	return a.tar.Close()
}
