package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"github.com/foilsec/foil/internal/exception"
	"github.com/foilsec/foil/internal/lang"
)

// configFile is what is read when --config does not say otherwise.
const configFile = ".foil.yaml"

// exceptionsKey is the one key of the file that means something else than the
// flag of its name.
const exceptionsKey = "exceptions"

// config is the configuration file of one run.
type config struct {
	path       string
	values     map[string]yaml.Node
	exceptions []exception.Exception
	// named is true when the user named the file. A file that was merely found
	// in the folder, perhaps in somebody else's repository, must not make the
	// command write files or run the login programs of a kubeconfig.
	named bool
}

// needsNamedFile are the flags that a file may set only when the user named it.
// Nor may it say whom to trust, or sign with whose key.
var needsNamedFile = map[string]bool{
	"kubeconfig": true, "context": true, "cache": true, "output": true, "server": true, "write": true,
	"key": true, "certificate-chain": true, "plugin": true, "plugin-config": true, "insecure-registry": true,
	"vex": true, "db": true, "registry-mirror": true, "trust-policy": true, "trust-store": true, "scope": true, "ca-roots": true, "rekor-key": true, "ct-key": true,
	"timestamp-root-cert": true, "timestamp-url": true,
	"certificate-identity": true, "certificate-identity-regexp": true, "certificate-oidc-issuer": true, "certificate-oidc-issuer-regexp": true,
}

// loadConfig reads the configuration file and gives every flag that the
// command line leaves open its value from the environment or the file. A key
// that no command has is an error: a misspelt gate must not be ignored.
func loadConfig(c *cobra.Command) (*config, error) {
	cfg, err := readConfig(c)
	if err != nil {
		return nil, usageError(err, "")
	}
	if err := cfg.checkKeys(c.Root()); err != nil {
		return nil, usageError(err, "")
	}
	var errs []error
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Changed && f.Name != "help" && f.Name != "config" {
			errs = append(errs, cfg.fill(c.Flags(), f))
		}
	})
	if err := errors.Join(errs...); err != nil {
		return nil, usageError(err, "")
	}
	return cfg, nil
}

func readConfig(c *cobra.Command) (*config, error) {
	path, _ := c.Flags().GetString("config")
	if path == "" {
		path = os.Getenv("FOIL_CONFIG")
	}
	cfg := &config{path: path, named: path != ""}
	if path == "" {
		cfg.path = configFile
	}
	data, err := os.ReadFile(cfg.path)
	if errors.Is(err, fs.ErrNotExist) && path == "" {
		return cfg, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	if err := yaml.Unmarshal(data, &cfg.values); err != nil {
		return nil, fmt.Errorf("%s: %w", cfg.path, err)
	}
	cfg.exceptions, err = exception.FromConfig(data, cfg.path)
	return cfg, err
}

func (cfg *config) checkKeys(root *cobra.Command) error {
	known := map[string]bool{exceptionsKey: true}
	addKeys(root, known)
	for key, value := range cfg.values {
		if !known[key] {
			return fmt.Errorf("%s:%d: unknown key %q: keys are named like the flags", cfg.path, value.Line, key)
		}
	}
	return nil
}

// addKeys adds the flags of a command and of those below it.
func addKeys(parent *cobra.Command, known map[string]bool) {
	for _, c := range parent.Commands() {
		c.Flags().VisitAll(func(f *pflag.Flag) { known[f.Name] = true })
		c.InheritedFlags().VisitAll(func(f *pflag.Flag) { known[f.Name] = true })
		addKeys(c, known)
	}
}

// fill sets a flag from FOIL_NAME, or else from the file. A variable that is
// empty counts as not set.
func (cfg *config) fill(flags *pflag.FlagSet, f *pflag.Flag) error {
	name := "FOIL_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
	if text := os.Getenv(name); text != "" {
		if err := flags.Set(f.Name, text); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return nil
	}
	value, ok := cfg.values[f.Name]
	if !ok || f.Name == exceptionsKey { // in the file it holds exceptions, on the command line files of them
		return nil
	}
	if needsNamedFile[f.Name] && !cfg.named {
		return fmt.Errorf("%s:%d: %s counts only in a file that you name with --config", cfg.path, value.Line, f.Name)
	}
	if err := setFromNode(flags, f, &value); err != nil {
		return fmt.Errorf("%s:%d: %s: %w", cfg.path, value.Line, f.Name, err)
	}
	return nil
}

func setFromNode(flags *pflag.FlagSet, f *pflag.Flag, value *yaml.Node) error {
	switch value.Kind {
	case yaml.ScalarNode:
		return flags.Set(f.Name, value.Value)
	case yaml.SequenceNode:
		for _, item := range value.Content {
			if item.Kind != yaml.ScalarNode {
				return errors.New("want a list of plain values")
			}
			if err := flags.Set(f.Name, item.Value); err != nil {
				return err
			}
		}
		return nil
	}
	return errors.New("want a value or a list of values")
}

// language is the language of the output.
func language(c *cobra.Command) (lang.Language, error) {
	name, _ := c.Flags().GetString("lang")
	switch name {
	case "":
	case string(lang.English), string(lang.Chinese):
		return lang.Language(name), nil
	default:
		return "", usageError(fmt.Errorf("unknown language %q: want en or zh", name), "")
	}
	for _, variable := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if locale := os.Getenv(variable); locale != "" {
			return lang.Parse(locale), nil
		}
	}
	return lang.English, nil
}
