// Package trust is the vocabulary of signatures on images: what was found, what
// was checked, what came of each check, and why. Verifiers fill it in; the
// analyzer of signatures, the command and the journal read it.
//
// It must not verify or fetch anything itself, and knows no format of
// signatures beyond its name.
package trust
