// Package catalog recognises what the files of an image say: installed
// packages, the operating system, linked functions of programs, credentials.
//
// It is given files one at a time, with their content in reach, and knows
// neither layers nor archives; what it finds depends on the file alone, so that
// results can be kept by layer. Whoever reads the archive asks first what is
// wanted, and stores nothing else.
package catalog
