//go:build !unix

package tree

// NonBlocking is not needed where pipes have no place in the file system.
const NonBlocking = 0
