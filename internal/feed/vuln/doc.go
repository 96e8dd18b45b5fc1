// Package vuln is what is known of flaws in packages: one file that holds the
// records of many feeds, with an index from package to records.
//
// [Open], [Starter] and [Find] give a [DB]; [DB.Lookup] decodes the records of
// one package and nothing else. A [Builder] makes such a file; the packages
// below this one read what publishers offer and feed it. The file is mapped
// into memory and used in place, so that opening costs the same whatever its
// size. It may come from anywhere: a damaged or hostile file gives an error or
// finds nothing, and never a crash.
//
// The package judges nothing (whether a version is affected is asked of package
// osv), knows no artifact and no finding, and touches no network.
package vuln
