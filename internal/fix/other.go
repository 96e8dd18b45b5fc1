package fix

import (
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/fix/linediff"
)

// Edited is the change of a file that holds no Kubernetes objects, made by a
// package below this one.
func Edited(path string, c *linediff.Change, findings []finding.Fingerprint) FileChange {
	return FileChange{Path: path, Before: c.Before, After: c.After, Findings: findings, change: c}
}

// Add takes over another plan, which changes other files.
func (p *Plan) Add(o *Plan) {
	p.Files = append(p.Files, o.Files...)
	slices.SortStableFunc(p.Files, func(a, b FileChange) int { return strings.Compare(a.Path, b.Path) })
	p.Fixed = append(p.Fixed, o.Fixed...)
	p.Skipped = append(p.Skipped, o.Skipped...)
	p.Refuted = append(p.Refuted, o.Refuted...)
	p.Added = append(p.Added, o.Added...)
	p.Overlays = append(p.Overlays, o.Overlays...)
}
