package dpkg

import (
	"context"
	"strings"

	"github.com/foilsec/foil/internal/source/image/catalog"
)

// largestList bounds the list of one package; the longest known has 5 MB.
const largestList = 64 << 20

// readList reads the files of one package: paths in a .list, sums and paths in
// a .md5sums.
func readList(_ context.Context, f *catalog.File) (catalog.Found, error) {
	content, err := catalog.Bytes(f, largestList)
	if err != nil {
		return catalog.Found{}, err
	}
	name := f.Name()
	owner, isPlain := strings.CutSuffix(name.Base, ".list")
	if !isPlain {
		owner = strings.TrimSuffix(name.Base, ".md5sums")
	}
	var files []string
	for line := range strings.Lines(string(content)) { // the names share one text
		line = strings.TrimRight(line, "\r\n")
		if !isPlain {
			_, line, _ = strings.Cut(line, "  ")
		}
		line = strings.TrimPrefix(strings.TrimPrefix(line, "."), "/")
		files = add(files, line)
	}
	if len(files) == 0 {
		return catalog.Found{}, nil
	}
	return catalog.Found{Owned: []catalog.Ownership{{Type: "deb", Package: owner, Files: files}}}, nil
}

// add appends a path. Lists name folders just before what they hold, and a
// folder belongs to nobody.
func add(files []string, path string) []string {
	if path == "" || path == "." {
		return files
	}
	if last := len(files) - 1; last >= 0 && len(path) > len(files[last]) && path[len(files[last])] == '/' && strings.HasPrefix(path, files[last]) {
		files[last] = path
		return files
	}
	return append(files, path)
}
