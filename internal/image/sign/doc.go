// Package sign puts signatures of the Notary Project on images, where they are:
// in a registry or in a folder of the OCI image layout. Keys come from files or
// stay in a plugin of Notation.
//
// It changes no image: a signature is stored beside it. It must not print,
// keep or pass on a key, and decides nothing about trust.
package sign
