package attach

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2"
	"oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/errdef"

	"github.com/foilsec/foil/internal/image/registry"
)

// Document is what is attached.
type Document struct {
	Content   []byte
	MediaType string    // "application/spdx+json"; also the type of the artifact
	Title     string    // a name for the file; may be empty
	Created   time.Time // of the document; the zero time is written as 1970
}

// Attached says where the document is.
type Attached struct {
	Subject  string `json:"subject"`  // digest of the image
	Manifest string `json:"manifest"` // digest of the manifest that holds the document
	Size     int64  `json:"size"`     // of the document
}

// Attach stores a document beside an image.
func Attach(ctx context.Context, l registry.Location, d Document, o registry.Options) (Attached, error) {
	fail := func(err error) (Attached, error) {
		return Attached{}, fmt.Errorf("attach a document to %s: %w", l, err)
	}
	if d.MediaType == "" {
		return fail(errors.New("it has no media type"))
	}
	read, err := registry.Open(ctx, l, o)
	if err != nil {
		return fail(err)
	}
	subject, _, err := read.Manifest(ctx)
	if err != nil {
		return fail(err)
	}
	target, err := registry.OpenWritable(ctx, l, o)
	if err != nil {
		return fail(err)
	}
	layer, err := push(ctx, target, &d)
	if err != nil {
		return fail(err)
	}
	manifest, err := oras.PackManifest(ctx, target, oras.PackManifestVersion1_1, d.MediaType, oras.PackManifestOptions{
		Subject: &subject, Layers: []ocispec.Descriptor{layer},
		ManifestAnnotations: map[string]string{ocispec.AnnotationCreated: created(d.Created)},
	})
	if err != nil {
		return fail(err)
	}
	return Attached{Subject: subject.Digest.String(), Manifest: manifest.Digest.String(), Size: layer.Size}, nil
}

func push(ctx context.Context, target oras.Target, d *Document) (ocispec.Descriptor, error) {
	layer := content.NewDescriptorFromBytes(d.MediaType, d.Content)
	if d.Title != "" {
		layer.Annotations = map[string]string{ocispec.AnnotationTitle: d.Title}
	}
	exists, err := target.Exists(ctx, layer)
	if err != nil || exists {
		return layer, err
	}
	if err := target.Push(ctx, layer, bytes.NewReader(d.Content)); err != nil && !errors.Is(err, errdef.ErrAlreadyExists) {
		return layer, err
	}
	return layer, nil
}

func created(at time.Time) string {
	if at.IsZero() {
		at = time.Unix(0, 0)
	}
	return at.UTC().Format(time.RFC3339)
}
