package sbom

import (
	"encoding/json"
	"fmt"
	"strings"
)

// spdx3Element is any element of an SPDX 3 document, with the fields that foil
// reads.
type spdx3Element struct {
	Type       string          `json:"type"`
	ID         string          `json:"spdxId"`
	Name       string          `json:"name"`
	About      string          `json:"description"`
	Root       []string        `json:"rootElement"`
	PURL       string          `json:"software_packageUrl"`
	Version    string          `json:"software_packageVersion"`
	Purpose    string          `json:"software_primaryPurpose"`
	SourceInfo string          `json:"software_sourceInfo"`
	Expression string          `json:"simplelicensing_licenseExpression"`
	Text       string          `json:"simplelicensing_licenseText"`
	From       string          `json:"from"`
	To         []string        `json:"to"`
	Relation   string          `json:"relationshipType"`
	Subject    string          `json:"subject"`
	Statement  string          `json:"statement"`
	Known      json.RawMessage `json:"externalIdentifier"`
}

// spdx3 reads SPDX 3 in its JSON-LD form, as the elements of SPDX 2 that say the
// same.
func (c *collector) spdx3(data []byte) error {
	var d struct {
		Graph []spdx3Element `json:"@graph"`
	}
	if err := json.Unmarshal(data, &d); err != nil {
		return fmt.Errorf("read it as SPDX 3: %w", err)
	}
	r := spdx3Reader{packages: map[string]int{}, licenses: map[string]string{}}
	for i := range d.Graph {
		r.element(&d.Graph[i])
	}
	for i := range d.Graph {
		r.relation(&d.Graph[i])
	}
	return c.spdx(&r.document)
}

type spdx3Reader struct {
	document spdxDocument
	packages map[string]int    // by id
	licenses map[string]string // expressions by id
}

func (r *spdx3Reader) element(e *spdx3Element) {
	switch e.Type {
	case "SpdxDocument", "software_Sbom", "Bom":
		for _, id := range e.Root {
			r.document.Relationships = append(r.document.Relationships, spdxRelationship{"SPDXRef-DOCUMENT", "DESCRIBES", id})
		}
	case "software_Package":
		r.packages[e.ID] = len(r.document.Packages)
		r.document.Packages = append(r.document.Packages, e.asPackage())
	case "simplelicensing_LicenseExpression":
		r.licenses[e.ID] = e.Expression
	case "expandedlicensing_ListedLicense", "expandedlicensing_CustomLicense", "simplelicensing_SimpleLicensingText":
		r.licenses[e.ID] = e.licenseName()
	}
}

// licenseName is the identifier of a license of the list, which ends its id, or
// what another one is called.
func (e *spdx3Element) licenseName() string {
	if id := e.ID[strings.LastIndexByte(e.ID, '/')+1:]; e.Type == "expandedlicensing_ListedLicense" && id != "" {
		return id
	}
	return shortName(e.Name, e.Text)
}

func (e *spdx3Element) asPackage() spdxPackage {
	p := spdxPackage{ID: e.ID, Name: e.Name, Version: e.Version, About: e.About, SourceInfo: e.SourceInfo, Purpose: spdx2Purpose(e.Purpose)}
	locator := e.PURL
	if locator == "" {
		locator = e.identifier()
	}
	if locator != "" {
		p.References = []spdxReference{{Type: "purl", Locator: locator}}
	}
	return p
}

// identifier is the package URL among the external identifiers.
func (e *spdx3Element) identifier() string {
	var list []struct {
		Type  string `json:"externalIdentifierType"`
		Value string `json:"identifier"`
	}
	if json.Unmarshal(e.Known, &list) != nil {
		return ""
	}
	for _, known := range list {
		if known.Type == "packageUrl" || known.Type == "purl" {
			return known.Value
		}
	}
	return ""
}

func spdx2Purpose(purpose string) string {
	if purpose == "operatingSystem" {
		return "OPERATING_SYSTEM"
	}
	return strings.ToUpper(purpose)
}

func (r *spdx3Reader) relation(e *spdx3Element) {
	switch {
	case e.Type == "Annotation":
		if i, ok := r.packages[e.Subject]; ok {
			p := &r.document.Packages[i]
			p.Annotations = append(p.Annotations, spdxAnnotation{e.Statement})
		}
	case e.Relation == "hasDeclaredLicense" || e.Relation == "hasConcludedLicense":
		i, ok := r.packages[e.From]
		for _, to := range e.To {
			if p := r.licenses[to]; ok && p != "" {
				r.document.Packages[i].license(e.Relation, p)
			}
		}
	case e.Relation == "dependsOn":
		for _, to := range e.To {
			r.document.Relationships = append(r.document.Relationships, spdxRelationship{e.From, "DEPENDS_ON", to})
		}
	}
}

func (p *spdxPackage) license(relation, text string) {
	field := &p.Declared
	if relation == "hasConcludedLicense" {
		field = &p.Concluded
	}
	if *field != "" {
		text = *field + " AND " + text
	}
	*field = text
}
