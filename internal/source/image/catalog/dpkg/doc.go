// Package dpkg reads the databases of Debian's package manager and of those
// that share its form: status, status.d of images without a shell, and opkg.
//
// It also reads which files belong to which package. It knows the names that
// Debian uses and no release: a catalog adds that when all files are known. The
// form is that of deb-control(5) and dpkg-query(1).
package dpkg
