package daemon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/foilsec/foil/internal/source/image/oci"
)

// The calls that are needed (containerd api/services/{images,content}/v1).
const (
	getImage    = "containerd.services.images.v1.Images/Get"
	readContent = "containerd.services.content.v1.Content/Read"
	contentInfo = "containerd.services.content.v1.Content/Info"
)

// Image is an image in containerd.
type Image struct {
	*oci.Image
	calls *caller
}

// Find reads the documents of an image. Namespaces are searched in their order.
func Find(ctx context.Context, socket string, namespaces []string, name string, w oci.Wanted) (*Image, error) {
	path, err := find(socket, []string{"/run/containerd/containerd.sock", "/run/k3s/containerd/containerd.sock", "/var/run/docker/containerd/containerd.sock"}, "containerd")
	if err != nil {
		return nil, err
	}
	if len(namespaces) == 0 {
		namespaces = []string{"k8s.io", "default", "moby"}
	}
	calls := newCaller(path)
	for _, namespace := range namespaces {
		for _, full := range fullNames(name) {
			m, err := findIn(ctx, calls.in(namespace), full, w)
			if errors.Is(err, errNotFound) {
				continue
			}
			if err != nil {
				calls.close()
				return nil, fmt.Errorf("containerd, namespace %s: %w", namespace, err)
			}
			return m, nil
		}
	}
	calls.close()
	return nil, fmt.Errorf("containerd has no image %s in the namespaces %s", name, strings.Join(namespaces, ", "))
}

// fullNames are the names under which containerd may know an image.
func fullNames(name string) []string {
	tagged := name
	if !strings.Contains(name, "@") && !strings.Contains(name[strings.LastIndexByte(name, '/')+1:], ":") {
		tagged += ":latest"
	}
	host, _, hasHost := strings.Cut(tagged, "/")
	switch {
	case !hasHost:
		return []string{name, "docker.io/library/" + tagged}
	case strings.ContainsAny(host, ".:") || host == "localhost":
		return []string{name, tagged}
	}
	return []string{name, "docker.io/" + tagged}
}

func findIn(ctx context.Context, calls *caller, name string, w oci.Wanted) (*Image, error) {
	answer, err := calls.one(ctx, getImage, field(nil, 1, name))
	if err != nil {
		return nil, err
	}
	d, err := target(answer)
	if err != nil {
		return nil, err
	}
	image, err := oci.Resolve(ctx, store{calls}, d, w)
	if err != nil {
		return nil, err
	}
	image.Name = name
	m := &Image{image, calls}
	for i := range image.Layers {
		l := &image.Layers[i]
		if l.Missing != "" {
			continue
		}
		if _, err := calls.one(ctx, contentInfo, field(nil, 1, l.Digest)); errors.Is(err, errNotFound) {
			l.Missing = "containerd has unpacked it and thrown the packed form away (discard_unpacked_layers): read the image from its registry"
		} else if err != nil {
			return nil, err
		}
	}
	return m, nil
}

// Open starts to read a layer.
func (m *Image) Open(ctx context.Context, n int) (io.ReadCloser, error) {
	return store{m.calls}.read(ctx, m.Layers[n].Digest)
}

// Close ends the connection.
func (m *Image) Close() error {
	m.calls.close()
	return nil
}

type store struct{ calls *caller }

func (s store) Document(ctx context.Context, d oci.Descriptor) (io.ReadCloser, error) {
	return s.read(ctx, d.Digest)
}

func (s store) read(ctx context.Context, digest string) (io.ReadCloser, error) {
	ctx, cancel := context.WithCancel(ctx)
	a, err := s.calls.call(ctx, readContent, field(nil, 1, digest))
	if err != nil {
		cancel()
		return nil, err
	}
	return &blob{answer: a, cancel: cancel}, nil
}

// blob is content that comes in messages.
type blob struct {
	answer *answer
	rest   []byte
	cancel context.CancelFunc
}

func (b *blob) Read(p []byte) (int, error) {
	for len(b.rest) == 0 {
		message, err := b.answer.next()
		if err != nil {
			return 0, err
		}
		if err := each(message, func(number protowire.Number, value []byte) {
			if number == 2 { // data
				b.rest = value
			}
		}); err != nil {
			return 0, err
		}
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

func (b *blob) Close() error {
	b.cancel()
	b.answer.close()
	return nil
}

// target reads the descriptor out of the answer to getImage: the image is field
// 1 of it, its target field 3 of that.
func target(answer []byte) (oci.Descriptor, error) {
	var d oci.Descriptor
	var image, descriptor []byte
	err := each(answer, func(number protowire.Number, value []byte) {
		if number == 1 {
			image = value
		}
	})
	if err == nil {
		err = each(image, func(number protowire.Number, value []byte) {
			if number == 3 {
				descriptor = value
			}
		})
	}
	if err != nil {
		return d, err
	}
	return d, each(descriptor, func(number protowire.Number, value []byte) {
		switch number {
		case 1:
			d.MediaType = string(value)
		case 2:
			d.Digest = string(value)
		}
	})
}

func field(message []byte, number protowire.Number, text string) []byte {
	return protowire.AppendString(protowire.AppendTag(message, number, protowire.BytesType), text)
}

// each calls back for the fields of a message that hold bytes.
func each(message []byte, do func(protowire.Number, []byte)) error {
	for len(message) > 0 {
		number, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return fmt.Errorf("containerd answers with a damaged message: %w", protowire.ParseError(n))
		}
		message = message[n:]
		if n = protowire.ConsumeFieldValue(number, kind, message); n < 0 {
			return fmt.Errorf("containerd answers with a damaged message: %w", protowire.ParseError(n))
		}
		if kind == protowire.BytesType {
			value, _ := protowire.ConsumeBytes(message) // measured in the line before
			do(number, value)
		}
		message = message[n:]
	}
	return nil
}
