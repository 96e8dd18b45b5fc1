// Package osv is the vocabulary of advisories: the OSV schema 1.7 as far as
// foil uses it (https://ossf.github.io/osv-schema/), and the algorithm by which
// a version is affected or not.
//
// It fetches and stores nothing. Feeds turn what publishers offer into
// advisories; derivers ask whether a package is affected.
package osv
