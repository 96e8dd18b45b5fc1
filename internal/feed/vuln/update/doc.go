// Package update keeps the database file of a user: it takes in files, folders,
// addresses and artifacts, asks publishers for news, and copies the file to
// where there is no network.
//
// The new database is written beside the old one and renamed over it, so that
// whoever reads sees one or the other. One process writes at a time. A feed that
// can't be fetched or read stays as it was, and is a problem that is told.
package update
