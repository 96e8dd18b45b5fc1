package verify_test

import (
	"context"
	"testing"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2"
	"oras.land/oras-go/v2/content"

	"github.com/foilsec/foil/internal/image/imagetest"
	"github.com/foilsec/foil/internal/image/registry"
)

// storage is an image with no signature, in a place that a test may write to.
type storage struct {
	target   oras.GraphTarget
	subject  ocispec.Descriptor
	location registry.Location
}

func (s storage) manifest(t testing.TB) []byte {
	t.Helper()
	data, err := content.FetchAll(context.Background(), s.target, s.subject)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// storages are the kinds of places.
var storages = map[string]func(testing.TB) storage{
	"layout": func(t testing.TB) storage {
		layout, folder := imagetest.Layout(t)
		return storage{layout, imagetest.Push(t, layout, "v1", "one"), registry.Location{Layout: folder, Repository: "local/layout", Tag: "v1"}}
	},
	"registry":       func(t testing.TB) storage { return inRegistry(t, true) },
	"older registry": func(t testing.TB) storage { return inRegistry(t, false) },
}

func inRegistry(t testing.TB, referrers bool) storage {
	t.Helper()
	name := imagetest.Registry(t, referrers) + "/shop/kitchen"
	repository := imagetest.Repository(t, name)
	return storage{repository, imagetest.Push(t, repository, "v1", "one"), registry.Location{Repository: name, Tag: "v1"}}
}
