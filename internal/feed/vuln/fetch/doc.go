// Package fetch brings files of feeds from web servers and registries into a
// folder. It knows nothing of what is in them.
//
// It speaks TLS only, unless it is told otherwise, sends nothing but the request
// for the file, and stops at a size and a time.
package fetch
