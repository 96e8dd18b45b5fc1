// Package rootfs reads an unpacked file system, any other folder, or a single
// file, in the same way as a layer is read: an index of names and what a catalog
// says of the files.
//
// It never leaves the folder, whatever links say, and does not enter the file
// systems that the kernel makes up (/proc, /sys, /dev).
package rootfs
