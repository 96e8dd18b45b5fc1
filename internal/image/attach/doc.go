// Package attach stores a document beside an image, as an artifact that names
// the image as its subject: a bill of materials, or statements on its flaws.
// Registries without the API for that get the index under a tag in its place,
// as the OCI distribution specification has it.
//
// It takes the bytes as they are and reads no image. What it writes depends on
// them alone, so that attaching the same document twice leaves one.
package attach
