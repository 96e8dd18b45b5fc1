package registry

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/partial"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/foilsec/foil/internal/source/image/oci"
)

// Options say how registries are spoken to.
type Options struct {
	PlainHTTP bool
	Mirrors   map[string][]string // of hosts, asked before them
	Transport http.RoundTripper   // nil for the usual one
	Silence   time.Duration       // how long a registry may say nothing
}

// Image is an image in a registry.
type Image struct {
	*oci.Image
	store   *store
	silence time.Duration
}

// Find reads the documents of an image, from a mirror if there is one that has
// it.
func Find(ctx context.Context, reference string, o Options, w oci.Wanted) (*Image, error) {
	var options []name.Option
	if o.PlainHTTP {
		options = append(options, name.Insecure)
	}
	ref, err := name.ParseReference(reference, options...)
	if err != nil {
		return nil, fmt.Errorf("%q is neither a file, a folder nor the name of an image: %w", reference, err)
	}
	puller, err := remote.NewPuller(
		remote.WithAuthFromKeychain(authn.DefaultKeychain),
		remote.WithTransport(newTransport(o)),
		remote.WithUserAgent("foil"),
	)
	if err != nil {
		return nil, err
	}
	var failed []error
	for _, place := range places(ref, o.Mirrors, options) {
		image, err := find(ctx, puller, place, w)
		if err == nil {
			image.Name = fullName(ref)
			image.silence = o.Silence
			return image, nil
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		failed = append(failed, explain(place, err))
	}
	return nil, errors.Join(failed...)
}

func find(ctx context.Context, puller *remote.Puller, ref name.Reference, w oci.Wanted) (*Image, error) {
	top, err := puller.Get(ctx, ref)
	if err != nil {
		return nil, err
	}
	s := &store{puller: puller, repository: ref.Context(), top: top}
	d := oci.Descriptor{MediaType: string(top.MediaType), Digest: top.Digest.String(), Size: top.Size}
	image, err := oci.Resolve(ctx, s, d, w)
	if err != nil {
		return nil, err
	}
	for i := range image.Layers {
		l := &image.Layers[i]
		if l.Missing == "" && l.Foreign() && !s.holds(ctx, l.Digest) {
			l.Missing = "it is a foreign layer, which the registry does not hold: foil does not fetch the addresses that images name; save the image with foreign layers included and scan the file"
		}
	}
	return &Image{Image: image, store: s}, nil
}

// places are where an image may be, the mirrors first.
func places(ref name.Reference, mirrors map[string][]string, options []name.Option) []name.Reference {
	var list []name.Reference
	host := ref.Context().RegistryStr()
	for _, mirror := range append(mirrors[host], mirrors[shortHost(host)]...) {
		repository, err := name.NewRepository(strings.TrimSuffix(mirror, "/")+"/"+ref.Context().RepositoryStr(), options...)
		if err != nil {
			continue // the registry itself is still asked
		}
		switch r := ref.(type) {
		case name.Digest:
			list = append(list, repository.Digest(r.DigestStr()))
		case name.Tag:
			list = append(list, repository.Tag(r.TagStr()))
		}
	}
	return append(list, ref)
}

// shortHost is what users write for Docker Hub.
func shortHost(host string) string {
	if host == name.DefaultRegistry {
		return "docker.io"
	}
	return "" // it is listed under its one name
}

func fullName(ref name.Reference) string {
	if rest, ok := strings.CutPrefix(ref.Name(), name.DefaultRegistry+"/"); ok {
		return "docker.io/" + rest
	}
	return ref.Name()
}

// Open starts to read a layer.
func (m *Image) Open(ctx context.Context, n int) (io.ReadCloser, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	r, err := m.store.blob(ctx, m.Layers[n].Digest)
	if err != nil {
		cancel(nil)
		return nil, explain(m.store.repository, err)
	}
	return watch(ctx, r, m.silence, cancel), nil
}

// store is one repository.
type store struct {
	puller     *remote.Puller
	repository name.Repository
	top        *remote.Descriptor
}

func (s *store) Document(ctx context.Context, d oci.Descriptor) (io.ReadCloser, error) {
	if d.Digest == s.top.Digest.String() {
		return io.NopCloser(bytes.NewReader(s.top.Manifest)), nil
	}
	switch d.MediaType {
	case oci.TypeIndex, oci.TypeManifest, oci.TypeDockerList, oci.TypeDockerManifest:
		found, err := s.puller.Get(ctx, s.repository.Digest(d.Digest))
		if err != nil {
			return nil, explain(s.repository, err)
		}
		return io.NopCloser(bytes.NewReader(found.Manifest)), nil
	}
	return s.blob(ctx, d.Digest)
}

func (s *store) blob(ctx context.Context, digest string) (io.ReadCloser, error) {
	layer, err := s.puller.Layer(ctx, s.repository.Digest(digest))
	if err != nil {
		return nil, err
	}
	return layer.Compressed()
}

func (s *store) holds(ctx context.Context, digest string) bool {
	layer, err := s.puller.Layer(ctx, s.repository.Digest(digest))
	if err != nil {
		return false
	}
	ok, err := partial.Exists(layer)
	return ok && err == nil
}
