// Package layout finds the image in what holds one as files: an OCI image layout,
// as a folder or as a tar, and the tar of "docker save". Layers are opened where
// they lie.
//
// It reads through the narrow interface [Files], and never outside the folder or
// the archive, whatever links and digests say.
package layout
