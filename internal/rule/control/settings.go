package control

import (
	"fmt"
	"maps"
	"slices"
	"strings"
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
