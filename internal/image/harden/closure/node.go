package closure

import (
	"encoding/json"
	"path"
	"regexp"
	"strings"

	"github.com/foilsec/foil/internal/image/harden/rootfs"
)

// isScript reports whether a file of this extension may load modules of Node.
func isScript(ext string) bool {
	return ext == ".js" || ext == ".mjs" || ext == ".cjs"
}

// The forms in which a module names another one.
var (
	loadName    = regexp.MustCompile(`(?:\brequire(?:\.resolve)?\s*\(\s*|\bimport\s*\(\s*|\bfrom\s*|\bimport\s+)["']([^"'\n]+)["']`)
	loadUnknown = regexp.MustCompile(`\b(?:require|import)\s*\(\s*[^"'\s)]`)
)

// followNode adds the modules that a script loads. A script that makes up a
// name keeps everything beside it.
func (s *Set) followNode(file string) {
	text := s.text(file)
	for _, m := range loadName.FindAllStringSubmatch(text, -1) {
		s.addNodeModule(path.Dir(file), m[1])
	}
	if loadUnknown.MatchString(text) {
		s.addBeside(file)
	}
}

// addBeside adds the rest of the npm package that a file is in.
func (s *Set) addBeside(file string) {
	for folder := path.Dir(file); folder != "." && folder != "/"; folder = path.Dir(folder) {
		if parent := path.Base(path.Dir(folder)); parent == "node_modules" || strings.HasPrefix(parent, "@") {
			s.addPackageFolder(folder)
			return
		}
	}
}

// addPackageFolder adds the files of a package, without packages inside.
func (s *Set) addPackageFolder(folder string) {
	for _, name := range s.tree.Names(folder) {
		at := path.Join(folder, name)
		switch e := s.tree.Lookup(at); {
		case name == "node_modules":
		case e.Kind == rootfs.Folder:
			s.addPackageFolder(at)
		default:
			s.Add(at)
		}
	}
}

// addNodeModule adds what a name leads to, as Node resolves it.
func (s *Set) addNodeModule(folder, name string) {
	if strings.HasPrefix(name, ".") || path.IsAbs(name) {
		if !path.IsAbs(name) {
			name = path.Join(folder, name)
		}
		s.addNodeFile(name)
		return
	}
	name = strings.TrimPrefix(name, "node:")
	for at := folder; ; at = path.Dir(at) {
		if s.addFromModules(path.Join(at, "node_modules"), name) || at == "." || at == "/" {
			break
		}
	}
	for _, shared := range append(strings.Split(s.settings.Env["NODE_PATH"], ":"), "usr/share/nodejs", "usr/lib/nodejs", "usr/local/lib/node_modules") {
		if shared != "" {
			s.addFromModules(shared, name)
		}
	}
}

// addFromModules adds a module from a folder of packages.
func (s *Set) addFromModules(folder, name string) bool {
	parts := strings.SplitN(name, "/", 3)
	if !strings.HasPrefix(name, "@") {
		parts = strings.SplitN(name, "/", 2)
	}
	inside := ""
	if len(parts) > 1 && !strings.HasPrefix(name, "@") || len(parts) > 2 {
		inside = parts[len(parts)-1]
		parts = parts[:len(parts)-1]
	}
	at, _, err := s.tree.Resolve(path.Join(append([]string{folder}, parts...)...))
	if err != nil {
		return false
	}
	s.addManifest(at)
	s.addNodeFile(path.Join(at, inside))
	return true
}

// addNodeFile adds a file or the main file of a folder.
func (s *Set) addNodeFile(name string) {
	for _, ending := range []string{"", ".js", ".json", ".node", ".mjs", ".cjs", "/index.js", "/index.json", "/index.mjs", "/index.node"} {
		if ending != "" || s.isFile(name) {
			s.Add(name + ending)
		}
	}
	if real, _, err := s.tree.Resolve(name); err == nil && !s.isFile(real) {
		s.addManifest(real)
	}
}

func (s *Set) isFile(name string) bool {
	real, _, err := s.tree.Resolve(name)
	if err != nil {
		return false
	}
	e := s.tree.Lookup(real)
	return e != nil && e.Kind == rootfs.File
}

// addManifest adds a package.json and every file that it names as an entry.
func (s *Set) addManifest(folder string) {
	file := path.Join(folder, "package.json")
	if s.used[file] || !s.Add(file) {
		return
	}
	var manifest struct {
		Main, Module string
		Exports      any
		Imports      any
	}
	if json.Unmarshal([]byte(s.text(file)), &manifest) != nil {
		return
	}
	for _, entry := range []any{manifest.Main, manifest.Module, manifest.Exports, manifest.Imports} {
		s.addEntries(folder, entry)
	}
}

// addEntries adds the files in a tree of conditions.
func (s *Set) addEntries(folder string, entry any) {
	switch v := entry.(type) {
	case string:
		if before, _, ok := strings.Cut(v, "*"); ok {
			s.AddFolder(path.Join(folder, path.Dir(before+"x")))
		} else if v != "" {
			s.addNodeFile(path.Join(folder, v))
		}
	case []any:
		for _, item := range v {
			s.addEntries(folder, item)
		}
	case map[string]any:
		for _, item := range v {
			s.addEntries(folder, item)
		}
	}
}
