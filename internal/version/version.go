package version

import (
	"errors"
	"fmt"
)

// Order compares two versions of one ecosystem: negative when a is older than
// b, zero when they are equal, positive when a is newer. The error names the
// version that can't be read.
type Order func(a, b string) (int, error)

// longest is the length up to which a version is read. No real one comes near,
// and it bounds what a hostile one costs.
const longest = 2048

var (
	errEmpty = errors.New("it is empty")
	errLong  = fmt.Errorf("it is longer than %d bytes", longest)
)

// unreadable says which version an order can't read, and why.
func unreadable(kind, v string, why error) error {
	if len(v) > 60 {
		v = v[:60] + "..."
	}
	return fmt.Errorf("%q is not a version of %s: %w", v, kind, why)
}

// bounded refuses what no order reads.
func bounded(kind, v string) error {
	switch {
	case v == "":
		return unreadable(kind, v, errEmpty)
	case len(v) > longest:
		return unreadable(kind, v, errLong)
	}
	return nil
}
