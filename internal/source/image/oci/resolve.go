package oci

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Store holds the documents of images.
type Store interface {
	// Document is an index, a manifest or a configuration. Its digest is checked
	// by whoever asks.
	Document(ctx context.Context, d Descriptor) (io.ReadCloser, error)
}

// Bounds of what is followed and held.
const (
	mostNesting = 8
	mostLayers  = 4096
)

// Wanted selects an image.
type Wanted struct {
	Platform Platform
	// Strict refuses the only image there is when it is for another platform.
	Strict bool
}

// Resolve finds the image that a descriptor leads to, through indexes.
func Resolve(ctx context.Context, s Store, d Descriptor, w Wanted) (*Image, error) {
	var seen []string
	for {
		if err := CheckDigest(d.Digest); err != nil {
			return nil, err
		}
		if slices.Contains(seen, d.Digest) {
			return nil, fmt.Errorf("the index %s leads back to itself", d.Digest)
		}
		if seen = append(seen, d.Digest); len(seen) > mostNesting {
			return nil, fmt.Errorf("indexes are nested more than %d deep", mostNesting)
		}
		doc, err := load(ctx, s, d)
		if err != nil {
			return nil, err
		}
		if len(doc.Manifests) == 0 {
			return imageOf(ctx, s, d, doc, w)
		}
		if d, err = Choose(doc.Manifests, w); err != nil {
			return nil, fmt.Errorf("%s: %w", d.Digest, err)
		}
	}
}

func load(ctx context.Context, s Store, d Descriptor) (*document, error) {
	content, err := fetch(ctx, s, d)
	if err != nil {
		return nil, err
	}
	return parse(content, d.Digest)
}

func parse(content []byte, name string) (*document, error) {
	doc := &document{}
	if err := json.Unmarshal(content, doc); err != nil {
		return nil, fmt.Errorf("%s is neither an index nor a manifest: %w", name, err)
	}
	switch {
	case doc.SchemaVersion == 1:
		return nil, fmt.Errorf("%s has the format of Docker before 1.10 (schema 1), which names no content by its digest: push the image anew", name)
	case len(doc.Manifests) > 0 && len(doc.Layers) > 0:
		return nil, fmt.Errorf("%s claims to be an index and a manifest at once: it is refused, since readers would disagree about it", name)
	}
	return doc, nil
}

func fetch(ctx context.Context, s Store, d Descriptor) ([]byte, error) {
	r, err := s.Document(ctx, d)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return ReadDocument(r, d)
}

// Choose picks the image for a platform.
func Choose(list []Descriptor, w Wanted) (Descriptor, error) {
	images := slices.DeleteFunc(slices.Clone(list), func(d Descriptor) bool {
		return d.Annotations[dockerPurpose] != "" || d.Platform != nil && d.Platform.OS == "unknown"
	})
	for _, d := range images {
		if d.Platform != nil && w.Platform.Runs(*d.Platform) {
			return d, nil
		}
	}
	if len(images) == 1 && (!w.Strict || images[0].Platform == nil) {
		return images[0], nil
	}
	var there []string
	for _, d := range images {
		if d.Platform != nil {
			there = append(there, d.Platform.String())
		}
	}
	if len(there) == 0 {
		return Descriptor{}, errors.New("the index holds no image with a platform")
	}
	return Descriptor{}, fmt.Errorf("there is no image for %s; choose one of %s with --platform", w.Platform, strings.Join(there, ", "))
}

// imageOf reads what a manifest names.
func imageOf(ctx context.Context, s Store, d Descriptor, doc *document, w Wanted) (*Image, error) {
	if err := isImage(doc); err != nil {
		return nil, fmt.Errorf("%s: %w", d.Digest, err)
	}
	content, err := fetch(ctx, s, doc.Config)
	if err != nil {
		return nil, fmt.Errorf("the configuration of %s: %w", d.Digest, err)
	}
	image := &Image{Digest: d.Digest, ConfigID: doc.Config.Digest, Annotations: doc.Annotations, ConfigText: content}
	if image.Config, err = ParseConfig(content); err != nil {
		return nil, fmt.Errorf("the configuration %s: %w", doc.Config.Digest, err)
	}
	if is := image.Config.Platform; w.Strict && is.OS != "" && !w.Platform.Runs(is) {
		return nil, fmt.Errorf("the image is for %s and not for %s", is, w.Platform)
	}
	diffIDs := image.Config.RootFS.DiffIDs
	if len(diffIDs) != len(doc.Layers) {
		return nil, fmt.Errorf("the manifest %s has %d layers and its configuration %d: the image is damaged, build it anew", d.Digest, len(doc.Layers), len(diffIDs))
	}
	for i, l := range doc.Layers {
		layer := Layer{Descriptor: l, DiffID: diffIDs[i]}
		if !l.isArchive() {
			layer.Missing = fmt.Sprintf("it is a %s and not an archive that foil can read", l.MediaType)
		} else if err := CheckDigest(l.Digest); err != nil {
			layer.Missing = err.Error()
		}
		image.Layers = append(image.Layers, layer)
	}
	return image, nil
}

func isImage(doc *document) error {
	switch {
	case len(doc.Layers) > mostLayers:
		return fmt.Errorf("the manifest has %d layers, the limit is %d", len(doc.Layers), mostLayers)
	case doc.ArtifactType != "" && doc.Config.MediaType != TypeConfig && doc.Config.MediaType != TypeDockerConfig:
		return fmt.Errorf("it is an artifact of the type %q and no container image", doc.ArtifactType)
	case doc.Config.MediaType != "" && doc.Config.MediaType != TypeConfig && doc.Config.MediaType != TypeDockerConfig:
		return fmt.Errorf("its configuration is a %q: it is no container image", doc.Config.MediaType)
	}
	return CheckDigest(doc.Config.Digest)
}

// ParseConfig reads the configuration of an image.
func ParseConfig(content []byte) (Config, error) {
	var c Config
	if err := json.Unmarshal(content, &c); err != nil {
		return Config{}, fmt.Errorf("is no image configuration: %w", err)
	}
	if len(c.RootFS.DiffIDs) > mostLayers {
		return Config{}, fmt.Errorf("it has %d layers, the limit is %d", len(c.RootFS.DiffIDs), mostLayers)
	}
	for _, id := range c.RootFS.DiffIDs {
		if err := CheckDigest(id); err != nil {
			return Config{}, err
		}
	}
	return c, nil
}
