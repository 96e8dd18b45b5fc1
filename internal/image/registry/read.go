package registry

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/errdef"
	"oras.land/oras-go/v2/registry"
	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/errcode"
)

// Errors that callers tell apart.
var (
	ErrNotFound = errors.New("not found")
	ErrDenied   = errors.New("access denied")
	ErrDamaged  = errors.New("content does not have its digest")
)

// Descriptor names content: media type, digest, size.
type Descriptor = ocispec.Descriptor

// mostBytes is more than any manifest or signature needs.
const mostBytes = 4 << 20

// Manifest reads the manifest that the location names. Its descriptor says what
// it is and no more: annotations of an index are no part of it.
func (r *Repository) Manifest(ctx context.Context) (Descriptor, []byte, error) {
	return r.named(ctx, r.reference())
}

// Tagged reads the manifest with a tag in the same place.
func (r *Repository) Tagged(ctx context.Context, tag string) (Descriptor, []byte, error) {
	return r.named(ctx, tag)
}

func (r *Repository) named(ctx context.Context, reference string) (Descriptor, []byte, error) {
	d, err := r.resolve(ctx, reference)
	if err != nil {
		return Descriptor{}, nil, fmt.Errorf("find %s: %w", r.join(reference), classify(err))
	}
	d = Descriptor{MediaType: d.MediaType, Digest: d.Digest, Size: d.Size}
	data, err := r.Read(ctx, d)
	return d, data, err
}

func (r *Repository) resolve(ctx context.Context, reference string) (Descriptor, error) {
	if r.remote == nil {
		return r.resolveInLayout(ctx, reference)
	}
	return r.remote.Manifests().Resolve(ctx, reference)
}

// resolveInLayout gives a manifest named by its digest the media type that the
// index has for it: signatures are about that too.
func (r *Repository) resolveInLayout(ctx context.Context, reference string) (Descriptor, error) {
	d, err := r.graph.Resolve(ctx, reference)
	if err != nil || d.MediaType != "" && d.MediaType != "application/octet-stream" {
		return d, err
	}
	data, err := r.Read(ctx, d)
	if err != nil {
		return d, err
	}
	d.MediaType = mediaTypeOf(data)
	return d, nil
}

// Read reads a manifest or a small blob whole.
func (r *Repository) Read(ctx context.Context, d Descriptor) ([]byte, error) {
	if d.Size > mostBytes {
		return nil, fmt.Errorf("read %s of %s: %d bytes are more than a manifest or a signature has", d.Digest, r.Repository, d.Size)
	}
	data, err := content.FetchAll(ctx, r.graph, d)
	if err != nil {
		return nil, fmt.Errorf("read %s of %s: %w", d.Digest, r.Repository, classify(err))
	}
	return data, nil
}

// Referrers lists the manifests that name another one as their subject, with
// their artifact type.
func (r *Repository) Referrers(ctx context.Context, subject Descriptor) ([]Descriptor, error) {
	list, err := registry.Referrers(ctx, r.graph, subject, "")
	if err != nil {
		return nil, fmt.Errorf("list what refers to %s of %s: %w", subject.Digest, r.Repository, classify(err))
	}
	return list, nil
}

// classify joins an error with the one of ours that says what it means.
func classify(err error) error {
	var response *errcode.ErrorResponse
	status := 0
	if errors.As(err, &response) {
		status = response.StatusCode
	}
	switch {
	case errors.Is(err, errdef.ErrNotFound), status == http.StatusNotFound:
		return errors.Join(ErrNotFound, err)
	case status == http.StatusUnauthorized, status == http.StatusForbidden, errors.Is(err, auth.ErrBasicCredentialNotFound):
		return errors.Join(ErrDenied, err)
	case errors.Is(err, content.ErrMismatchedDigest), errors.Is(err, content.ErrTrailingData), errors.Is(err, content.ErrInvalidDescriptorSize),
		strings.Contains(err.Error(), "mismatch"): // errors of the client that have no type
		return errors.Join(ErrDamaged, err)
	}
	return err
}
