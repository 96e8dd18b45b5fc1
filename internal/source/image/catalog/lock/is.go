package lock

// Is reports whether a path has the name of a lock file.
func Is(path string) bool { return false }
