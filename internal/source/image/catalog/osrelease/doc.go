// Package osrelease reads which operating system a root file system holds: from
// os-release(5), and from the older files where there is none.
//
// It knows how systems name themselves and nothing of packages or their
// ecosystems.
package osrelease
