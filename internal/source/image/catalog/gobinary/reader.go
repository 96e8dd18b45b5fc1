package gobinary

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"path"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog"
)

// smallest is below the size of any program that the Go linker makes.
const smallest = 300 << 10

// Reader is the reader of programs that Go built.
func Reader() catalog.Reader {
	return catalog.Reader{Version: "go 1", Ecosystems: []string{"Go"}, Wants: wants, WantsHead: wantsHead, Read: read}
}

func wants(n *catalog.Name) catalog.Wish {
	if n.Size < smallest || !n.Executable && strings.Contains(n.Base, ".") && path.Ext(n.Base) != ".exe" {
		return catalog.Nothing
	}
	return catalog.Head
}

// wantsHead takes every program. Only the Go linker's own layout shows early in
// a file, and not what a C linker makes of Go objects.
func wantsHead(_ *catalog.Name, head []byte) bool {
	for _, magic := range []string{"\x7fELF", "MZ", "\xcf\xfa\xed\xfe", "\xce\xfa\xed\xfe", "\xfe\xed\xfa\xce", "\xfe\xed\xfa\xcf", "\xca\xfe\xba\xbe"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return false
}

func read(_ context.Context, f *catalog.File) (catalog.Found, error) {
	info, err := buildinfo.Read(f.Content)
	if err != nil {
		return catalog.Found{}, nil //nolint:nilerr // most programs are not made by Go, and that is all it says
	}
	found := catalog.Found{Packages: packages(info, f.Path)}
	symbols, err := Symbols(f.Content, info.Path)
	found.Program = &artifact.Program{Path: f.Path, Layer: -1, Symbols: symbols}
	if err != nil {
		found.Gaps = []artifact.Gap{{Path: f.Path, Reason: "its modules are known, but not which functions are linked: " + err.Error()}}
	}
	return found, nil
}
