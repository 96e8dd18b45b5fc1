package control

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// Settings are the lists of strings that controls can be tuned with, by name,
// for example "insecureCapabilities". A given list replaces the default of that
// name as a whole.
type Settings map[string][]string

// Merge is a copy of s with the lists of over in place of its own. A name that
// s does not know is an error: a misspelt setting must not be ignored silently.
func (s Settings) Merge(over Settings) (Settings, error) {
	merged := maps.Clone(s)
	for name, list := range over {
		if _, known := s[name]; !known {
			return nil, fmt.Errorf("unknown setting %q: the settings are %s", name, strings.Join(s.names(), ", "))
		}
		merged[name] = list
	}
	return merged, nil
}

func (s Settings) names() []string { return slices.Sorted(maps.Keys(s)) }

// ParseSettings reads settings from a ConfigMap, as content/settings.yaml is
// one, or from a plain map of lists. Each key of a ConfigMap holds one value a
// line.
func ParseSettings(data []byte) (Settings, error) {
	var object struct {
		Kind string            `json:"kind"`
		Data map[string]string `json:"data"`
	}
	if err := yaml.Unmarshal(data, &object); err == nil && object.Kind == "ConfigMap" {
		settings := make(Settings, len(object.Data))
		for name, text := range object.Data {
			settings[name] = slices.DeleteFunc(strings.Split(text, "\n"), func(s string) bool { return s == "" })
		}
		return settings, nil
	}
	var lists Settings
	if err := yaml.UnmarshalStrict(data, &lists); err != nil {
		return nil, fmt.Errorf("settings: want a ConfigMap or a map of lists of strings: %w", err)
	}
	return lists, nil
}
