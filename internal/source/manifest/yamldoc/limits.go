package yamldoc

import "fmt"

// Limits bound what one stream may cost. The zero value of a field means the
// default.
type Limits struct {
	// FileBytes is the size of one file or stream; 256 MiB.
	FileBytes int64
	// DocumentBytes is the size of one document between `---` lines, or of
	// one top-level JSON value; 16 MiB. Lists of objects in the form that
	// kubectl prints may be of any size.
	DocumentBytes int
	// Depth is how deep maps and lists may be nested; 200.
	Depth int
	// Nodes is how many values one document may hold after aliases and merge
	// keys are expanded; 2,000,000.
	Nodes int
	// Documents is how many documents one file may hold; 500,000.
	Documents int
	// Gaps is how many broken documents are reported for one file before the
	// rest of it is given up; 1,000.
	Gaps int
}

// DefaultLimits are the limits that the zero value stands for.
func DefaultLimits() Limits {
	return Limits{
		FileBytes: 256 << 20, DocumentBytes: 16 << 20, Depth: 200,
		Nodes: 2_000_000, Documents: 500_000, Gaps: 1_000,
	}
}

// WithDefaults replaces fields that were not set by the default.
func (l Limits) WithDefaults() Limits {
	d := DefaultLimits()
	orDefault(&l.FileBytes, d.FileBytes)
	orDefault(&l.DocumentBytes, d.DocumentBytes)
	orDefault(&l.Depth, d.Depth)
	orDefault(&l.Nodes, d.Nodes)
	orDefault(&l.Documents, d.Documents)
	orDefault(&l.Gaps, d.Gaps)
	return l
}

func orDefault[T int | int64](field *T, value T) {
	if *field <= 0 {
		*field = value
	}
}

// sizeText writes a size as people do, for messages.
func sizeText(n int64) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10 && n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
