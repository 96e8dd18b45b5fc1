package attach_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2"

	"github.com/foilsec/foil/internal/image/attach"
	"github.com/foilsec/foil/internal/image/imagetest"
	"github.com/foilsec/foil/internal/image/registry"
)

var document = attach.Document{
	Content: []byte(`{"bomFormat":"CycloneDX"}`), MediaType: "application/vnd.cyclonedx+json", Title: "bill.cdx.json", Created: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC),
}

// places are the kinds of storage that an image may be in.
func places(t *testing.T) map[string]struct {
	location registry.Location
	target   oras.Target
} {
	type place = struct {
		location registry.Location
		target   oras.Target
	}
	store, folder := imagetest.Layout(t)
	with, without := imagetest.Registry(t, true)+"/shop", imagetest.Registry(t, false)+"/shop"
	return map[string]place{
		"layout":                     {registry.Location{Layout: folder, Repository: "local/layout", Tag: "v1"}, store},
		"registry":                   {registry.Location{Repository: with, Tag: "v1"}, imagetest.Repository(t, with)},
		"registry without referrers": {registry.Location{Repository: without, Tag: "v1"}, imagetest.Repository(t, without)},
	}
}

func TestAttach(t *testing.T) {
	for name, place := range places(t) {
		t.Run(name, func(t *testing.T) {
			image := imagetest.Push(t, place.target, "v1", "one")
			first, err := attach.Attach(context.Background(), place.location, document, registry.Options{})
			if err != nil {
				t.Fatal(err)
			}
			second, err := attach.Attach(context.Background(), place.location, document, registry.Options{})
			if err != nil || second != first {
				t.Errorf("the same document again: %+v, want %+v; %v", second, first, err)
			}
			if first.Subject != image.Digest.String() || first.Size != int64(len(document.Content)) {
				t.Errorf("got %+v for %s", first, image.Digest)
			}
			compare(t, place.location, image, first)
		})
	}
}

// compare reads back what is attached to an image.
func compare(t *testing.T, l registry.Location, image ocispec.Descriptor, want attach.Attached) {
	t.Helper()
	r, err := registry.Open(context.Background(), l, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	list, err := r.Referrers(context.Background(), image)
	if err != nil || len(list) != 1 || list[0].Digest.String() != want.Manifest {
		t.Fatalf("referrers %+v, %v", list, err)
	}
	manifest, err := r.Read(context.Background(), list[0])
	for _, part := range []string{`"artifactType":"application/vnd.cyclonedx+json"`, `"org.opencontainers.image.title":"bill.cdx.json"`, `"2026-05-01T12:00:00Z"`} {
		if err != nil || !bytes.Contains(manifest, []byte(part)) {
			t.Errorf("manifest without %s: %s, %v", part, manifest, err)
		}
	}
}

func TestWhatCanNotBeAttached(t *testing.T) {
	repository := imagetest.Registry(t, true) + "/shop"
	l := registry.Location{Repository: repository, Tag: "gone"}
	if _, err := attach.Attach(context.Background(), l, document, registry.Options{}); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("no image: %v", err)
	}
	_, err := attach.Attach(context.Background(), l, attach.Document{}, registry.Options{})
	if err == nil || !strings.HasSuffix(err.Error(), "it has no media type") {
		t.Errorf("no media type: %v", err)
	}
}
