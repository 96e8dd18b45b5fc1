package bill

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
)

// OfArtifact lists what the formats have no field for.
func OfArtifact(a *artifact.Artifact) ([]Property, error) {
	var out properties
	out.add("form", string(a.Form))
	out.add("digest", a.Digest)
	out.add("config-id", a.ConfigID)
	out.add("platform", a.Platform)
	if !a.Created.IsZero() {
		out.add("created", a.Created.UTC().Format(timeForm))
	}
	if a.Base != (artifact.Base{}) {
		if err := out.json("base", a.Base); err != nil {
			return nil, err
		}
	}
	for i := range a.Layers {
		if err := out.json("layer", a.Layers[i]); err != nil {
			return nil, err
		}
	}
	for i := range a.Gaps {
		if err := out.json("gap", a.Gaps[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// SetArtifact takes a property over into an artifact. It is false for a name
// that it does not know; a value that can't be read is an error.
func SetArtifact(a *artifact.Artifact, name, value string) (known bool, err error) {
	switch strings.TrimPrefix(name, Prefix) {
	case "form": // a bill is a bill, whatever it was made from
	case "digest":
		a.Digest = value
	case "config-id":
		a.ConfigID = value
	case "platform":
		a.Platform = value
	case "created":
		a.Created, err = parseTime(value)
	case "base":
		err = json.Unmarshal([]byte(value), &a.Base)
	case "layer":
		a.Layers, err = appended(a.Layers, value)
	case "gap":
		a.Gaps, err = appended(a.Gaps, value)
	default:
		return false, nil
	}
	if err != nil {
		err = fmt.Errorf("property %s: %w", name, err)
	}
	return true, err
}

func appended[T any](list []T, value string) ([]T, error) {
	var item T
	if err := json.Unmarshal([]byte(value), &item); err != nil {
		return list, err
	}
	return append(list, item), nil
}

// OfSystem lists what the formats have no field for.
func OfSystem(o *artifact.OS) []Property {
	var out properties
	out.add("os-id", o.ID)
	out.add("os-codename", o.Codename)
	out.add("os-path", o.Path)
	for _, id := range o.Like {
		out.add("os-like", id)
	}
	return out
}

// SetSystem takes a property over into an operating system, and reports whether
// it knows the name.
func SetSystem(o *artifact.OS, name, value string) bool {
	switch strings.TrimPrefix(name, Prefix) {
	case "os-id":
		o.ID = value
	case "os-codename":
		o.Codename = value
	case "os-path":
		o.Path = value
	case "os-like":
		o.Like = append(o.Like, value)
	default:
		return false
	}
	return true
}
