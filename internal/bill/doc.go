// Package bill is what bills of materials of foil say beyond the fields of their
// formats: the layer and the source of a package, its owner, the parts that
// could not be read. Every format has a place for names with values; writers
// put these there, and the reader takes them from there, so that a bill is
// judged like the artifact that it was made from.
//
// The package knows no format, reads nothing and writes nothing.
package bill
