package harden

import (
	"path"
	"slices"

	"github.com/foilsec/foil/internal/image/harden/closure"
	"github.com/foilsec/foil/internal/image/harden/rootfs"
)

// usedFiles is the files that are used: seen, named by the configuration or by
// the user, and everything that those need.
func (w *work) usedFiles() *closure.Set {
	set := closure.New(w.tree, settings(w.run()))
	if w.profile != nil {
		for _, file := range w.profile.Opened {
			set.Add(file)
		}
	}
	set.AddCommand(commandLine(w.run()))
	set.AddCommand(healthCommand(w.run()))
	set.Add("etc/nsswitch.conf")
	for _, k := range w.options.Keep {
		if !set.Add(k) {
			set.AddFolder(k)
		}
	}
	for _, p := range w.inventory.Packages {
		if slices.Contains(w.options.Keep, p.Name) {
			for _, file := range p.Files {
				set.Add(file)
			}
		}
	}
	w.addOwn(set)
	set.Settle()
	return set
}

// addOwn adds the files that no package owns and that may load others: all of
// them where the program was not run, else those beside the program.
func (w *work) addOwn(set *closure.Set) {
	folder := path.Join("/", w.run().WorkingDir)[1:]
	if w.profile != nil && folder == "" {
		return
	}
	paths := w.tree.Paths()
	if w.profile != nil {
		paths = w.tree.Under(folder)
	}
	for _, file := range paths {
		e := w.tree.Lookup(file)
		if e.Kind == rootfs.File && len(w.inventory.Owners(file)) == 0 && mayLoad(e) {
			set.Add(file)
		}
	}
}

// mayLoad reports whether a file may be a program or a part of one.
func mayLoad(e *rootfs.Entry) bool {
	return e.Executable() || slices.Contains([]string{".py", ".js", ".mjs", ".cjs", ".so", ".node"}, path.Ext(e.Path))
}
