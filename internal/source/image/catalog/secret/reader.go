package secret

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/foilsec/foil/internal/source/image/catalog"
)

// Reader is the reader of files that may hold credentials.
func Reader() catalog.Reader {
	tokens := knownTokens()
	return catalog.Reader{
		Version: "secret 1",
		Wants: func(n *catalog.Name) catalog.Wish {
			if mayHold(n) {
				return catalog.All
			}
			return catalog.Nothing
		},
		Read: func(_ context.Context, f *catalog.File) (catalog.Found, error) {
			content, err := catalog.Bytes(f, largest)
			if err != nil || !isText(content) {
				return catalog.Found{}, err
			}
			name := f.Name()
			s := scan{path: f.Path, text: string(content)}
			s.everywhere(tokens)
			if look := formOf(name.Path, name.Parent(), name.Base); look != nil {
				look(&s)
			}
			return catalog.Found{Secrets: s.found}, nil
		},
	}
}

// isText looks at the beginning: programs and pictures have zeros there.
func isText(content []byte) bool {
	begin := content[:min(len(content), 1024)]
	for _, c := range begin {
		if c == 0 {
			return false
		}
	}
	return len(begin) < 4 || utf8.Valid(begin[:len(begin)-3]) || strings.HasPrefix(string(begin), keyBegin)
}
