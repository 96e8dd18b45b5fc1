// Package tree holds the names of an archive or of a whole image in memory:
// tens of bytes for each, and nothing the garbage collector has to walk, so that
// an image of a million files stays small.
//
// It knows names, kinds and links; it does not read archives, and never follows
// a link out of the root. Package layer fills trees, package squash lays them
// over each other.
package tree
