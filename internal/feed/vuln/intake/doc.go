// Package intake reads what publishers of advisories offer, and puts it into a
// database that is being built: exports of OSV (one zip an ecosystem, or records
// as files), CISA's catalogue of exploited flaws, the scores of EPSS, Debian's
// tracker and lists, Alpine's secdb, and Red Hat's CSAF.
//
// It reads local files only; package fetch brings what is remote. Everything it
// reads may be broken or hostile: a file that can't be read is a [Problem] that
// names it, loses no other file, and never replaces what was there before.
package intake
