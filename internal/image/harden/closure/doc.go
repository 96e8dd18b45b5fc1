// Package closure finds, without running anything, which files of an image are
// used by those that are known to be used: shared libraries, interpreters,
// modules of Python and Node, commands of shell scripts.
//
// It errs on the side of keeping: a name that may be loaded counts as loaded.
// What a program makes up at run time it can't see; that is what running the
// program is for.
package closure
