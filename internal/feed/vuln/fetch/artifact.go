package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// The annotations that an artifact is read by.
const (
	titleAnnotation   = "org.opencontainers.image.title"
	createdAnnotation = "org.opencontainers.image.created"
)

// mostLayers is the largest number of files of an artifact.
const mostLayers = 200

// Artifact is what was fetched from a registry.
type Artifact struct {
	Digest  string
	Created time.Time // zero when the artifact does not say
	// Unchanged is true when the digest is the one that was asked with; no files
	// are there then.
	Unchanged bool
}

// Artifact fetches an OCI artifact: every layer that has a title becomes a file
// of that name in the folder. Digests are checked on the way. The login is that
// of docker.
func (c *Client) Artifact(ctx context.Context, reference, folder, have string) (Artifact, error) {
	ref, err := name.ParseReference(strings.TrimPrefix(reference, "oci://"), c.nameOptions()...)
	if err != nil {
		return Artifact{}, fmt.Errorf("fetch %s: %w", reference, err)
	}
	options := []remote.Option{remote.WithContext(ctx), remote.WithTransport(c.http.Transport), remote.WithAuthFromKeychain(authn.DefaultKeychain), remote.WithUserAgent("foil")}
	if ref.Context().Scheme() != "https" && !c.plain {
		return Artifact{}, fmt.Errorf("fetch %s: the registry is without TLS: allow it with --plain-http", reference)
	}
	description, err := remote.Get(ref, options...)
	if err != nil {
		return Artifact{}, fmt.Errorf("fetch %s: %w", reference, err)
	}
	a := Artifact{Digest: description.Digest.String()}
	if a.Digest == have {
		a.Unchanged = true
		return a, nil
	}
	image, err := description.Image()
	if err != nil {
		return a, fmt.Errorf("fetch %s: %w", reference, err)
	}
	if err := a.files(image, folder); err != nil {
		return a, fmt.Errorf("fetch %s: %w", reference, err)
	}
	return a, nil
}

func (c *Client) nameOptions() []name.Option {
	if c.plain {
		return []name.Option{name.Insecure}
	}
	return nil
}

// files writes the titled layers of an artifact.
func (a *Artifact) files(image v1.Image, folder string) error {
	manifest, err := image.Manifest()
	if err != nil {
		return err
	}
	if a.Created, err = time.Parse(time.RFC3339, manifest.Annotations[createdAnnotation]); err != nil {
		a.Created = time.Time{}
	}
	if len(manifest.Layers) > mostLayers {
		return fmt.Errorf("the artifact has %d layers, more than %d", len(manifest.Layers), mostLayers)
	}
	found := false
	for i := range manifest.Layers {
		title := manifest.Layers[i].Annotations[titleAnnotation]
		if title == "" {
			continue
		}
		found = true
		if err := layer(image, &manifest.Layers[i], folder, title); err != nil {
			return fmt.Errorf("%s: %w", title, err)
		}
	}
	if !found {
		return errors.New("no layer of the artifact has a title that names a file")
	}
	return nil
}

// layer writes one layer. Its title may name folders, and nothing outside of
// the one that is given.
func layer(image v1.Image, d *v1.Descriptor, folder, title string) error {
	if !filepath.IsLocal(title) {
		return errors.New("the title leaves the folder")
	}
	if d.Size > largestFile {
		return fmt.Errorf("it has %d MB, more than the %d that are read", d.Size>>20, largestFile>>20)
	}
	l, err := image.LayerByDigest(d.Digest)
	if err != nil {
		return err
	}
	from, err := l.Compressed()
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }()
	path := filepath.Join(folder, title)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	to, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, io.LimitReader(from, largestFile))
	return errors.Join(err, to.Close())
}
