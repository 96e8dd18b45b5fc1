package closure

import (
	"bytes"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/image/harden/rootfs"
)

// Settings are what the configuration of an image says about finding files.
type Settings struct {
	Path       []string // folders of programs
	WorkingDir string
	Env        map[string]string
}

// Set is the files that are used. It is not safe for concurrent use.
type Set struct {
	tree     *rootfs.Tree
	settings Settings
	used     map[string]bool
	links    map[string]bool
	queue    []string
	linker   *linker
	python   *python
}

// New makes an empty set.
func New(tree *rootfs.Tree, settings Settings) *Set {
	s := &Set{tree: tree, settings: settings, used: map[string]bool{}, links: map[string]bool{}}
	s.linker = newLinker(tree, settings.Env["LD_LIBRARY_PATH"])
	s.python = newPython(tree, settings)
	return s
}

// Uses reports whether a file, or a link, is used.
func (s *Set) Uses(name string) bool { return s.used[name] || s.links[name] }

// Files lists the used files, sorted.
func (s *Set) Files() []string {
	list := make([]string, 0, len(s.used))
	for f := range s.used {
		list = append(list, f)
	}
	slices.Sort(list)
	return list
}

// Add adds a file, by any of its names, and reports whether it exists.
func (s *Set) Add(name string) bool {
	real, links, err := s.tree.Resolve(name)
	if err != nil {
		return false
	}
	for _, l := range links {
		s.links[l] = true
	}
	e := s.tree.Lookup(real)
	if e == nil || e.Kind != rootfs.File {
		return false
	}
	if !s.used[real] {
		s.used[real] = true
		s.queue = append(s.queue, real)
	}
	return true
}

// AddFolder adds all files below a folder.
func (s *Set) AddFolder(name string) {
	real, _, err := s.tree.Resolve(name)
	if err != nil {
		return
	}
	for _, f := range s.tree.Under(real) {
		s.Add(f)
	}
}

// Command is the file that a command names, as execvp finds it; empty when
// there is none. The name is one in the image, and may be a link.
func (s *Set) Command(name string) string {
	if strings.Contains(name, "/") {
		return s.executable(path.Join("/", s.settings.WorkingDir), name)
	}
	for _, folder := range s.settings.Path {
		if found := s.executable(folder, name); found != "" {
			return found
		}
	}
	return ""
}

func (s *Set) executable(folder, name string) string {
	at := name
	if !path.IsAbs(name) {
		at = path.Join("/", folder, name)
	}
	real, _, err := s.tree.Resolve(at)
	if err != nil {
		return ""
	}
	if e := s.tree.Lookup(real); e == nil || !e.Executable() {
		return ""
	}
	return at
}

// AddCommand adds a command line: its program, every argument that is a file,
// and the commands in it when a shell runs it.
func (s *Set) AddCommand(arguments []string) {
	for n, a := range arguments {
		if n == 0 {
			s.Add(s.Command(a))
			continue
		}
		s.addWord(a)
		if isShell(arguments[0]) && strings.HasPrefix(arguments[n-1], "-") {
			s.addShell(a)
		}
	}
}

// isShell reports whether a program runs commands that are its arguments.
func isShell(name string) bool { return strings.HasSuffix(path.Base(name), "sh") }

// addWord adds what an argument names: a file, or the value of an option.
func (s *Set) addWord(word string) {
	for _, name := range []string{word, word[strings.LastIndexByte(word, '=')+1:]} {
		if name == "" {
			continue
		}
		if !path.IsAbs(name) {
			name = path.Join("/", s.settings.WorkingDir, name)
		}
		s.Add(name)
	}
}

// Settle adds everything that the files in the set need.
func (s *Set) Settle() {
	for len(s.queue) > 0 {
		file := s.queue[0]
		s.queue = s.queue[1:]
		s.follow(file)
	}
}

const mostHead = 4096

// follow adds what one file needs.
func (s *Set) follow(file string) {
	s.followPair(file)
	head, err := s.tree.Read(file, mostHead)
	if err != nil {
		return
	}
	switch ext := path.Ext(file); {
	case bytes.HasPrefix(head, []byte("\x7fELF")):
		s.followELF(file)
	case bytes.HasPrefix(head, []byte("#!")):
		s.followScript(file, head)
	case ext == ".py":
		s.followPython(file)
	case isScript(ext):
		s.followNode(file)
	case ext == ".sh":
		s.addShell(s.text(file))
	case path.Base(file) == "nsswitch.conf":
		s.followSwitch(file)
	}
}

// mostText bounds the source of a program.
const mostText = 8 << 20

func (s *Set) text(file string) string {
	text, err := s.tree.Read(file, mostText)
	if err != nil {
		return ""
	}
	return string(text)
}

// followScript adds the interpreter of a script and what the script names.
func (s *Set) followScript(file string, head []byte) {
	line, _, _ := strings.Cut(string(head[2:]), "\n")
	words := strings.Fields(line)
	if len(words) == 0 {
		return
	}
	s.Add(words[0])
	interpreter := path.Base(words[0])
	if interpreter == "env" {
		for _, w := range words[1:] {
			if !strings.HasPrefix(w, "-") && !strings.Contains(w, "=") {
				s.Add(s.Command(w))
				interpreter = w
				break
			}
		}
	}
	switch {
	case strings.HasPrefix(interpreter, "python"):
		s.followPython(file)
	case interpreter == "node" || interpreter == "nodejs":
		s.followNode(file)
	case strings.HasSuffix(interpreter, "sh"):
		s.addShell(s.text(file))
	}
}

// addShell adds every word of a script that names a program.
func (s *Set) addShell(script string) {
	s.Add("/bin/sh")
	for word := range strings.FieldsFuncSeq(script, func(r rune) bool { return strings.ContainsRune(" \t\n;&|(){}<>\"'`$=", r) }) {
		if len(word) > 255 || strings.HasPrefix(word, "-") {
			continue
		}
		if found := s.Command(word); found != "" {
			s.Add(found)
		} else if path.IsAbs(word) {
			s.Add(word)
		}
	}
}

// followSwitch adds the modules that a name service switch names.
func (s *Set) followSwitch(file string) {
	for line := range strings.Lines(s.text(file)) {
		line, _, _ = strings.Cut(line, "#")
		_, services, _ := strings.Cut(line, ":")
		for word := range strings.FieldsSeq(services) {
			s.addLibrary("libnss_" + word + ".so.2")
		}
	}
}

// readAll reads at most so many bytes; nothing when it fails.
func readAll(r io.Reader, most int64) []byte {
	text, err := io.ReadAll(io.LimitReader(r, most))
	if err != nil {
		return nil
	}
	return text
}
