package sbom

import (
	"bytes"
	"fmt"
	"io"

	"github.com/foilsec/foil/internal/artifact"
)

// Limits bound what is read of one document. A zero field is its default.
type Limits struct {
	Bytes    int64 // of the document; default 256 MiB
	Packages int   // default 1,000,000
}

func (l Limits) withDefaults() Limits {
	if l.Bytes <= 0 {
		l.Bytes = 256 << 20
	}
	if l.Packages <= 0 {
		l.Packages = 1_000_000
	}
	return l
}

// Read reads a bill of materials, or a list of package URLs, one in a line. The
// name is what errors and gaps call the document.
func Read(r io.Reader, name string, limits Limits) (*artifact.Artifact, error) {
	limits = limits.withDefaults()
	data, err := io.ReadAll(io.LimitReader(r, limits.Bytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the bill of materials %s: %w", name, err)
	}
	if int64(len(data)) > limits.Bytes {
		return nil, fmt.Errorf("the bill of materials %s has more than %d bytes: raise the limit, or split it", name, limits.Bytes)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	c := &collector{
		artifact: &artifact.Artifact{Form: artifact.Bill, Reference: name}, name: name, limits: limits,
		byRef: map[string][]int{}, seen: map[string]bool{},
	}
	if err := c.read(data); err != nil {
		return nil, fmt.Errorf("the bill of materials %s: %w", name, err)
	}
	if err := c.finish(); err != nil {
		return nil, fmt.Errorf("the bill of materials %s: %w", name, err)
	}
	return c.artifact, nil
}

// ReadPURL makes an artifact of a single package URL.
func ReadPURL(text string) (*artifact.Artifact, error) {
	return Read(bytes.NewReader([]byte(text)), text, Limits{})
}

func (c *collector) read(data []byte) error {
	switch kind := kindOf(data); kind {
	case cycloneDX:
		return c.cycloneDXJSON(data)
	case cycloneDXML:
		return c.cycloneDXML(data)
	case spdx2:
		return c.spdxJSON(data)
	case spdxTags:
		return c.spdxTags(data)
	case spdx3:
		return c.spdx3(data)
	case syft:
		return c.syft(data)
	case purls:
		return c.purls(data)
	}
	return fmt.Errorf("unknown form: want CycloneDX (JSON, XML), SPDX (JSON, tag-value, JSON-LD), syft JSON, or one package URL a line")
}
