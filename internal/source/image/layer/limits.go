package layer

// Limits bound what a hostile layer may cost. The zero value of a field means
// the default.
type Limits struct {
	// File is the size of the largest file that is shown to the catalog.
	File int64
	// Entries is how many names a layer may hold.
	Entries int
	// Expanded is how many bytes a layer may unpack to.
	Expanded int64
	// Ratio is how many times its size a layer may unpack to, once it is larger
	// than Free.
	Ratio int64
	// Free is how many bytes may come out of a layer whatever its size.
	Free int64
}

// Defaults.
const (
	defaultFile     = 1 << 30
	defaultEntries  = 2_000_000
	defaultExpanded = 128 << 30
	defaultRatio    = 100
	defaultFree     = 1 << 30
)

// WithDefaults fills in what is zero.
func (l Limits) WithDefaults() Limits {
	fill(&l.File, defaultFile)
	fill(&l.Entries, defaultEntries)
	fill(&l.Expanded, defaultExpanded)
	fill(&l.Ratio, defaultRatio)
	fill(&l.Free, defaultFree)
	return l
}

func fill[T int | int64](value *T, otherwise T) {
	if *value <= 0 {
		*value = otherwise
	}
}
