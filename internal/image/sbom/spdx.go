package sbom

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/bill"
)

// The fields of SPDX 2.3 that foil writes.
type (
	spdxDocument struct {
		Version       string             `json:"spdxVersion"`
		DataLicense   string             `json:"dataLicense"`
		ID            string             `json:"SPDXID"`
		Name          string             `json:"name"`
		Namespace     string             `json:"documentNamespace"`
		CreationInfo  spdxCreation       `json:"creationInfo"`
		Packages      []spdxPackage      `json:"packages"`
		Licenses      []spdxLicense      `json:"hasExtractedLicensingInfos,omitempty"`
		Relationships []spdxRelationship `json:"relationships"`
	}
	spdxCreation struct {
		Created  string   `json:"created"`
		Creators []string `json:"creators"`
	}
	spdxPackage struct {
		ID               string           `json:"SPDXID"`
		Name             string           `json:"name"`
		Version          string           `json:"versionInfo,omitempty"`
		DownloadLocation string           `json:"downloadLocation"`
		FilesAnalyzed    bool             `json:"filesAnalyzed"`
		SourceInfo       string           `json:"sourceInfo,omitempty"`
		LicenseConcluded string           `json:"licenseConcluded"`
		LicenseDeclared  string           `json:"licenseDeclared"`
		Copyright        string           `json:"copyrightText"`
		Purpose          string           `json:"primaryPackagePurpose"`
		Description      string           `json:"description,omitempty"`
		Checksums        []spdxChecksum   `json:"checksums,omitempty"`
		ExternalRefs     []spdxReference  `json:"externalRefs,omitempty"`
		Annotations      []spdxAnnotation `json:"annotations,omitempty"`
	}
	spdxChecksum struct {
		Algorithm string `json:"algorithm"`
		Value     string `json:"checksumValue"`
	}
	spdxReference struct {
		Category string `json:"referenceCategory"`
		Type     string `json:"referenceType"`
		Locator  string `json:"referenceLocator"`
	}
	spdxAnnotation struct {
		Type      string `json:"annotationType"`
		Date      string `json:"annotationDate"`
		Annotator string `json:"annotator"`
		Comment   string `json:"comment"`
	}
	spdxLicense struct {
		ID   string `json:"licenseId"`
		Name string `json:"name"`
		Text string `json:"extractedText"`
	}
	spdxRelationship struct {
		From string `json:"spdxElementId"`
		Type string `json:"relationshipType"`
		To   string `json:"relatedSpdxElement"`
	}
)

const (
	noAssertion  = "NOASSERTION"
	spdxDocID    = "SPDXRef-DOCUMENT"
	spdxWholeID  = "SPDXRef-Artifact"
	spdxSystemID = "SPDXRef-OperatingSystem"
	namespace    = "https://foil.dev/spdx/"
)

// spdxWriter holds what all parts of the document need.
type spdxWriter struct {
	*document
	date     string
	licenses references
}

func (d *document) spdx() ([]byte, error) {
	w := spdxWriter{document: d, date: d.created.Format(time.RFC3339), licenses: references{byText: map[string]string{}, taken: map[string]bool{}}}
	if !d.hasDate() { // the format asks for a date
		w.date = time.Unix(0, 0).UTC().Format(time.RFC3339)
	}
	out := spdxDocument{
		Version: "SPDX-2.3", DataLicense: "CC0-1.0", ID: spdxDocID, Name: d.Reference,
		CreationInfo:  spdxCreation{w.date, []string{w.tool(), "Organization: foil"}},
		Packages:      []spdxPackage{w.whole()},
		Relationships: []spdxRelationship{{spdxDocID, "DESCRIBES", spdxWholeID}},
	}
	if d.hasSystem() {
		out.Packages = append(out.Packages, w.system())
		out.Relationships = append(out.Relationships, spdxRelationship{spdxWholeID, "CONTAINS", spdxSystemID})
	}
	w.contents(&out)
	out.Licenses = w.licenses.list
	return identified(&out, func(uuid string) { out.Namespace = namespace + uuid })
}

func (w *spdxWriter) contents(out *spdxDocument) {
	for i := range w.packages {
		e := &w.packages[i]
		out.Packages = append(out.Packages, w.pkg(e))
		out.Relationships = append(out.Relationships, spdxRelationship{spdxWholeID, "CONTAINS", spdxID(e.ref)})
		for _, required := range e.requires {
			out.Relationships = append(out.Relationships, spdxRelationship{spdxID(e.ref), "DEPENDS_ON", spdxID(w.packages[required].ref)})
		}
	}
	for _, p := range w.programs {
		file := w.bare(spdxID("file:"+p.Path), p.Path, "FILE")
		file.Annotations = w.annotations(p.properties)
		out.Packages = append(out.Packages, file)
		out.Relationships = append(out.Relationships, spdxRelationship{spdxWholeID, "CONTAINS", file.ID})
	}
}

func (w *spdxWriter) tool() string {
	if w.options.Version == "" {
		return "Tool: foil"
	}
	return "Tool: foil-" + w.options.Version
}

func (w *spdxWriter) bare(id, name, purpose string) spdxPackage {
	return spdxPackage{
		ID: id, Name: name, Purpose: purpose, DownloadLocation: noAssertion, LicenseConcluded: noAssertion, LicenseDeclared: noAssertion, Copyright: noAssertion,
	}
}

func (w *spdxWriter) whole() spdxPackage {
	purpose := "APPLICATION"
	switch {
	case w.isContainer():
		purpose = "CONTAINER"
	case w.Form == artifact.File:
		purpose = "FILE"
	}
	p := w.bare(spdxWholeID, w.Reference, purpose)
	p.Version = w.Digest
	if sum, ok := strings.CutPrefix(w.Digest, "sha256:"); ok {
		p.Checksums = []spdxChecksum{{"SHA256", sum}}
	}
	p.Annotations = w.annotations(w.properties)
	return p
}

func (w *spdxWriter) system() spdxPackage {
	p := w.bare(spdxSystemID, w.systemName(), "OPERATING_SYSTEM")
	p.Version, p.Description, p.Annotations = w.OS.VersionID, w.OS.Name, w.annotations(bill.OfSystem(&w.OS))
	return p
}

func (w *spdxWriter) pkg(e *entry) spdxPackage {
	p := w.bare(spdxID(e.ref), e.Name, "LIBRARY")
	p.Version, p.LicenseDeclared = e.Version, w.licenses.declared(e.Licenses)
	if e.SourceName != "" {
		p.SourceInfo = strings.TrimSpace("built package from: " + e.SourceName + " " + e.SourceVersion)
	}
	if e.PURL != "" {
		p.ExternalRefs = []spdxReference{{"PACKAGE-MANAGER", "purl", e.PURL}}
	}
	properties := slices.Clip(e.properties)
	for _, location := range e.Locations {
		properties = append(properties, bill.Property{Name: bill.Prefix + "location", Value: location})
	}
	p.Annotations = w.annotations(properties)
	return p
}

// annotations carry properties, which the format has no field for.
func (w *spdxWriter) annotations(properties []bill.Property) []spdxAnnotation {
	var out []spdxAnnotation
	for _, p := range properties {
		out = append(out, spdxAnnotation{"OTHER", w.date, w.tool(), p.Name + "=" + p.Value})
	}
	return out
}

// spdxID is an identifier that the format allows.
func spdxID(ref string) string {
	sum := sha256.Sum256([]byte(ref))
	return "SPDXRef-" + hex.EncodeToString(sum[:10])
}
