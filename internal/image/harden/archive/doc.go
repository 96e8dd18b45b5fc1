// Package archive opens an image for reading its layers whole, and writes one.
// What is read is found by package source/image; what is written is an archive
// that is an OCI image layout and that docker load takes.
//
// The digests of what is read are checked. Written bytes depend on the image
// alone: the same image gives the same file. The package does not know what is
// inside of layers.
package archive
