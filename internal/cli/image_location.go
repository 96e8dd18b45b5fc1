package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/foilsec/foil/internal/image/registry"
	"github.com/foilsec/foil/internal/image/verify"
)

// addLocationFlags are the flags of verbs that find an image themselves.
func addLocationFlags(c *cobra.Command) {
	c.Flags().Bool("oci-layout", false, "IMAGE is a folder in the OCI image layout, as FOLDER:TAG or FOLDER@DIGEST")
	c.Flags().Bool("insecure-registry", false, "reach registries without TLS, not only those on this machine")
	c.Flags().StringP("output", "o", "text", "form of the output: text, json")
}

// locations reads the names of images on the command line.
func locations(c *cobra.Command, args []string) ([]registry.Location, error) {
	parse := registry.Parse
	if must(c.Flags().GetBool("oci-layout")) {
		parse = registry.ParseLayout
	}
	var list []registry.Location
	for _, arg := range args {
		l, err := parse(arg)
		if err != nil {
			return nil, usageError(err, "write NAME:TAG, NAME@sha256:…, or oci-dir:FOLDER:TAG")
		}
		list = append(list, l)
	}
	return list, nil
}

func registryOptions(c *cobra.Command) registry.Options {
	return registry.Options{PlainHTTP: must(c.Flags().GetBool("insecure-registry"))}
}

// asJSON reports whether the output is for programs.
func asJSON(c *cobra.Command) (bool, error) {
	switch form := must(c.Flags().GetString("output")); form {
	case "text":
		return false, nil
	case "json":
		return true, nil
	default:
		return false, usageError(fmt.Errorf("unknown form %q", form), "want text or json")
	}
}

func writeJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

// pairs reads values of the form NAME=VALUE.
func pairs(c *cobra.Command, flag string) (map[string]string, error) {
	var list map[string]string
	for _, text := range must(c.Flags().GetStringArray(flag)) {
		name, value, found := strings.Cut(text, "=")
		if !found || name == "" {
			return nil, usageError(fmt.Errorf("--%s %q has no name and value", flag, text), "write --"+flag+" NAME=VALUE")
		}
		if list == nil {
			list = map[string]string{}
		}
		list[name] = value
	}
	return list, nil
}

// inNotation is a path in the folder of Notation's own files; empty when the
// user has no such folder.
func inNotation(name string) string {
	home, err := verify.Home()
	if err != nil {
		return ""
	}
	return filepath.Join(home, name)
}
