package imagetest

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http/httptest"
	"strings"
	"testing"

	registry "github.com/google/go-containerregistry/pkg/registry"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2"
	"oras.land/oras-go/v2/content/oci"
	"oras.land/oras-go/v2/registry/remote"
)

// Registry starts a registry on this machine and gives its host and port.
// Without referrers it is one from before that part of the protocol.
func Registry(t testing.TB, referrers bool) string {
	t.Helper()
	server := httptest.NewServer(registry.New(registry.WithReferrersSupport(referrers), registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

// Repository opens a repository of such a registry.
func Repository(t testing.TB, name string) *remote.Repository {
	t.Helper()
	r, err := remote.NewRepository(name)
	if err != nil {
		t.Fatal(err)
	}
	r.PlainHTTP = true
	r.SkipReferrersGC = true
	return r
}

// Layout makes a folder in the OCI image layout.
func Layout(t testing.TB) (*oci.Store, string) {
	t.Helper()
	folder := t.TempDir()
	store, err := oci.New(folder)
	if err != nil {
		t.Fatal(err)
	}
	return store, folder
}

// Push stores a small image with a tag. Images with different text differ.
func Push(t testing.TB, target oras.Target, tag, text string) ocispec.Descriptor {
	t.Helper()
	layer, err := oras.PushBytes(context.Background(), target, ocispec.MediaTypeImageLayer, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	config, err := oras.PushBytes(context.Background(), target, ocispec.MediaTypeImageConfig, fmt.Appendf(nil, `{"architecture":"amd64","os":"linux","author":%q}`, text))
	if err != nil {
		t.Fatal(err)
	}
	d, err := oras.PackManifest(context.Background(), target, oras.PackManifestVersion1_1, "", oras.PackManifestOptions{
		Layers: []ocispec.Descriptor{layer}, ConfigDescriptor: &config,
		ManifestAnnotations: map[string]string{ocispec.AnnotationCreated: "2026-01-01T00:00:00Z"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := target.Tag(context.Background(), d, tag); err != nil {
		t.Fatal(err)
	}
	d.Annotations, d.ArtifactType = nil, "" // a descriptor as one resolves it
	return d
}
