package layout

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/source/image/oci"
)

// Form selects which of the two descriptions of an image counts.
type Form uint8

// The forms.
const (
	Either Form = iota // the layout where it is whole, else docker save
	Layout             // index.json
	Saved              // manifest.json
)

// Image finds the image in files. The name selects one of several: a tag, a
// reference, a digest; empty is the only one.
func Image(ctx context.Context, f Files, form Form, name string, w oci.Wanted) (*Found, error) {
	if form == Saved {
		return saved(f, name, w)
	}
	found, err := indexed(ctx, f, name, w)
	if form == Layout || !errors.Is(err, fs.ErrNotExist) {
		return found, err
	}
	again, second := saved(f, name, w)
	if errors.Is(second, errNoManifest) {
		if errors.Is(err, errNoIndex) {
			return nil, errors.New("not an image: it holds neither index.json nor manifest.json; give the folder of an unpacked file system as dir:PATH")
		}
		return nil, err
	}
	return again, second
}

// Found is an image in files.
type Found struct {
	*oci.Image
	files Files
	paths []string // of the layers
}

// Open starts to read a layer.
func (f *Found) Open(_ context.Context, n int) (io.ReadCloser, error) {
	r, _, err := f.files.Open(f.paths[n])
	return r, err
}

// path is where a layout keeps a blob. The digest must be checked before.
func path(digest string) string {
	algorithm, value, _ := strings.Cut(digest, ":")
	return "blobs/" + algorithm + "/" + value
}

type store struct{ files Files }

func (s store) Document(_ context.Context, d oci.Descriptor) (io.ReadCloser, error) {
	r, _, err := s.files.Open(path(d.Digest))
	if err != nil {
		return nil, fmt.Errorf("the document %s, which the image names, can't be opened: the image was cut off or saved in part: %w", d.Digest, err)
	}
	return r, nil
}

var errNoIndex = fmt.Errorf("index.json: %w", fs.ErrNotExist)

// indexed reads an OCI image layout.
func indexed(ctx context.Context, f Files, name string, w oci.Wanted) (*Found, error) {
	content, err := document(f, "index.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNoIndex
	} else if err != nil {
		return nil, err
	}
	var index struct {
		Manifests []oci.Descriptor `json:"manifests"`
	}
	if err := json.Unmarshal(content, &index); err != nil {
		return nil, fmt.Errorf("index.json is no index of images: %w", err)
	}
	d, err := pick(index.Manifests, name, w)
	if err != nil {
		return nil, fmt.Errorf("index.json: %w", err)
	}
	image, err := oci.Resolve(ctx, store{f}, d, w)
	if err != nil {
		return nil, err
	}
	image.Name = nameOf(d)
	return locate(f, image), nil
}

// locate finds where the layers lie, and whether they are what the manifest says
// in size.
func locate(f Files, image *oci.Image) *Found {
	found := &Found{Image: image, files: f, paths: make([]string, len(image.Layers))}
	for i := range image.Layers {
		l := &image.Layers[i]
		if l.Missing != "" {
			continue
		}
		found.paths[i] = path(l.Digest)
		r, size, err := f.Open(found.paths[i])
		switch {
		case err != nil && l.Foreign():
			l.Missing = "it is a foreign layer, which the image names and does not hold: save the image with foreign layers included"
		case err != nil:
			l.Missing = fmt.Sprintf("its content %s can't be opened: %v", l.Digest, err)
		case size != l.Size:
			l.Missing = fmt.Sprintf("its content %s has %d bytes and the manifest says %d: the image was cut off or changed, fetch it anew", l.Digest, size, l.Size)
		}
		if r != nil {
			_ = r.Close() // nothing was read
		}
	}
	return found
}

func document(f Files, name string) ([]byte, error) {
	r, _, err := f.Open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	content, err := oci.ReadDocument(r, oci.Descriptor{})
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return content, nil
}

// pick finds the image of a name in the list of a layout.
func pick(list []oci.Descriptor, name string, w oci.Wanted) (oci.Descriptor, error) {
	if name != "" {
		for _, d := range list {
			if d.Digest == name || names(nameOf(d), name) || d.Annotations[oci.RefName] == name {
				return d, nil
			}
		}
		return oci.Descriptor{}, fmt.Errorf("there is no image %q%s", name, others(list))
	}
	if len(list) == 1 {
		return list[0], nil
	}
	return several(list, w)
}

// several chooses by platform, where the list is one image for many platforms.
func several(list []oci.Descriptor, w oci.Wanted) (oci.Descriptor, error) {
	var all []string
	for _, d := range list {
		if n := nameOf(d); n != "" && !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	if len(all) > 1 {
		return oci.Descriptor{}, fmt.Errorf("there are %d images: choose one with PATH:NAME%s", len(all), others(list))
	}
	return oci.Choose(list, w)
}

// nameOf is the name of an image in a layout.
func nameOf(d oci.Descriptor) string {
	if full := d.Annotations[oci.ImageName]; full != "" {
		return full
	}
	return d.Annotations[oci.RefName]
}

// names reports whether a full name is what a shorter one means.
func names(full, short string) bool {
	return full == short || full != "" && short != "" && (strings.HasSuffix(full, "/"+short) || strings.HasSuffix(full, ":"+short) && !strings.Contains(short, "/"))
}

func others(list []oci.Descriptor) string {
	var all []string
	for _, d := range list {
		if n := nameOf(d); n != "" {
			all = append(all, n)
		}
	}
	if len(all) == 0 {
		return ""
	}
	return "; there are " + strings.Join(all[:min(len(all), 20)], ", ")
}
