package house

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// dependencies is the page that gives the reason for each direct dependency.
const dependencies = "docs/dependencies.md"

// entry is the heading of a module on the page: "### `module`".
var entry = regexp.MustCompile("(?m)^### `([^`]+)`$")

// directModules are the modules that code or tests of the repository import.
func directModules(t *testing.T) []string {
	t.Helper()
	packages := loadTree(t)
	modules := map[string]bool{}
	for _, p := range packages.own() {
		for _, path := range p.allImports() {
			if q := packages.packages[path]; q != nil && !q.own() && q.Module != nil {
				modules[q.Module.Path] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(modules))
}

func TestEveryDependencyHasAReason(t *testing.T) {
	content, err := os.ReadFile(filepath.Join(root, dependencies))
	if err != nil {
		t.Fatal(err)
	}
	var described []string
	for _, match := range entry.FindAllStringSubmatch(string(content), -1) {
		described = append(described, match[1])
	}
	direct := directModules(t)
	for _, path := range difference(direct, described) {
		t.Errorf("%s is imported, but %s has no entry for it: say why it, its weight, and what else was looked at", path, dependencies)
	}
	for _, path := range difference(described, direct) {
		t.Errorf("%s has an entry for %s, which nothing imports", dependencies, path)
	}
}

// TestModuleFileIsTidy asks the go command, which wants all modules, those of
// other modules' tests included; so it runs where a network is sure.
func TestModuleFileIsTidy(t *testing.T) {
	if os.Getenv("CI") == "" && os.Getenv("FOIL_TIDY") == "" {
		t.Skip("downloads modules that no build needs: set FOIL_TIDY=1 to run it")
	}
	if output, err := goCommand(nil, "mod", "tidy", "-diff"); err != nil {
		t.Errorf("run go mod tidy: %v\n%s", err, output)
	}
}
