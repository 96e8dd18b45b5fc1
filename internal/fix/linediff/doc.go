// Package linediff follows a text through edits and prints what became of it as
// a unified diff that `git apply` and `patch -p1` take.
//
// The edits are known as regions of the text, so nothing is searched for: the
// diff shows the lines that were touched, in time that grows with the size of
// the text only. That is why no library for finding differences is used.
//
// The package works on bytes that it is given and writes to what it is given.
package linediff
