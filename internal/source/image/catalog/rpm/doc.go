// Package rpm reads the databases of the RPM package manager: Berkeley DB, ndb
// and SQLite, as many systems had them one after the other. Each is read by as
// much of its form as leads to the headers of packages, and nothing is written.
//
// It knows no release: a catalog adds that when all files are known.
package rpm
