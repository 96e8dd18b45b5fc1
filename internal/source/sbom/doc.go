// Package sbom reads bills of materials of any origin as artifacts: CycloneDX
// (JSON, XML), SPDX 2 (JSON, tag-value), SPDX 3 (JSON-LD), syft's JSON, and lists
// of package URLs.
//
// A document is input that others control: reading it ends in an artifact or an
// error within bounded memory. What a document says and nothing can be made of
// is counted and becomes a gap of the artifact. The package looks up no
// advisories and trusts a document as to what it lists.
package sbom
