package npm

import (
	"encoding/json"
	"maps"
	"slices"
)

// licences reads the forms that were in use over the years: a text, an object
// with a type, a list of either.
func licences(values ...any) []string {
	var out []string
	for _, v := range values {
		switch v := v.(type) {
		case string:
			out = appendName(out, v)
		case map[string]any:
			name, _ := v["type"].(string)
			out = appendName(out, name)
		case []any:
			for _, item := range v {
				if _, nested := item.([]any); !nested {
					out = append(out, licences(item)...)
				}
			}
		}
	}
	return out
}

func appendName(list []string, name string) []string {
	if name == "" || len(name) > 200 || len(list) >= 16 {
		return list
	}
	return append(list, name)
}

func sortedKeys(object map[string]json.RawMessage) []string {
	if len(object) == 0 {
		return nil
	}
	return slices.Sorted(maps.Keys(object))
}
