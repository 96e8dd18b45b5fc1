package image

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog/secret"
	"github.com/foilsec/foil/internal/source/image/oci"
)

// describe begins an artifact with what the documents of an image say.
func describe(o *Opened, reference string) *artifact.Artifact {
	a := &artifact.Artifact{
		Form: artifact.Container, Reference: reference, Digest: o.Digest, ConfigID: o.ConfigID,
		Platform: o.Config.Platform.String(), Config: configOf(o), Layers: layersOf(o), Secrets: secretsOf(o),
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

// secretsOf are the credentials that the documents of an image hold: in the
// environment, which every process gets, and in the build steps, which everybody
// who pulls the image can read.
func secretsOf(o *Opened) []artifact.Secret {
	found := secret.Environment(o.Config.Config.Env)
	for i := range found {
		found[i].Layer = -1
	}
	layer := 0
	for _, step := range o.Config.History {
		for _, s := range secret.Command(step.CreatedBy) {
			s.Layer = layer
			if step.EmptyLayer || layer >= len(o.Layers) {
				s.Layer = -1
			}
			found = append(found, s)
		}
		if !step.EmptyLayer {
			layer++
		}
	}
	return found
}

// shown is a build step as it may be shown: not when it holds a credential.
func shown(step string) string {
	step = strings.TrimSpace(step)
	if len(secret.Command(step)) == 0 {
		return step
	}
	word, _, _ := strings.Cut(step, " ")
	if strings.Contains(word, "=") {
		word = ""
	}
	return strings.TrimSpace(word + " … (it holds a credential)")
}

// steps are the build steps that made layers, in their order; nothing when the
// history does not say which ones did.
func steps(o *Opened) []string {
	var list []string
	for _, step := range o.Config.History {
		if !step.EmptyLayer {
			list = append(list, shown(step.CreatedBy))
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
