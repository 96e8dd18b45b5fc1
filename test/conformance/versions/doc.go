// Command versions compares foil's order of versions with tables of what other
// tools say.
//
// Each FILE holds a comparison on a line, "A < B", "A = B" or "A > B" ("==" is
// another way to write "="); empty lines and lines that begin with "#" or "//"
// are passed over. The name of the file says which order is meant: alpine.txt,
// redhat.txt, npm-2.txt. In rpm-nevra.txt the operands are whole names of RPM
// packages.
//
// The command prints each comparison that does not hold, how many hold in each
// file, and last "agree A of B". It exits with 0 only if all hold.
package main
