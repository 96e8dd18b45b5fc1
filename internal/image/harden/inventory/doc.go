// Package inventory lists the packages of a root file system with the files
// that belong to each, and takes packages out of the databases that name them.
//
// It reads the databases of dpkg (status, status.d) and apk, and the folders of
// npm and Python packages that no system package owns. The RPM database is
// recognised and not changed. It decides nothing: which packages go is said by
// the caller.
package inventory
