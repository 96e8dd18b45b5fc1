package gobinary

import (
	"bytes"
	"io"
	"net/url"

	"github.com/foilsec/foil/internal/artifact"
)

// Symbols are the functions that are linked into a program, and the packages
// that they are of. The path of the main package is what a program calls
// "main".
func Symbols(program io.ReaderAt, mainPath string) (artifact.Symbols, error) {
	names, err := nameTable(program)
	if err != nil {
		return nil, err
	}
	c := collector{mainPath: mainPath, packages: map[string]string{}}
	for len(names) > 0 {
		var name []byte
		name, names, _ = bytes.Cut(names, []byte{0})
		if len(name) > 0 && len(name) <= longestName {
			c.add(string(name))
		}
	}
	return artifact.NewSymbols(c.hashes), nil
}

// longestName is where a name is no name any more: what the compiler makes of
// type parameters is long, and written short in the table.
const longestName = 32 << 10

type collector struct {
	mainPath string
	packages map[string]string // as escaped in names: as imported
	hashes   []uint64
}

func (c *collector) add(name string) {
	escaped, function := Split(name)
	if escaped == "" || function == "" {
		return
	}
	path, known := c.packages[escaped]
	if !known {
		path = c.importPath(escaped)
		c.packages[escaped] = path
		c.hashes = append(c.hashes, artifact.SymbolHash(path, ""))
	}
	c.hashes = append(c.hashes, artifact.SymbolHash(path, function))
	if outer := Enclosing(function); outer != function {
		c.hashes = append(c.hashes, artifact.SymbolHash(path, outer))
	}
}

func (c *collector) importPath(escaped string) string {
	if escaped == "main" && c.mainPath != "" {
		return c.mainPath
	}
	if path, err := url.PathUnescape(escaped); err == nil {
		return path
	}
	return escaped
}
