// Package oci holds the documents of a container image (index, manifest,
// configuration; OCI image spec and Docker's older forms) and finds the one
// image that is asked for among them. Every document is compared with the digest
// by which it was named.
//
// It does not know where documents are stored: registries, folders, archives and
// daemons give it a [Store]. It never reads layers.
package oci
