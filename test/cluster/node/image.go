package node

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
)

// Image is a container image of one layer that is made on the spot: the test
// cluster has no registry to pull from.
type Image struct {
	// Name is the full name with a tag. A tag other than latest makes
	// Kubernetes use the imported image without asking a registry.
	Name    string
	Command []string
	Env     []string
	Files   []File
}

// File is an entry of an image's only layer.
type File struct {
	Path    string
	Mode    int64
	Content []byte
	// Link makes the entry a symbolic link to this target.
	Link string
	// Folder makes the entry a folder.
	Folder bool
}

// Archive writes the image in the format of `docker save`.
func (i Image) Archive(w io.Writer) error {
	layer, err := i.layer()
	if err != nil {
		return fmt.Errorf("pack the layer of image %s: %w", i.Name, err)
	}
	config, err := json.Marshal(i.config(layer))
	if err != nil {
		return fmt.Errorf("encode the configuration of image %s: %w", i.Name, err)
	}
	manifest, err := json.Marshal([]map[string]any{{
		"Config": "config.json", "RepoTags": []string{i.Name}, "Layers": []string{"layer.tar"},
	}})
	if err != nil {
		return fmt.Errorf("encode the manifest of image %s: %w", i.Name, err)
	}
	return writeTar(w, []File{
		{Path: "config.json", Mode: 0o644, Content: config},
		{Path: "layer.tar", Mode: 0o644, Content: layer},
		{Path: "manifest.json", Mode: 0o644, Content: manifest},
	})
}

func (i Image) layer() ([]byte, error) {
	var b bytes.Buffer
	err := writeTar(&b, i.Files)
	return b.Bytes(), err
}

func (i Image) config(layer []byte) map[string]any {
	digest := sha256.Sum256(layer)
	return map[string]any{
		"architecture": runtime.GOARCH,
		"os":           "linux",
		"config":       map[string]any{"Cmd": i.Command, "Env": i.Env},
		"rootfs":       map[string]any{"type": "layers", "diff_ids": []string{"sha256:" + hex.EncodeToString(digest[:])}},
	}
}

func writeTar(w io.Writer, files []File) error {
	t := tar.NewWriter(w)
	for _, f := range files {
		if err := t.WriteHeader(f.header()); err != nil {
			return err
		}
		if _, err := t.Write(f.Content); err != nil {
			return err
		}
	}
	return t.Close()
}

func (f File) header() *tar.Header {
	h := &tar.Header{Name: f.Path, Mode: f.Mode, Size: int64(len(f.Content)), Typeflag: tar.TypeReg}
	switch {
	case f.Folder:
		h.Typeflag = tar.TypeDir
	case f.Link != "":
		h.Typeflag, h.Linkname = tar.TypeSymlink, f.Link
	}
	return h
}
