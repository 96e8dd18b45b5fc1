package python

import (
	"bytes"
	"context"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog"
)

// Reader is the reader of installed distributions.
func Reader() catalog.Reader {
	return catalog.Reader{Version: "python 1", Ecosystems: []string{"PyPI"}, Wants: wants, Read: read}
}

func wants(n *catalog.Name) catalog.Wish {
	if isMetadata(n) && !catalog.IsTrial(outside(n.Path)) {
		return catalog.All
	}
	return catalog.Nothing
}

func isMetadata(n *catalog.Name) bool {
	switch n.Base {
	case "METADATA":
		return strings.HasSuffix(n.Dir, ".dist-info")
	case "PKG-INFO":
		return strings.HasSuffix(n.Dir, ".egg-info") || n.Parent() == "EGG-INFO"
	}
	return strings.HasSuffix(n.Base, ".egg-info")
}

// outside is the folder that distributions are installed in: tests of one of
// them may hold others.
func outside(path string) string {
	for _, folder := range [...]string{"site-packages", "dist-packages"} {
		if inside, found := catalog.Inside(path, folder); found {
			return inside
		}
	}
	return path
}

// header is what matters of the metadata.
type header struct {
	name, version, licence, expression string
	classified                         []string
	needs                              []string
}

func read(_ context.Context, f *catalog.File) (catalog.Found, error) {
	var h header
	for line, err := range catalog.Lines(f) {
		if err != nil {
			return catalog.Found{}, err
		}
		if len(line) == 0 {
			break // the description follows
		}
		h.field(line)
	}
	if h.name == "" || h.version == "" {
		return catalog.Found{}, nil
	}
	p := catalog.NewPackage("pypi", h.name, h.version, f.Path)
	p.Licenses, p.Requires = h.licences(), h.needs
	return catalog.Found{Packages: []artifact.Package{p}}, nil
}

// mostNeeds bounds what one distribution can claim to need.
const mostNeeds = 4096

func (h *header) field(line []byte) {
	key, value, found := bytes.Cut(line, []byte(":"))
	if !found || line[0] == ' ' || line[0] == '\t' {
		return
	}
	text := string(bytes.TrimSpace(value))
	switch string(key) {
	case "Name":
		h.name = text
	case "Version":
		h.version = text
	case "License":
		h.licence = text
	case "License-Expression":
		h.expression = text
	case "Classifier":
		if name, is := strings.CutPrefix(text, "License :: "); is && len(h.classified) < 16 {
			h.classified = append(h.classified, strings.TrimSpace(lastPart(name)))
		}
	case "Requires-Dist":
		if len(h.needs) < mostNeeds && !strings.Contains(text, "extra ==") && !strings.Contains(text, "extra==") {
			h.needs = append(h.needs, requirement(text))
		}
	}
}

// requirement is the name in "urllib3[socks] (>=1.21.1,<3) ; python_version < '3.8'".
func requirement(text string) string {
	if end := strings.IndexAny(text, " [(<>=!~;@"); end >= 0 {
		return text[:end]
	}
	return text
}

// licences prefers the form that machines read, and leaves out whole texts.
func (h *header) licences() []string {
	switch {
	case h.expression != "":
		return []string{h.expression}
	case h.licence != "" && h.licence != "UNKNOWN" && len(h.licence) < 100:
		return []string{h.licence}
	}
	return h.classified
}

// lastPart is the name in "OSI Approved :: MIT License".
func lastPart(classifier string) string {
	return classifier[strings.LastIndexByte(classifier, ':')+1:]
}
