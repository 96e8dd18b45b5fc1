package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"

	"github.com/foilsec/foil/internal/source/image"
)

// Image is an image whose layers can be read.
type Image struct {
	Reference string // the name that its store gives to it; may be empty
	Digest    string // of the manifest; empty when the form has none
	ConfigID  string // digest of the configuration
	Config    Config
	opened    *image.Opened
}

// Open finds an image by a reference of the command line. Of images for several
// platforms, platform chooses. Spill is a folder for what has to be kept beside.
func Open(ctx context.Context, reference, platform, spill string) (*Image, error) {
	opened, err := image.Open(ctx, image.Options{Reference: reference, Platform: platform, Spill: spill})
	if err != nil {
		return nil, err
	}
	i := &Image{Reference: opened.Name, Digest: opened.Digest, ConfigID: opened.ConfigID, opened: opened}
	if err := json.Unmarshal(opened.ConfigText, &i.Config); err != nil {
		_ = opened.Close()
		return nil, fmt.Errorf("the configuration of %s: %w", reference, err)
	}
	return i, nil
}

// Close ends the use of the image.
func (i *Image) Close() error { return i.opened.Close() }

// EachLayer hands every layer, uncompressed, to a function, from the lowest up.
func (i *Image) EachLayer(ctx context.Context, use func(io.Reader) error) error {
	for n := range i.opened.Layers {
		if err := i.readLayer(ctx, n, use); err != nil {
			return fmt.Errorf("layer %d of %d: %w", n+1, len(i.opened.Layers), err)
		}
	}
	return nil
}

func (i *Image) readLayer(ctx context.Context, n int, use func(io.Reader) error) error {
	stored, err := i.opened.Layer(ctx, n)
	if err != nil {
		return err
	}
	defer func() { _ = stored.Close() }()
	content, done, err := uncompress(stored)
	if err != nil {
		return err
	}
	defer done()
	sum := sha256.New()
	if err := use(io.TeeReader(content, sum)); err != nil {
		return err
	}
	return check(content, sum, i.opened.Layers[n].DiffID)
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return "sha256:" + hex.EncodeToString(sum[:])
}
