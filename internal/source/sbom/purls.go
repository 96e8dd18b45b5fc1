package sbom

import (
	"bytes"

	"github.com/foilsec/foil/internal/artifact"
)

// purls reads a list of package URLs. Empty lines and lines that begin with #
// say nothing.
func (c *collector) purls(data []byte) error {
	c.artifact.Form = artifact.Purls
	for line := range bytes.Lines(data) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		if err := c.add(component{purl: string(line)}); err != nil {
			return err
		}
	}
	return nil
}
