package image

import (
	"context"

	"github.com/foilsec/foil/internal/source/image/archive"
	"github.com/foilsec/foil/internal/source/image/daemon"
	"github.com/foilsec/foil/internal/source/image/layout"
	"github.com/foilsec/foil/internal/source/image/oci"
	"github.com/foilsec/foil/internal/source/image/registry"
)

func (o Options) openRemote(ctx context.Context, p Place, w oci.Wanted) (*Opened, error) {
	found, err := registry.Find(ctx, p.Path, registry.Options{
		PlainHTTP: o.Registry.PlainHTTP, Mirrors: o.Registry.Mirrors, Transport: o.Registry.Transport, Silence: o.Registry.Timeout,
	}, w)
	if err != nil {
		return nil, err
	}
	return &Opened{Image: found.Image, layers: found, close: func() error { return nil }, remote: true}, nil
}

// openSaved has Docker or Podman save an image. What they send can't be read from
// any place, so that it is kept beside.
func (o Options) openSaved(ctx context.Context, p Place, w oci.Wanted) (*Opened, error) {
	kind, socket := daemon.Docker, o.Sockets.Docker
	if p.Scheme == Podman {
		kind, socket = daemon.Podman, o.Sockets.Podman
	}
	stream, err := daemon.Save(ctx, kind, socket, p.Path)
	if err != nil {
		return nil, err
	}
	defer stream.Close()
	a, err := archive.Spill(ctx, stream, o.Spill, o.Limits.Archive)
	if err != nil {
		return nil, err
	}
	opened, err := inArchive(ctx, a, layout.Either, "", w)
	if err == nil && opened.Name == "" {
		opened.Name = p.Path
	}
	return opened, err
}

func (o Options) openContainerd(ctx context.Context, p Place, w oci.Wanted) (*Opened, error) {
	found, err := daemon.Find(ctx, o.Sockets.Containerd, o.Sockets.Namespaces, p.Path, w)
	if err != nil {
		return nil, err
	}
	return &Opened{Image: found.Image, layers: found, close: found.Close}, nil
}
