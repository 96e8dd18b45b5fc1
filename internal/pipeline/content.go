package pipeline

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/rank"
	"github.com/foilsec/foil/internal/rule/control"
)

// Content is everything that a scan knows as text, parsed.
type Content struct {
	Controls   control.Library
	Settings   control.Settings
	Changes    map[string]rank.ChangeKind
	Frameworks []control.Framework
	// Rules are those of every analyzer; the caller sets them once the
	// analyzers are made, so that frameworks can list what they ask for.
	Rules []finding.Rule
}

// LoadContent reads the embedded content and the user's own control folders.
func LoadContent(embedded fs.FS, folders []string, settings control.Settings) (*Content, error) {
	files, err := policyFiles(embedded, "controls")
	if err != nil {
		return nil, err
	}
	for _, folder := range folders {
		own, err := folderFiles(folder)
		if err != nil {
			return nil, err
		}
		files = append(files, own...)
	}
	c := &Content{}
	if c.Controls, err = control.Parse(files); err != nil {
		return nil, fmt.Errorf("load controls: %w", err)
	}
	return c, errors.Join(c.loadSettings(embedded, settings), c.loadChanges(embedded), c.loadFrameworks(embedded))
}

// folderFiles reads a user's folder, or a single file.
func folderFiles(path string) ([]control.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("--controls: %w", err)
	}
	if info.IsDir() {
		files, err := policyFiles(os.DirFS(path), ".")
		for i := range files {
			files[i].Name = filepath.Join(path, files[i].Name)
		}
		return files, err
	}
	data, err := os.ReadFile(path)
	return []control.File{{Name: path, Data: data}}, err
}

func policyFiles(tree fs.FS, root string) ([]control.File, error) {
	var files []control.File
	err := fs.WalkDir(tree, root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !isYAML(path) {
			return err
		}
		data, err := fs.ReadFile(tree, path)
		files = append(files, control.File{Name: path, Data: data})
		return err
	})
	return files, err
}

func isYAML(path string) bool {
	return slices.Contains([]string{".yaml", ".yml", ".json"}, strings.ToLower(filepath.Ext(path)))
}

func (c *Content) loadSettings(tree fs.FS, over control.Settings) error {
	data, err := fs.ReadFile(tree, "settings.yaml")
	if err != nil {
		return err
	}
	defaults, err := control.ParseSettings(data)
	if err != nil {
		return err
	}
	c.Settings, err = defaults.Merge(over)
	return err
}

func (c *Content) loadChanges(tree fs.FS) error {
	data, err := fs.ReadFile(tree, "changes.yaml")
	if err != nil {
		return err
	}
	if err := yaml.UnmarshalStrict(data, &c.Changes); err != nil {
		return fmt.Errorf("changes.yaml: %w", err)
	}
	return nil
}

func (c *Content) loadFrameworks(tree fs.FS) error {
	data, err := fs.ReadFile(tree, "frameworks.yaml")
	if err != nil {
		return err
	}
	c.Frameworks, err = control.ParseFrameworks(data)
	return err
}

// CheckFrameworks reports names that no framework has.
func (c *Content) CheckFrameworks(names []string) error {
	for _, name := range names {
		if !slices.ContainsFunc(c.Frameworks, func(f control.Framework) bool { return strings.EqualFold(f.ID, name) }) {
			var known []string
			for _, f := range c.Frameworks {
				known = append(known, f.ID)
			}
			return fmt.Errorf("unknown framework %q: the frameworks are %s", name, strings.Join(known, ", "))
		}
	}
	return nil
}

// rulesOf are the rules that the named frameworks ask for; nil means all.
func (c *Content) rulesOf(frameworks []string) map[string]bool {
	if len(frameworks) == 0 {
		return nil
	}
	wanted := map[string]bool{}
	for _, r := range c.Rules {
		for _, ref := range r.Frameworks {
			if slices.ContainsFunc(frameworks, func(f string) bool { return strings.EqualFold(f, ref.Framework) }) {
				wanted[r.ID] = true
			}
		}
	}
	return wanted
}

// CheckControls compiles the controls of folders or files on their own.
func CheckControls(paths []string) ([]*control.Program, error) {
	var files []control.File
	for _, path := range paths {
		own, err := folderFiles(path)
		if err != nil {
			return nil, err
		}
		files = append(files, own...)
	}
	library, err := control.Parse(files)
	if err != nil {
		return nil, err
	}
	set, err := control.Compile(library, control.Settings{})
	if err != nil {
		return nil, err
	}
	return set.Programs(), nil
}
