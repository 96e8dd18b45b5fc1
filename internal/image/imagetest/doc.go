// Package imagetest makes what tests of signatures need, for real: registries
// on this machine, images in them, certificate authorities that answer about
// withdrawn certificates, an authority of timestamps. Product code must not
// import it.
package imagetest
