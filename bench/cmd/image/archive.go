package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// archive is an OCI image layout in the making (OCI image spec 1.1).
type archive struct {
	blobs   [][]byte
	layers  []descriptor
	diffIDs []string
	history []map[string]any
}

type descriptor struct {
	MediaType string            `json:"mediaType"`
	Digest    string            `json:"digest"`
	Size      int64             `json:"size"`
	Platform  map[string]string `json:"platform,omitempty"`
}

func (a *archive) blob(mediaType string, data []byte) descriptor {
	a.blobs = append(a.blobs, data)
	return descriptor{MediaType: mediaType, Digest: digestOf(data), Size: int64(len(data))}
}

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// layer packs a folder.
func (a *archive) layer(root, step string) error {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	plain := sha256.New()
	if err := pack(root, io.MultiWriter(z, plain)); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	a.layers = append(a.layers, a.blob("application/vnd.oci.image.layer.v1.tar+gzip", packed.Bytes()))
	a.diffIDs = append(a.diffIDs, "sha256:"+hex.EncodeToString(plain.Sum(nil)))
	a.history = append(a.history, map[string]any{"created_by": step})
	return nil
}

// pack writes a folder as a tar archive in the order of its names.
func pack(root string, w io.Writer) error {
	t := tar.NewWriter(w)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == root {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		return packOne(t, path, name, d)
	})
	if err != nil {
		return err
	}
	return t.Close()
}

func packOne(t *tar.Writer, path, name string, d fs.DirEntry) error {
	info, err := d.Info()
	if err != nil {
		return err
	}
	if info.Mode().Type()&(fs.ModeSocket|fs.ModeDevice) != 0 {
		return nil
	}
	target := ""
	if info.Mode().Type() == fs.ModeSymlink {
		if target, err = os.Readlink(path); err != nil {
			return err
		}
	}
	h, err := tar.FileInfoHeader(info, target)
	if err != nil {
		return err
	}
	h.Name, h.ModTime, h.Uname, h.Gname, h.Format = name, time.Unix(1_700_000_000, 0), "", "", tar.FormatPAX
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		h.Uid, h.Gid = int(s.Uid), int(s.Gid)
	}
	if info.IsDir() {
		h.Name += "/"
	}
	if err := t.WriteHeader(h); err != nil || !info.Mode().IsRegular() {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // it was only read
	_, err = io.Copy(t, f)
	return err
}

// write ends the image and stores it.
func (a *archive) write(path string) error {
	config, err := json.Marshal(map[string]any{
		"architecture": "amd64", "os": "linux", "created": "2023-11-14T22:13:20Z", "history": a.history,
		"config": map[string]any{"Entrypoint": []string{"/usr/local/bin/kitchen"}},
		"rootfs": map[string]any{"type": "layers", "diff_ids": a.diffIDs},
	})
	if err != nil {
		return err
	}
	manifest, err := json.Marshal(map[string]any{
		"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
		"config": a.blob("application/vnd.oci.image.config.v1+json", config), "layers": a.layers,
	})
	if err != nil {
		return err
	}
	top := a.blob("application/vnd.oci.image.manifest.v1+json", manifest)
	top.Platform = map[string]string{"os": "linux", "architecture": "amd64"}
	index, err := json.Marshal(map[string]any{"schemaVersion": 2, "manifests": []descriptor{top}})
	if err != nil {
		return err
	}
	return a.store(path, index)
}

func (a *archive) store(path string, index []byte) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // closed below, with its error
	t := tar.NewWriter(f)
	add := func(name string, data []byte) {
		if err == nil {
			err = t.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(data)), Typeflag: tar.TypeReg})
		}
		if err == nil {
			_, err = t.Write(data)
		}
	}
	add("oci-layout", []byte(`{"imageLayoutVersion":"1.0.0"}`))
	add("index.json", index)
	for _, blob := range a.blobs {
		add("blobs/sha256/"+digestOf(blob)[len("sha256:"):], blob)
	}
	if err != nil {
		return err
	}
	if err := t.Close(); err != nil {
		return err
	}
	return f.Close()
}
