// Package signature is the analyzer of signatures: images that workloads run,
// or that were scanned by themselves, without a signature, with one that does
// not count, or with one that could not be checked. Images are judged by the
// digest that runs, where a pod says it, and not by the tag, which may have
// moved.
//
// It verifies nothing itself and knows no registry: what is known of an image
// comes from a checker that is handed in, and it is only there when the user
// says whom to trust.
package signature
