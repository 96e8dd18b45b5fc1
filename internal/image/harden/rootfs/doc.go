// Package rootfs holds the root file system of an image while it is worked on:
// an index of every entry in memory, and the content of regular files in a
// private folder.
//
// Layers are applied from the lowest up. Names are resolved in the index, never
// by the kernel, so that no link inside an image leads outside of the folder.
// Owners, modes and attributes are those of the image, whoever runs foil.
// Entries are dropped in the index alone; what stays is laid out again in
// another folder, or written as a layer, by those who use the package.
package rootfs
