// Package inflate expands gzip (RFC 1952, RFC 1951). Layers of images are mostly
// gzip, and expanding them is most of the work of reading an image; this reader
// does it in about half the time of general ones, by decoding from one slice to
// another, several symbols between two loads of input.
//
// It does not compare the checksum at the end of gzip: it is only for content
// whose SHA-256 is known and compared. It only reads, and holds no state beyond
// one stream.
package inflate
