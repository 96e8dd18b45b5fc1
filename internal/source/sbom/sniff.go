package sbom

import (
	"bytes"
	"encoding/json"

	"github.com/foilsec/foil/internal/purl"
)

// kind is the form of a document.
type kind int

const (
	unknown kind = iota
	cycloneDX
	cycloneDXML
	spdx2
	spdxTags
	spdx3
	syft
	purls
)

// SniffSize is how many bytes of a file Sniff wants to see.
const SniffSize = 4096

// Sniff reports whether a file that begins like this is a bill of materials or
// a list of package URLs.
func Sniff(head []byte) bool {
	head = bytes.TrimPrefix(head, []byte("\ufeff"))
	return sniff(head[:min(len(head), SniffSize)]) != unknown
}

func sniff(head []byte) kind {
	head = bytes.TrimLeft(head, " \t\r\n")
	switch {
	case len(head) == 0:
		return unknown
	case head[0] == '{':
		return sniffJSON(head)
	case head[0] == '<':
		return sniffXML(head)
	case bytes.HasPrefix(head, []byte("SPDXVersion:")):
		return spdxTags
	}
	return sniffLines(head)
}

// sniffJSON looks for keys that only one form has.
func sniffJSON(head []byte) kind {
	for _, mark := range []struct {
		text string
		kind kind
	}{
		{`"bomFormat"`, cycloneDX}, {`cyclonedx.org/schema/bom-`, cycloneDX}, {`"spdxVersion"`, spdx2}, {`spdx.org/rdf/3.`, spdx3},
		{`"foundBy"`, syft}, {`anchore/syft/`, syft},
	} {
		if bytes.Contains(head, []byte(mark.text)) {
			return mark.kind
		}
	}
	return unknown
}

func sniffXML(head []byte) kind {
	if bytes.Contains(head, []byte("<bom")) && bytes.Contains(head, []byte("cyclonedx.org/schema/bom/")) {
		return cycloneDXML
	}
	return unknown
}

// sniffLines looks at the first line that is no comment.
func sniffLines(head []byte) kind {
	for line := range bytes.Lines(head) {
		line = bytes.TrimSpace(line)
		switch {
		case len(line) == 0 || line[0] == '#':
			continue
		case purl.Is(string(line[:min(len(line), 8)])):
			return purls
		}
		return unknown
	}
	return unknown
}

// kindOf is the form of a whole document. One whose first bytes do not tell is
// asked for the keys that it must have.
func kindOf(data []byte) kind {
	if k := sniff(data[:min(len(data), SniffSize)]); k != unknown {
		return k
	}
	if !bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{")) {
		return unknown
	}
	var keys struct {
		BOMFormat   string          `json:"bomFormat"`
		SPDXVersion string          `json:"spdxVersion"`
		Graph       json.RawMessage `json:"@graph"`
		Artifacts   json.RawMessage `json:"artifacts"`
	}
	if json.Unmarshal(data, &keys) != nil {
		return unknown
	}
	switch {
	case keys.BOMFormat == "CycloneDX":
		return cycloneDX
	case keys.SPDXVersion != "":
		return spdx2
	case keys.Graph != nil:
		return spdx3
	case keys.Artifacts != nil:
		return syft
	}
	return unknown
}
