package image

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/oci"
)

// describe begins an artifact with what the documents of an image say.
func describe(o *Opened, reference string) *artifact.Artifact {
	a := &artifact.Artifact{
		Form: artifact.Container, Reference: reference, Digest: o.Digest, ConfigID: o.ConfigID,
		Platform: o.Config.Platform.String(), Config: configOf(o), Layers: layersOf(o),
	}
	if created, err := time.Parse(time.RFC3339Nano, o.Config.Created); err == nil {
		a.Created = created.UTC()
	}
	return a
}

func layersOf(o *Opened) []artifact.Layer {
	layers := make([]artifact.Layer, len(o.Layers))
	commands := steps(o)
	chains := oci.ChainIDs(o.Config.RootFS.DiffIDs)
	for i := range o.Layers {
		l := &o.Layers[i]
		layers[i] = artifact.Layer{Index: i, DiffID: l.DiffID, ChainID: chains[i], Digest: l.Digest, Size: l.Size}
		if i < len(commands) {
			layers[i].Command = commands[i]
		}
	}
	return layers
}

// steps are the build steps that made layers, in their order; nothing when the
// history does not say which ones did.
func steps(o *Opened) []string {
	var list []string
	for _, step := range o.Config.History {
		if !step.EmptyLayer {
			list = append(list, strings.TrimSpace(step.CreatedBy))
		}
	}
	if len(list) != len(o.Layers) {
		return nil
	}
	return list
}

// configOf is what of a configuration matters later on. Values of variables stay
// out: they may be secret.
func configOf(o *Opened) artifact.Config {
	c := &o.Config.Config
	out := artifact.Config{User: c.User, Entrypoint: c.Entrypoint, Cmd: c.Cmd, Labels: c.Labels}
	for _, variable := range c.Env {
		name, _, _ := strings.Cut(variable, "=")
		out.EnvNames = append(out.EnvNames, name)
	}
	out.Ports = slices.SortedFunc(maps.Keys(c.ExposedPorts), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	})
	return out
}
