// Package apk reads the database of the package manager of Alpine, Wolfi and
// Chainguard: packages, what they were built from, what they need, the files
// that they own.
//
// It knows no release: a catalog adds that when all files are known. The form
// is that of apk-tools' installed database.
package apk
