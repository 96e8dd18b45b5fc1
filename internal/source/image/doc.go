// Package image reads container images, root folders and single files, wherever
// they are kept, and says what is inside: packages, programs, the operating
// system, credentials, and of each the layer that brought it.
//
// It reads each layer once, as a stream (package layer), keeps the result by
// layer, lays the layers over each other (package tree) and settles what they
// mean together. What single files say it leaves to a catalog. It never unpacks
// an image to disk, judges nothing and knows no advisory; what it could not read
// is a gap of the artifact.
package image
