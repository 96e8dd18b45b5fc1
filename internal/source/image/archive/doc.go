// Package archive reads the tar that holds a whole image, as "docker save" and
// tools of the OCI layout write it. It lists the entries first, by their headers
// alone, and then gives access to the content of each where it lies: the entries
// may stand in any order and nothing is copied.
//
// What cannot be read from any place, such as standard input, is written to a
// nameless file first. The package does not know what layers hold.
package archive
