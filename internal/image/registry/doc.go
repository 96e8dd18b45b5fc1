// Package registry opens the place where an image is stored, a repository of a
// registry or a folder in the OCI image layout, so that what hangs on the image
// can be read: its manifest, its referrers, tags with agreed names, small blobs.
//
// It must not read layers, and judges nothing. Every byte it hands out has the
// digest that it was asked for. Credentials come from the files of docker login
// and go to the registry alone.
package registry
