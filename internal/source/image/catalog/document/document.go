// Package document collects statements that travel inside of images: which
// flaws do not matter (VEX), and what something was built of (bills of
// materials). They are recognised and handed on as they are; what they mean is
// for others to read.
package document

import (
	"bytes"
	"context"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog"
)

// largest is the size of the largest document that is taken along.
const largest = 4 << 20

// Reader is the reader of documents.
func Reader() catalog.Reader {
	return catalog.Reader{
		Version: "document 1",
		Wants: func(n *catalog.Name) catalog.Wish {
			if isNamed(n) {
				return catalog.All
			}
			return catalog.Nothing
		},
		Read: read,
	}
}

// isNamed reports whether a file is called as documents are. Those in which the
// package manager of Wolfi repeats its database are left.
func isNamed(n *catalog.Name) bool {
	switch {
	case n.Dir == "var/lib/db/sbom", n.Below("node_modules"), n.Below("testdata"):
		return false
	case !strings.HasSuffix(n.Base, ".json"):
		return strings.HasSuffix(n.Base, ".spdx")
	}
	for _, end := range [...]string{"vex.json", "csaf.json", ".cdx.json", "bom.json", ".spdx.json", "cyclonedx.json"} {
		if strings.HasSuffix(n.Base, end) {
			return true
		}
	}
	return false
}

func read(_ context.Context, f *catalog.File) (catalog.Found, error) {
	content, err := catalog.Bytes(f, largest)
	if err != nil {
		return catalog.Found{}, err
	}
	kind := kindOf(content)
	if kind == "" {
		return catalog.Found{}, nil
	}
	return catalog.Found{Documents: []artifact.Document{{Path: f.Path, Layer: -1, Kind: kind, Content: content}}}, nil
}

// kindOf recognises a document by words that only its kind has near the
// beginning, where generators write them.
func kindOf(content []byte) string {
	begin := content[:min(len(content), 64<<10)]
	if first := bytes.TrimLeft(begin, "\ufeff \t\r\n"); len(first) == 0 || first[0] != '{' {
		return ""
	}
	for _, known := range [...]struct{ word, kind string }{
		{"openvex.dev/ns", "openvex"}, {`"csaf_version"`, "csaf"}, {`"bomFormat"`, "cyclonedx"}, {`"spdxVersion"`, "spdx"}, {"spdx.org/rdf/3", "spdx"},
	} {
		if bytes.Contains(begin, []byte(known.word)) {
			return known.kind
		}
	}
	return ""
}
