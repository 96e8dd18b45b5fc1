// Package prune decides which packages and files of an image go, and takes them
// out of the tree.
//
// What is used is given. Whole packages go first, then files of packages that
// are used in part; what says where software comes from and what it may be used
// for always stays: licences, the release file, users and groups, certificates,
// time zones, the database of packages. Files that no package owns stay, except
// what package managers leave behind.
package prune
