// Package tape reads tar archives (ustar, PAX, GNU) entry by entry from a stream
// that can skip. It does what archive/tar does and leaves out what images have no
// use for: owners, times, extended attributes. That saves most of the garbage,
// which counts when a layer has a hundred thousand entries.
//
// It only reads. Sparse files, which are rare, are left to archive/tar.
package tape
