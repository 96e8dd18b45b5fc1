package fix

import (
	"errors"
	"io"
	"path"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/fix/linediff"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// Plan is what fixing comes to.
type Plan struct {
	// Files are the changes, by path.
	Files []FileChange
	// Fixed are the findings that are gone after the changes, in the order in
	// which they were asked for. One that could not be fixed itself is among
	// them when another change removes it.
	Fixed []finding.Fingerprint
	// Skipped are the findings that stay, and why.
	Skipped []Skip
	// Refuted are fixes that did not stand the proof: the finding stayed, or a
	// new one came up. Their edits are in none of the files. It is an error of
	// the rule or of this program.
	Refuted []Skip
	// Added are findings that the changes bring to light, most often on objects
	// that they create.
	Added []finding.Finding
	// Overlays are patches of objects for what no file could be changed for.
	Overlays []Overlay
}

// FileChange is a file before and after.
type FileChange struct {
	Path string // as positions name it
	// Before is nil when the file is created.
	Before, After []byte
	Created       bool
	// Findings are those that the change is for.
	Findings []finding.Fingerprint

	change *linediff.Change
}

// Skip is a finding that was not fixed.
type Skip struct {
	Fingerprint finding.Fingerprint
	Rule        string
	Node        graph.NodeID
	Reason      lang.Text
	// Overlay tells that one of the plan's overlays would fix it.
	Overlay bool
}

// Overlay is a change as a patch of one object, in the form that Kustomize and
// `kubectl patch --patch-file` take; or a whole object to apply.
type Overlay struct {
	Node     graph.NodeID
	Text     []byte
	Create   bool // the text is a new object
	Findings []finding.Fingerprint
}

// Empty reports whether the plan changes no file.
func (p *Plan) Empty() bool { return len(p.Files) == 0 }

// Diff writes all changes as one unified diff. Paths are those of the files;
// of files that are not below the current folder, those within the folder that
// they are read from, given by root.
func (p *Plan) Diff(w io.Writer, root string) error {
	var errs []error
	for i := range p.Files {
		errs = append(errs, p.Files[i].change.Unified(w, diffName(p.Files[i].Path, root)))
	}
	return errors.Join(errs...)
}

// diffName is the name of a file in a diff, which must not lead out of the
// folder that the diff is applied in.
func diffName(name, root string) string {
	if isLocal(name) {
		return name
	}
	if rel, inside := below(name, root); inside {
		return rel
	}
	return path.Base(name)
}
