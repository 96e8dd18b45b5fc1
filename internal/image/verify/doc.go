// Package verify says who signed an image and whether that counts: signatures
// of Notation by a trust policy and a trust store, signatures of Cosign by keys
// or certificates that the user names. It reads the registry or the layout that
// holds the image, asks the certificate authorities about withdrawn
// certificates, and gives a trust.Result.
//
// It must not write to registries or trust what a registry says of itself: what
// is not proven by a signature, it does not report as true. Why a signature
// does not count is said for each, and "could not be checked" is neither "bad"
// nor "good".
package verify
