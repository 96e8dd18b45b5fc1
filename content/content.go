// Package content carries what foil knows as text: controls, settings, kinds
// of change and frameworks. It is embedded, so that a scan needs no network
// and no files beside the binary.
//
// The package hands out bytes; rule/control and the analyzers read them.
package content

import (
	"embed"
	"io/fs"
)

//go:embed controls *.yaml
var files embed.FS

// Files is the tree of content: controls/**, settings.yaml, changes.yaml,
// frameworks.yaml.
func Files() fs.FS { return files }
