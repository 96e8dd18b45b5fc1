// Package registry reads images from registries (OCI distribution spec): their
// documents, and their layers as streams that never touch the disk.
//
// Credentials come from the configuration of Docker and its credential helpers.
// It does not speak to a registry without TLS, unless it is on this machine or
// the user allows it, and never fetches the addresses that foreign layers name.
package registry
