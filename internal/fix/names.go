package fix

import (
	"path"
	"path/filepath"
	"strings"
)

// isLocal reports whether a name stays below the folder that it is relative to.
func isLocal(name string) bool { return filepath.IsLocal(filepath.FromSlash(name)) }

// within reports whether a name lies in a folder; both are written alike.
func within(name, folder string) bool {
	return folder == "." && isLocal(name) || strings.HasPrefix(name, folder+"/")
}

// below is a name relative to a folder that it lies in.
func below(name, folder string) (rel string, inside bool) {
	folder = path.Clean(folder)
	if folder == "." {
		return name, isLocal(name)
	}
	rel, inside = strings.CutPrefix(name, strings.TrimSuffix(folder, "/")+"/")
	return rel, inside
}
