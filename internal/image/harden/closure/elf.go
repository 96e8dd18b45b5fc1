package closure

import (
	"bytes"
	"debug/elf"
	"path"
	"strings"

	"github.com/foilsec/foil/internal/image/harden/rootfs"
)

// linker finds shared libraries as ld.so does.
type linker struct {
	tree    *rootfs.Tree
	folders []string // of the system
	extra   []string // LD_LIBRARY_PATH
}

func newLinker(tree *rootfs.Tree, libraryPath string) *linker {
	l := &linker{tree: tree}
	for folder := range strings.SplitSeq(libraryPath, ":") {
		if folder != "" {
			l.extra = append(l.extra, folder)
		}
	}
	l.readConfig("/etc/ld.so.conf", 0)
	l.readMusl()
	l.folders = append(l.folders, "/lib", "/usr/lib", "/lib64", "/usr/lib64", "/usr/local/lib")
	for _, base := range []string{"/lib", "/usr/lib"} {
		for _, name := range tree.Names(base) {
			if strings.Contains(name, "-linux-") {
				l.folders = append(l.folders, path.Join(base, name))
			}
		}
	}
	return l
}

const (
	mostConfig   = 1 << 20
	mostIncludes = 8
)

func (l *linker) lines(name string) []string {
	real, _, err := l.tree.Resolve(name)
	if err != nil {
		return nil
	}
	text, err := l.tree.Read(real, mostConfig)
	if err != nil {
		return nil
	}
	return strings.Split(string(text), "\n")
}

func (l *linker) readConfig(name string, depth int) {
	for _, line := range l.lines(name) {
		line, _, _ = strings.Cut(line, "#")
		line = strings.TrimSpace(line)
		if pattern, ok := strings.CutPrefix(line, "include "); ok && depth < mostIncludes {
			l.include(path.Join(path.Dir(name), "/", strings.TrimSpace(pattern)), strings.TrimSpace(pattern), depth)
		} else if path.IsAbs(line) {
			l.folders = append(l.folders, line)
		}
	}
}

func (l *linker) include(relative, pattern string, depth int) {
	if path.IsAbs(pattern) {
		relative = pattern
	}
	for _, name := range l.tree.Names(path.Dir(relative)) {
		if ok, err := path.Match(path.Base(relative), name); err == nil && ok {
			l.readConfig(path.Join(path.Dir(relative), name), depth+1)
		}
	}
}

// readMusl reads the path file of the other C library.
func (l *linker) readMusl() {
	for _, name := range l.tree.Names("etc") {
		if strings.HasPrefix(name, "ld-musl-") && strings.HasSuffix(name, ".path") {
			for _, line := range l.lines("/etc/" + name) {
				l.folders = append(l.folders, strings.Split(line, ":")...)
			}
		}
	}
}

// find lists the places of a library: the first, and its variants for newer
// processors.
func (l *linker) find(name string, first []string) []string {
	if strings.Contains(name, "/") {
		return []string{name}
	}
	var list []string
	for _, folders := range [][]string{first, l.extra, l.folders} {
		for _, folder := range folders {
			at := path.Join("/", folder, name)
			if _, _, err := l.tree.Resolve(at); folder != "" && err == nil {
				list = append(list, at)
			}
		}
	}
	return list
}

// addLibrary adds a shared library by its name, if there is one.
func (s *Set) addLibrary(name string, first ...string) {
	for _, at := range s.linker.find(name, first) {
		s.Add(at)
	}
}

// followELF adds the loader, the libraries and the names that may be opened.
func (s *Set) followELF(file string) {
	content, err := s.tree.File(file)
	if err != nil {
		return
	}
	defer func() { _ = content.Close() }()
	f, err := elf.NewFile(content)
	if err != nil {
		return
	}
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			s.Add(strings.TrimRight(string(readAll(p.Open(), mostHead)), "\x00"))
		}
	}
	folders := runPath(f, path.Dir("/"+file))
	needed, err := f.DynString(elf.DT_NEEDED)
	if err != nil {
		return
	}
	for _, name := range needed {
		s.addLibrary(name, folders...)
	}
	for _, name := range openedNames(f) {
		s.addLibrary(name, folders...)
	}
}

// runPath is the folders that a file asks for.
func runPath(f *elf.File, origin string) []string {
	var folders []string
	for _, tag := range []elf.DynTag{elf.DT_RUNPATH, elf.DT_RPATH} {
		values, err := f.DynString(tag)
		if err != nil {
			continue
		}
		for _, v := range values {
			v = strings.NewReplacer("${ORIGIN}", origin, "$ORIGIN", origin, "$LIB", "lib", "${LIB}", "lib").Replace(v)
			folders = append(folders, strings.Split(v, ":")...)
		}
	}
	return folders
}

// mostData bounds how much of a program is searched for names.
const mostData = 128 << 20

// openedNames lists the names of libraries among the constants of a program:
// those that it may open while it runs.
func openedNames(f *elf.File) []string {
	section := f.Section(".rodata")
	if section == nil || section.Type == elf.SHT_NOBITS {
		return nil
	}
	data := readAll(section.Open(), mostData)
	var names []string
	for at := 0; ; {
		n := bytes.Index(data[at:], []byte(".so"))
		if n < 0 {
			return names
		}
		at += n
		if name := nameAround(data, at); name != "" {
			names = append(names, name)
		}
		at += len(".so")
	}
}

// nameAround is the text between zero bytes around a place, if it may be the
// file name of a library.
func nameAround(data []byte, at int) string {
	const longest = 128
	start, end := at, at
	for start > 0 && at-start < longest && data[start-1] > ' ' && data[start-1] < 0x7f {
		start--
	}
	for end < len(data) && end-at < longest && data[end] > ' ' && data[end] < 0x7f {
		end++
	}
	name := string(data[start:end])
	if !strings.HasPrefix(path.Base(name), "lib") || end >= len(data) || data[end] != 0 || strings.ContainsAny(name, "%*?") {
		return ""
	}
	return name
}
