// Package sbom writes an artifact as a bill of materials: CycloneDX 1.6 or SPDX
// 2.3, both as JSON. The same artifact gives the same bytes: identifiers are made
// from the content, and the date is that of the artifact.
//
// It is given an artifact and a writer, and reads nothing else. What neither
// format has a field for stands in properties, see package bill; internal/source/sbom
// reads both back.
package sbom
