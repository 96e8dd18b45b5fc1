package sign

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// keyList is Notation's list of a user's signing keys.
const keyList = "signingkeys.json"

// NamedKey finds a key by the name that it has in Notation's list. Home is the
// folder of Notation's own files; an empty name means the default key.
func NamedKey(home, name string) (Key, error) {
	path := filepath.Join(home, keyList)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Key{}, fmt.Errorf("no key named %q: Notation has no list of keys at %s", name, path)
	}
	if err != nil {
		return Key{}, fmt.Errorf("read Notation's list of keys: %w", err)
	}
	var list struct {
		Default string `json:"default"`
		Keys    []struct {
			Name         string            `json:"name"`
			KeyPath      string            `json:"keyPath"`
			CertPath     string            `json:"certPath"`
			ID           string            `json:"id"`
			PluginName   string            `json:"pluginName"`
			PluginConfig map[string]string `json:"pluginConfig"`
		} `json:"keys"`
	}
	if err := json.Unmarshal(data, &list); err != nil {
		return Key{}, fmt.Errorf("read Notation's list of keys %s: %w", path, err)
	}
	if name == "" {
		name = list.Default
	}
	for _, k := range list.Keys {
		if k.Name != name || name == "" {
			continue
		}
		if k.PluginName != "" {
			return Key{Plugin: k.PluginName, PluginFolder: filepath.Join(home, "plugins"), ID: k.ID, PluginConfig: k.PluginConfig}, nil
		}
		return Key{File: k.KeyPath, Chain: k.CertPath}, nil
	}
	return Key{}, fmt.Errorf("no key named %q in %s: notation key list shows them", name, path)
}
