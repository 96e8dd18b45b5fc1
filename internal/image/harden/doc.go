// Package harden makes a small image out of an image: one that holds what its
// program uses, still says which packages it is made of, and passes the same
// checks.
//
// The image is unpacked into a private folder. What is used is known from
// running the program under checks (package stage), from reading files (package
// closure), or from a saved profile. Packages that are not used go (package
// prune), the rest is laid out, checked, and only then written (package
// archive). The image that is read is never changed. What can't be proven is
// refused, and nothing is written.
//
// Running the program needs Linux and the rights of root; without them there is
// the static way, which removes whole packages only. An image runs with the
// rights of a container, so harden only what you would run.
package harden
