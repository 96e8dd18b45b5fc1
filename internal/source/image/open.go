package image

import (
	"context"
	"fmt"
	"io"

	"github.com/foilsec/foil/internal/source/image/archive"
	"github.com/foilsec/foil/internal/source/image/layout"
	"github.com/foilsec/foil/internal/source/image/oci"
)

// Opened is an image whose documents are read and whose layers can be.
type Opened struct {
	*oci.Image
	layers interface {
		Open(ctx context.Context, n int) (io.ReadCloser, error)
	}
	close  func() error
	remote bool // reading a layer may fail and go well when it is tried again
}

// Layer starts to read the stored bytes of a layer.
func (o *Opened) Layer(ctx context.Context, n int) (io.ReadCloser, error) {
	if why := o.Layers[n].Missing; why != "" {
		return nil, fmt.Errorf("layer %d of %d: %s", n+1, len(o.Layers), why)
	}
	return o.layers.Open(ctx, n)
}

// Close ends the use of the image.
func (o *Opened) Close() error { return o.close() }

// Open finds an image and reads its documents. It is for the verbs that need the
// image itself; folders and files are no images.
func Open(ctx context.Context, o Options) (*Opened, error) {
	o = o.withDefaults()
	p, err := Locate(o.Reference)
	if err != nil {
		return nil, err
	}
	return o.open(ctx, p)
}

func (o Options) open(ctx context.Context, p Place) (*Opened, error) {
	wanted, err := o.wanted()
	if err != nil {
		return nil, err
	}
	var opened *Opened
	switch p.Scheme {
	case OCIFolder:
		opened, err = openFolder(ctx, p, wanted)
	case anyArchive, OCIArchive, DockerArchive:
		opened, err = o.openArchive(ctx, p, wanted)
	case RegistryName:
		opened, err = o.openRemote(ctx, p, wanted)
	case Docker, Podman:
		opened, err = o.openSaved(ctx, p, wanted)
	case Containerd:
		opened, err = o.openContainerd(ctx, p, wanted)
	default:
		return nil, fmt.Errorf("%s is no container image", o.Reference)
	}
	if err != nil {
		return nil, fmt.Errorf("read the image %s: %w", o.Reference, err)
	}
	return opened, nil
}

func (o Options) wanted() (oci.Wanted, error) {
	platform, err := oci.ParsePlatform(o.Platform)
	return oci.Wanted{Platform: platform, Strict: o.Platform != ""}, err
}

func openFolder(ctx context.Context, p Place, w oci.Wanted) (*Opened, error) {
	folder, err := layout.OpenFolder(p.Path)
	if err != nil {
		return nil, err
	}
	found, err := layout.Image(ctx, folder, layout.Layout, p.Image, w)
	if err != nil {
		_ = folder.Close() // the error before it says more
		return nil, err
	}
	return &Opened{Image: found.Image, layers: found, close: folder.Close}, nil
}

func (o Options) openArchive(ctx context.Context, p Place, w oci.Wanted) (*Opened, error) {
	form := map[Scheme]layout.Form{OCIArchive: layout.Layout, DockerArchive: layout.Saved}[p.Scheme]
	var a *archive.Archive
	var err error
	if p.Path == "-" && o.Stdin != nil {
		a, err = archive.Spill(ctx, o.Stdin, o.Spill, o.Limits.Archive)
	} else {
		a, err = archive.Open(ctx, p.Path, o.Spill, o.Limits.Archive)
	}
	if err != nil {
		return nil, err
	}
	return inArchive(ctx, a, form, p.Image, w)
}

func inArchive(ctx context.Context, a *archive.Archive, form layout.Form, name string, w oci.Wanted) (*Opened, error) {
	found, err := layout.Image(ctx, a, form, name, w)
	if err != nil {
		_ = a.Close() // the error before it says more
		return nil, err
	}
	return &Opened{Image: found.Image, layers: found, close: a.Close}, nil
}
