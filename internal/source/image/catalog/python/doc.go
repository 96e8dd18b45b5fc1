// Package python reads the distributions of Python that are installed: the
// METADATA of wheels and the PKG-INFO of eggs (PEP 566).
//
// What is only asked for, in lock files, is read elsewhere.
package python
