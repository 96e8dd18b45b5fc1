// Package lock reads the files in which package managers write down exactly
// what a project uses: lock files.
//
// What they name is asked for and need not be there, so that in an image they
// count only where nothing says what is installed. Each format is read by
// itself, by as much as tells names and versions.
package lock
