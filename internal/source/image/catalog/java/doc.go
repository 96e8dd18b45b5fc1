// Package java reads what is packed into Java archives: by the coordinates that
// Maven leaves inside, by the manifest, and by the name of the file; also in
// archives within archives.
//
// It unpacks no classes and knows them by no fingerprint: an archive that was
// stripped of all three names is not recognised.
package java
