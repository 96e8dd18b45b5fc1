package rpm

import (
	"errors"
	"fmt"
)

// errExpanded says that parts of a database are used many times over.
var errExpanded = fmt.Errorf("%w: its packages are larger than itself, so that parts of it must count for several", errDamaged)

// expanded is how many bytes of headers a database can hold.
func expanded(size int64) int64 { return size }

// Limits of one database.
const (
	largestDatabase = 512 << 20
	largestHeader   = 64 << 20
	mostPackages    = 100_000
	mostFiles       = 1_000_000
	mostValues      = 200_000 // of one entry of a header
)

var (
	errDamaged = errors.New("it is damaged")
	errTooMany = fmt.Errorf("it holds more than %d packages or %d files, the limits: the rest was not read", mostPackages, mostFiles)
)
