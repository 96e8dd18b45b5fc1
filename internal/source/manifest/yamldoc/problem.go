package yamldoc

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/foilsec/foil/internal/graph"
)

// problem is why a document could not be read, and where. Line counts from 1
// within the document; a zero Column is not known.
type problem struct {
	line, column int
	reason       string
	// limit is set when the text may be fine but asks for too much.
	limit bool
}

// limitAt makes a problem of too much at the place of a node.
func limitAt(n *yaml.Node, format string, args ...any) *problem {
	return &problem{line: n.Line, column: n.Column, reason: fmt.Sprintf(format, args...), limit: true}
}

func (p *problem) Error() string { return p.reason }

// gap states the problem at its place in the file; the document begins after
// skipped lines.
func (p *problem) gap(file string, skipped int) graph.Gap {
	return graph.Gap{
		Subject:  file,
		Position: graph.Position{File: file, Line: p.line + skipped, Column: p.column},
		Reason:   p.reason,
	}
}
