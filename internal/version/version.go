package version

// Order compares two versions of one ecosystem: negative when a is older than
// b, zero when they are equal, positive when a is newer. The error names the
// version that can't be read.
type Order func(a, b string) (int, error)
