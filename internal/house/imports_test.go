package house

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestRoomsImportOnlyWhatTheyMay(t *testing.T) {
	packages, page := loadTree(t), readPlan(t)
	for _, p := range packages.own() {
		from, err := page.roomOf(p.folder())
		if err != nil {
			t.Error(err)
			continue
		}
		for _, path := range p.Imports {
			if why := forbidden(packages, page, from, path); why != "" {
				t.Errorf("%s\n\t%s: see the table in %s", strings.Join(append(packages.wayTo(p.ImportPath), short(path)), "\n\t→ "), why, architecture)
			}
		}
	}
}

// forbidden says why a room must not import a package; empty when it may.
func forbidden(packages *tree, page *plan, from room, path string) string {
	p := packages.packages[path]
	switch {
	case p == nil || p.Standard:
		return ""
	case !p.own():
		if p.Module == nil || slices.Contains(from.libraries, p.Module.Path) {
			return ""
		}
		return from.name + " may not use the library " + p.Module.Path
	}
	to, err := page.roomOf(p.folder())
	if err != nil {
		return err.Error()
	}
	if to.name == from.name || slices.ContainsFunc(from.imports, func(name string) bool { return matches(to.name, name) }) {
		return ""
	}
	return from.name + " may not import " + to.name
}

func TestRoomsNeverReach(t *testing.T) {
	packages, page := loadTree(t), readPlan(t)
	for _, b := range page.bans {
		for _, p := range packages.own() {
			name := strings.TrimPrefix(p.folder(), "internal/")
			if isTestSupport(p) || !slices.ContainsFunc(b.rooms, func(room string) bool { return matches(name, room) }) {
				continue
			}
			chain := packages.chain(p.ImportPath, func(path string) bool {
				return slices.ContainsFunc(b.never, func(never string) bool {
					return path != p.ImportPath && matches(strings.TrimPrefix(short(path), "internal/"), never)
				})
			})
			if chain != nil {
				t.Errorf("%s\n\tmust not reach it, because %s", strings.Join(chain, "\n\t→ "), b.because)
			}
		}
	}
}

func TestCodeImportsNoTestSupport(t *testing.T) {
	packages := loadTree(t)
	for _, p := range packages.own() {
		if isTestSupport(p) {
			continue
		}
		for _, path := range p.Imports {
			if q := packages.packages[path]; path == "testing" || q != nil && q.own() && isTestSupport(q) {
				t.Errorf("%s\n\twhich is made for tests", strings.Join(append(packages.wayTo(p.ImportPath), short(path)), "\n\t→ "))
			}
		}
	}
}

// isTestSupport reports whether a package is made for tests: everything under
// test/, and packages that are named after what they test.
func isTestSupport(p *pkg) bool {
	return within(p.folder(), "test") || strings.HasSuffix(p.Name, "test") || slices.Contains(p.Imports, "testing")
}

// wayTo is the shortest chain of imports by which foil links a package, or the
// package alone when it does not.
func (t *tree) wayTo(path string) []string {
	if chain := t.chain(module+"/cmd/foil", func(p string) bool { return p == path }); chain != nil {
		return chain
	}
	return []string{short(path)}
}

// chain is the shortest chain of imports from a package to one that is wanted,
// both included; nil when there is none.
func (t *tree) chain(from string, wanted func(string) bool) []string {
	cameFrom := map[string]string{from: ""}
	queue := []string{from}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		if wanted(path) {
			return unwind(cameFrom, path)
		}
		p := t.packages[path]
		if p == nil {
			continue
		}
		for _, next := range p.Imports {
			if _, seen := cameFrom[next]; !seen {
				cameFrom[next] = path
				queue = append(queue, next)
			}
		}
	}
	return nil
}

func unwind(cameFrom map[string]string, path string) []string {
	var chain []string
	for ; path != ""; path = cameFrom[path] {
		chain = append(chain, short(path))
	}
	slices.Reverse(chain)
	return chain
}

// short is an import path without the module of the repository.
func short(path string) string { return strings.TrimPrefix(path, module+"/") }

func TestChainIsTheShortest(t *testing.T) {
	packages := &tree{packages: map[string]*pkg{}}
	for from, to := range map[string][]string{"a": {"b", "c"}, "b": {"d"}, "c": {"e"}, "d": {"e"}, "e": {"a"}} {
		packages.packages[from] = &pkg{ImportPath: from, Imports: to}
	}
	got := packages.chain("a", func(path string) bool { return path == "e" })
	if want := []string{"a", "c", "e"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v of %v", got, want, slices.Sorted(maps.Keys(packages.packages)))
	}
	if got := packages.chain("a", func(path string) bool { return path == "x" }); got != nil {
		t.Errorf("a chain to nowhere: %v", got)
	}
}
