// Package layer reads one layer of an image as a stream: compressed bytes go in,
// an index of names and what a catalog says of the files comes out. Contents are
// dropped as soon as the catalog has seen them; nothing is unpacked. Digests are
// computed on the way and compared with what the image claims.
//
// A layer is read by itself: what it means on top of others is not known here.
// That makes a result a function of the bytes and the catalog alone, so that it
// can be kept; see [Result.Encode].
package layer
