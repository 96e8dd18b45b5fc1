package harden

import (
	"path"
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/image/harden/rootfs"
)

// shells are the names of programs that take commands.
func shells() []string {
	return []string{"sh", "bash", "dash", "ash", "ksh", "zsh", "fish", "busybox", "csh", "tcsh"}
}

// stateOf counts a tree.
func stateOf(tree *rootfs.Tree, packages int) State {
	s := State{Packages: packages, Bytes: tree.Bytes()}
	for _, file := range tree.Paths() {
		e := tree.Lookup(file)
		if e.Kind != rootfs.File {
			continue
		}
		s.Files++
		if e.Mode&(rootfs.SetUID|rootfs.SetGID) != 0 && e.Executable() {
			s.Setuid = append(s.Setuid, "/"+file)
		}
		if e.Executable() && slices.Contains(shells(), path.Base(file)) && strings.Contains(path.Dir(file), "bin") {
			s.Shells = append(s.Shells, "/"+file)
		}
	}
	return s
}

// distribution is the id in the release file, as package URLs use it.
func distribution(tree *rootfs.Tree) string {
	real, _, err := tree.Resolve("etc/os-release")
	if err != nil {
		return ""
	}
	text, err := tree.Read(real, 1<<16)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if id, ok := strings.CutPrefix(strings.TrimSpace(line), "ID="); ok {
			return strings.Trim(id, `"'`)
		}
	}
	return ""
}
