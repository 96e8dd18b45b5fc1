// Package program recognises common programs that no package manager installed:
// servers, interpreters and runtimes, by the name of the file and by the version
// that is written into it.
//
// It looks at no other files than those of its list, and reads of each no more
// than it takes to find the version. What it finds is a package of the type
// "generic", or of the system of the language where there is one.
package program
