package sbom

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/bill"
	"github.com/foilsec/foil/internal/bill/license"
)

// The fields of SPDX 2.2 and 2.3 that foil reads.
type (
	spdxDocument struct {
		Name     string        `json:"name"`
		Packages []spdxPackage `json:"packages"`
		Licenses []struct {
			ID   string `json:"licenseId"`
			Name string `json:"name"`
			Text string `json:"extractedText"`
		} `json:"hasExtractedLicensingInfos"`
		Relationships []spdxRelationship `json:"relationships"`
	}
	spdxPackage struct {
		ID           string           `json:"SPDXID"`
		Name         string           `json:"name"`
		Version      string           `json:"versionInfo"`
		About        string           `json:"description"`
		Purpose      string           `json:"primaryPackagePurpose"`
		SourceInfo   string           `json:"sourceInfo"`
		Declared     string           `json:"licenseDeclared"`
		Concluded    string           `json:"licenseConcluded"`
		References   []spdxReference  `json:"externalRefs"`
		Annotations  []spdxAnnotation `json:"annotations"`
		Attributions []string         `json:"attributionTexts"`
	}
	spdxReference struct {
		Type    string `json:"referenceType"`
		Locator string `json:"referenceLocator"`
	}
	spdxAnnotation struct {
		Comment string `json:"comment"`
	}
	spdxRelationship struct {
		From string `json:"spdxElementId"`
		Type string `json:"relationshipType"`
		To   string `json:"relatedSpdxElement"`
	}
)

// What SPDX writes where nothing is known.
const (
	noAssertion = "NOASSERTION"
	none        = "NONE"
)

func (c *collector) spdxJSON(data []byte) error {
	var d spdxDocument
	if err := json.Unmarshal(data, &d); err != nil {
		return fmt.Errorf("read it as SPDX: %w", err)
	}
	return c.spdx(&d)
}

// spdxReader is a document with its own licenses.
type spdxReader struct {
	*collector
	licenses  map[string]string // texts by LicenseRef
	described map[string]bool   // what the document is about
}

func (c *collector) spdx(d *spdxDocument) error {
	r := spdxReader{collector: c, licenses: map[string]string{}, described: map[string]bool{}}
	for _, l := range d.Licenses {
		r.licenses[l.ID] = shortName(l.Name, l.Text)
	}
	for i := range d.Relationships {
		if l := &d.Relationships[i]; l.Type == "DESCRIBES" && l.From == "SPDXRef-DOCUMENT" {
			r.described[l.To] = true
		}
	}
	for i := range d.Packages {
		if p := &d.Packages[i]; r.isWhole(p) {
			r.spdxWhole(p)
		}
	}
	for i := range d.Packages {
		if p := &d.Packages[i]; !r.isWhole(p) {
			if err := r.pkg(p); err != nil {
				return err
			}
		}
	}
	for i := range d.Relationships {
		c.spdxRelationship(&d.Relationships[i])
	}
	return nil
}

// shortName is what a license of the document's own is called.
func shortName(name, text string) string {
	if name != "" && name != noAssertion {
		return name
	}
	return text
}

// isWhole tells the artifact that the document is about from the packages in
// it. One with a package URL of its own may be both.
func (r *spdxReader) isWhole(p *spdxPackage) bool {
	if !r.described[p.ID] {
		return false
	}
	kind := strings.TrimPrefix(p.purl(), "pkg:")
	return kind == "" || strings.HasPrefix(kind, "oci/") || strings.HasPrefix(kind, "docker/") || p.Purpose == "CONTAINER"
}

func (r *spdxReader) spdxWhole(p *spdxPackage) {
	if p.Purpose == "CONTAINER" && p.Name != "" {
		r.artifact.Reference = p.Name
	}
	if strings.HasPrefix(p.Version, "sha256:") {
		r.artifact.Digest = p.Version
	}
	p.properties(r.whole)
}

func (r *spdxReader) pkg(e *spdxPackage) error {
	switch {
	case e.Purpose == "OPERATING_SYSTEM" || e.Purpose == "OPERATING-SYSTEM":
		r.spdxSystem(e)
		return nil
	case e.Purpose == "FILE" && r.own:
		r.spdxProgram(e)
		return nil
	case e.purl() == "" && (r.described[e.ID] || e.isLockFile()):
		return nil
	}
	entry := component{ref: e.ID, name: e.Name, version: e.Version, purl: e.purl(), licenses: r.declared(e)}
	entry.apply = func(p *artifact.Package) {
		if source, ok := strings.CutPrefix(e.SourceInfo, "built package from: "); ok && !r.own {
			p.SourceName, p.SourceVersion, _ = strings.Cut(source, " ")
			settleSource(p)
		}
		var source trivySource
		e.properties(func(name, value string) {
			if name == bill.Prefix+"location" {
				p.Locations = append(p.Locations, value)
				return
			}
			r.property(p, &source, name, value)
		})
	}
	return r.add(entry)
}

func (r *spdxReader) spdxSystem(e *spdxPackage) {
	o := &r.artifact.OS
	o.ID, o.VersionID = systemID(e.Name), e.Version
	if r.own {
		o.ID, o.Name = "", e.About
	}
	e.properties(func(name, value string) { bill.SetSystem(o, name, value) })
}

func (r *spdxReader) spdxProgram(e *spdxPackage) {
	file := cdxComponent{Name: e.Name}
	e.properties(func(name, value string) { file.Properties = append(file.Properties, cdxProperty{name, value}) })
	r.program(&file)
}

// properties are what tools put into annotations (NAME=VALUE) and attribution
// texts ("NAME: VALUE").
func (p *spdxPackage) properties(each func(name, value string)) {
	for _, a := range p.Annotations {
		if name, value, ok := strings.Cut(a.Comment, "="); ok && strings.HasPrefix(name, bill.Prefix) {
			each(name, value)
		}
	}
	for _, text := range p.Attributions {
		if name, value, ok := strings.Cut(text, ": "); ok {
			each(trivy+name, value)
		}
	}
}

// isLockFile reports whether trivy lists a lock file as a package.
func (p *spdxPackage) isLockFile() bool {
	found := false
	p.properties(func(name, _ string) { found = found || name == trivy+"Class" })
	return found
}

func (p *spdxPackage) purl() string {
	for _, r := range p.References {
		if r.Type == "purl" {
			return r.Locator
		}
	}
	return ""
}

// declared are the licenses of a package, those that the document explains by
// what they are called.
func (r *spdxReader) declared(p *spdxPackage) []string {
	expression := p.Declared
	if expression == "" || expression == noAssertion || expression == none {
		expression = p.Concluded
	}
	if expression == "" || expression == noAssertion || expression == none {
		return nil
	}
	parts := license.Conjuncts(expression)
	for i, part := range parts {
		if text, ok := r.licenses[part]; ok {
			parts[i] = text
		}
	}
	return parts
}

func (c *collector) spdxRelationship(r *spdxRelationship) {
	switch r.Type {
	case "DEPENDS_ON":
		c.require(r.From, r.To)
	case "DEPENDENCY_OF", "RUNTIME_DEPENDENCY_OF":
		c.require(r.To, r.From)
	}
}
