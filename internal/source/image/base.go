package image

import (
	"encoding/json"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/oci"
)

// bases finds the image that an image was built on, among those that were seen
// before and those that are given.
type bases struct {
	cache Cache
	known map[string]artifact.Base
}

// seenImage is what is remembered of an image that was read.
type seenImage struct {
	Reference, Digest, ConfigID string
	Steps                       int // of its build, those without a layer included
}

func (b bases) key(chainID string) string { return "image base " + chainID }

func (b bases) seen(chainID string) (seenImage, bool) {
	var s seenImage
	if given, ok := b.known[chainID]; ok {
		return seenImage{Reference: given.Reference, Digest: given.Digest}, true
	}
	if b.cache == nil {
		return s, false
	}
	kept, ok := b.cache.Get(b.key(chainID))
	if !ok || json.Unmarshal(kept, &s) != nil || s.Reference == "" {
		return s, false
	}
	return s, true
}

// attribute says what an artifact was built on: another image whose layers are
// the lowest ones of this image, the longest such image; else what the labels
// claim.
func (b bases) attribute(a *artifact.Artifact, o *Opened) {
	for i := len(a.Layers) - 1; i >= 0; i-- {
		s, ok := b.seen(a.Layers[i].ChainID)
		if !ok || i == len(a.Layers)-1 && !s.below(o) {
			continue
		}
		a.Base = artifact.Base{Reference: s.Reference, Digest: s.Digest, Layers: i + 1, Known: "layers"}
		for j := range i + 1 {
			a.Layers[j].FromBase = true
		}
		return
	}
	name, digest := labelled(o, oci.BaseName), labelled(o, oci.BaseDigest)
	if name != "" || digest != "" {
		a.Base = artifact.Base{Reference: name, Digest: digest, Known: "label"}
	}
}

// below reports whether an image with the very same layers came before this one:
// it is another image, built in fewer steps.
func (s seenImage) below(o *Opened) bool {
	return s.ConfigID != "" && s.ConfigID != o.ConfigID && s.Steps < len(o.Config.History)
}

// labelled is what the configuration or the manifest says of an image.
func labelled(o *Opened, name string) string {
	if value := o.Config.Config.Labels[name]; value != "" {
		return value
	}
	return o.Annotations[name]
}

// remember takes note of an image, so that others can be said to build on it. Of
// several images with the same layers the one of the fewest steps stays, which is
// the one that the others were made from.
func (b bases) remember(a *artifact.Artifact, o *Opened) {
	if b.cache == nil || len(a.Layers) == 0 {
		return
	}
	s := seenImage{Reference: o.Name, Digest: o.Digest, ConfigID: o.ConfigID, Steps: len(o.Config.History)}
	if s.Reference == "" {
		s.Reference = a.Reference
	}
	top := a.Layers[len(a.Layers)-1].ChainID
	if before, ok := b.seen(top); ok && before.Steps <= s.Steps {
		return
	}
	if text, err := json.Marshal(s); err == nil {
		b.cache.Put(b.key(top), text)
	}
}
