// Package eol is what is known of the end of support of products: which release
// cycles a product has, and until when each gets fixes.
//
// The knowledge has the shape of the API of endoflife.date. [Import] reads it
// from files, folders and the API itself; [Write] keeps it as one file with an
// index from identifiers (package URL, name of a system package, image, CPE) to
// products, so that a lookup decodes the products that it hits and nothing else.
// A copy is built in; a newer one in the user's cache folder takes its place.
//
// Dates are kept and not verdicts: [Cycle.Status] compares them with a day that
// the caller names. The package knows no artifact and no finding, and only
// Import touches the network, when it is given an address.
package eol

// The built-in copy is made from the API; -from takes a folder of the same shape.
//
//go:generate go run ./snapshot -to data/snapshot.bin
