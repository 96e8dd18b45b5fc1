// Package docs runs the commands that the documentation shows and compares
// what they print with what the page says, so that no page goes stale.
//
// A block that is fenced as "console" is run; its lines that begin with "$ "
// are commands, the others what they print, both streams together:
//
//	```console
//	$ foil scan examples/burrito-shop --fail-on high > report.txt
//	foil: gate failed: ...
//	```
//
// A line of three dots stands for any number of lines. The commands of a block
// share one shell, those of a page one copy of the repository, in which foil is
// on the PATH. Pages that end in .zh.md run in a Chinese locale. In a block
// that is fenced as "console cluster", kubectl and foil find a test cluster that
// all such blocks share.
//
// A block with the mark file=NAME is written into the copy, so that the commands
// below it find it. A block that is fenced as "yaml" has to be YAML; a
// ValidatingAdmissionPolicy in it has to be a control, and one with the mark
// file=.foil.yaml a configuration.
//
//	go test ./test/docs            compares
//	go test ./test/docs -update    writes what commands print into the pages
//
// The package holds tests only. It reads README*.md and docs, and must not
// write anywhere but into copies, unless asked to update.
package docs
