// Package archive reads one image out of a file or folder, and writes one. It
// reads what docker save writes and OCI image layouts, as archives or folders;
// it writes an archive that is both.
//
// Digests are checked while reading. Written bytes depend on the image alone:
// the same image gives the same file. The package does not know what is inside
// of layers.
package archive
