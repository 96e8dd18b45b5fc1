package closure

import (
	"path"
	"regexp"
	"strings"

	"github.com/foilsec/foil/internal/image/harden/rootfs"
)

// python knows where modules are looked for.
type python struct {
	tree    *rootfs.Tree
	folders []string
}

// newPython finds the folders of modules: those of the interpreters, of the
// environment and of the program.
func newPython(tree *rootfs.Tree, settings Settings) *python {
	p := &python{tree: tree}
	for folder := range strings.SplitSeq(settings.Env["PYTHONPATH"], ":") {
		if folder != "" {
			p.add(folder)
		}
	}
	p.add(settings.WorkingDir)
	for _, base := range []string{"usr/lib", "usr/local/lib", "opt/venv/lib", path.Join(settings.Env["VIRTUAL_ENV"], "lib")} {
		for _, name := range tree.Names(base) {
			if !strings.HasPrefix(name, "python") {
				continue
			}
			home := path.Join(base, name)
			for _, folder := range []string{"", "lib-dynload", "site-packages", "dist-packages"} {
				p.add(path.Join(home, folder))
			}
		}
	}
	return p
}

func (p *python) add(folder string) {
	if real, _, err := p.tree.Resolve(folder); err == nil {
		p.folders = append(p.folders, real)
	}
}

// The statements that import, at the beginning of a line.
var (
	importLine = regexp.MustCompile(`(?m)^[ \t]*import[ \t]+([\w.]+(?:[ \t]+as[ \t]+\w+)?(?:[ \t]*,[ \t]*[\w.]+(?:[ \t]+as[ \t]+\w+)?)*)`)
	fromLine   = regexp.MustCompile(`(?m)^[ \t]*from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]*)`)
	importCall = regexp.MustCompile(`(?:import_module|__import__)\(\s*['"]([\w.]+)['"]\s*[,)]`)
	importMade = regexp.MustCompile(`(?:import_module|__import__)\(\s*(?:[^'"\s)]|['"][^'"]*['"]\s*[+%.])`)
)

// followPython adds the modules that a source file imports.
func (s *Set) followPython(file string) {
	text := s.text(file)
	for _, m := range importLine.FindAllStringSubmatch(text, -1) {
		for part := range strings.SplitSeq(m[1], ",") {
			if words := strings.Fields(part); len(words) > 0 {
				s.addModule(file, words[0])
			}
		}
	}
	for _, m := range importCall.FindAllStringSubmatch(text, -1) {
		s.addModule(file, m[1])
	}
	if importMade.MatchString(text) {
		s.followMade(file)
	}
	for _, m := range fromLine.FindAllStringSubmatch(text, -1) {
		s.addModule(file, m[1])
		for part := range strings.FieldsFuncSeq(strings.Trim(m[2], "()"), func(r rune) bool { return r == ',' || r == '\n' }) {
			if words := strings.Fields(part); len(words) > 0 && words[0] != "*" && words[0][0] != '#' {
				s.addModule(file, member(m[1], words[0]))
			}
		}
	}
}

// followMade keeps what a module may import that makes up the names: the rest of
// its package, and the settings of the interpreter, which have its platform in
// their name.
func (s *Set) followMade(file string) {
	folder := path.Dir(file)
	if s.tree.Lookup(path.Join(folder, "__init__.py")) != nil {
		for _, name := range s.tree.Names(folder) {
			if path.Ext(name) == ".py" {
				s.Add(path.Join(folder, name))
			}
		}
	}
	if path.Base(file) == "sysconfig.py" {
		for _, name := range s.tree.Names(folder) {
			if strings.HasPrefix(name, "_sysconfigdata_") {
				s.Add(path.Join(folder, name))
			}
		}
	}
}

// member is the dotted name of something in a module.
func member(module, name string) string {
	if strings.HasSuffix(module, ".") {
		return module + name
	}
	return module + "." + name
}

// addModule adds a module, and the packages that it is in.
func (s *Set) addModule(file, name string) {
	relative := len(name) - len(strings.TrimLeft(name, "."))
	parts := strings.Split(strings.TrimLeft(name, "."), ".")
	if relative > 0 {
		folder := path.Dir(file)
		for range relative - 1 {
			folder = path.Dir(folder)
		}
		s.addModuleIn(folder, parts)
		return
	}
	for _, folder := range append([]string{path.Dir(file)}, s.python.folders...) {
		s.addModuleIn(folder, parts)
	}
}

// addModuleIn adds every part of a dotted name that is below a folder.
func (s *Set) addModuleIn(folder string, parts []string) {
	for _, part := range parts {
		if part == "" {
			return
		}
		at := path.Join(folder, part)
		s.addIf(at + ".py")
		s.addIf(path.Join(at, "__init__.py"))
		s.addCompiled(folder, part)
		folder = at
		if s.tree.Lookup(folder) == nil {
			return
		}
	}
}

// addCompiled adds extension modules: NAME.so, NAME.cpython-311-x86_64.so.
func (s *Set) addCompiled(folder, part string) {
	for _, name := range s.tree.Names(folder) {
		if strings.HasPrefix(name, part+".") && strings.HasSuffix(name, ".so") {
			s.Add(path.Join(folder, name))
		}
	}
}

func (s *Set) addIf(name string) {
	if s.tree.Lookup(name) != nil {
		s.Add(name)
	}
}

// followPair keeps a module and its compiled form together: Python asks for the
// time of the one before it reads the other.
func (s *Set) followPair(file string) {
	folder, base := path.Dir(file), path.Base(file)
	switch {
	case strings.HasSuffix(base, ".pyc") && path.Base(folder) == "__pycache__":
		name, _, _ := strings.Cut(base, ".")
		s.addIf(path.Join(path.Dir(folder), name+".py"))
	case strings.HasSuffix(base, ".py"):
		cache := path.Join(folder, "__pycache__")
		for _, name := range s.tree.Names(cache) {
			if strings.HasPrefix(name, strings.TrimSuffix(base, "py")) && strings.HasSuffix(name, ".pyc") {
				s.addIf(path.Join(cache, name))
			}
		}
	}
}
