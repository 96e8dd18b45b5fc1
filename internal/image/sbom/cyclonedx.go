package sbom

import (
	"time"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/bill"
	"github.com/foilsec/foil/internal/bill/license"
)

// The fields of CycloneDX 1.6 that foil writes.
type (
	cdxDocument struct {
		Schema       string           `json:"$schema"`
		Format       string           `json:"bomFormat"`
		SpecVersion  string           `json:"specVersion"`
		SerialNumber string           `json:"serialNumber,omitempty"`
		Version      int              `json:"version"`
		Metadata     cdxMetadata      `json:"metadata"`
		Components   []cdxComponent   `json:"components"`
		Dependencies []cdxDependency  `json:"dependencies"`
		Compositions []cdxComposition `json:"compositions,omitempty"`
	}
	cdxMetadata struct {
		Timestamp string       `json:"timestamp,omitempty"`
		Tools     cdxTools     `json:"tools"`
		Component cdxComponent `json:"component"`
	}
	cdxTools struct {
		Components []cdxComponent `json:"components"`
	}
	cdxComponent struct {
		Type        string          `json:"type"`
		Ref         string          `json:"bom-ref,omitempty"`
		Group       string          `json:"group,omitempty"`
		Name        string          `json:"name"`
		Version     string          `json:"version,omitempty"`
		Description string          `json:"description,omitempty"`
		Licenses    []cdxLicense    `json:"licenses,omitempty"`
		PURL        string          `json:"purl,omitempty"`
		Evidence    *cdxEvidence    `json:"evidence,omitempty"`
		Properties  []bill.Property `json:"properties,omitempty"`
	}
	cdxLicense struct {
		License    *cdxNamedLicense `json:"license,omitempty"`
		Expression string           `json:"expression,omitempty"`
	}
	cdxNamedLicense struct {
		ID   string `json:"id,omitempty"`
		Name string `json:"name,omitempty"`
	}
	cdxEvidence struct {
		Occurrences []cdxOccurrence `json:"occurrences"`
	}
	cdxOccurrence struct {
		Location string `json:"location"`
	}
	cdxDependency struct {
		Ref       string   `json:"ref"`
		DependsOn []string `json:"dependsOn,omitempty"`
	}
	cdxComposition struct {
		Aggregate  string   `json:"aggregate"`
		Assemblies []string `json:"assemblies"`
	}
)

// The references of what is no package.
const (
	wholeRef  = "artifact"
	systemRef = "operating-system"
)

func (d *document) cycloneDX() ([]byte, error) {
	out := cdxDocument{
		Schema: "http://cyclonedx.org/schema/bom-1.6.schema.json", Format: "CycloneDX", SpecVersion: "1.6", Version: 1,
		Metadata: d.cdxMetadata(), Components: []cdxComponent{},
	}
	if d.hasSystem() {
		out.Components = append(out.Components, cdxComponent{
			Type: "operating-system", Ref: systemRef, Name: d.systemName(), Version: d.OS.VersionID, Description: d.OS.Name, Properties: bill.OfSystem(&d.OS),
		})
	}
	for i := range d.packages {
		out.Components = append(out.Components, d.packages[i].cdx())
	}
	for _, p := range d.programs {
		out.Components = append(out.Components, cdxComponent{Type: "file", Ref: "file:" + p.Path, Name: p.Path, Properties: p.properties})
	}
	out.Dependencies = d.cdxDependencies()
	if len(d.Gaps) > 0 {
		out.Compositions = []cdxComposition{{Aggregate: "incomplete", Assemblies: []string{wholeRef}}}
	}
	return identified(&out, func(uuid string) { out.SerialNumber = "urn:uuid:" + uuid })
}

func (d *document) cdxMetadata() cdxMetadata {
	m := cdxMetadata{
		Tools:     cdxTools{[]cdxComponent{{Type: "application", Name: "foil", Version: d.options.Version}}},
		Component: cdxComponent{Type: d.cdxType(), Ref: wholeRef, Name: d.Reference, Version: d.Digest, Properties: d.properties},
	}
	if d.hasDate() {
		m.Timestamp = d.created.Format(time.RFC3339)
	}
	return m
}

func (d *document) cdxType() string {
	switch {
	case d.isContainer():
		return "container"
	case d.Form == artifact.File:
		return "file"
	}
	return "application"
}

func (d *document) systemName() string {
	if d.OS.ID != "" {
		return d.OS.ID
	}
	return d.OS.Name
}

func (e *entry) cdx() cdxComponent {
	c := cdxComponent{
		Type: "library", Ref: e.ref, Name: e.Name, Version: e.Version, PURL: e.PURL, Licenses: cdxLicenses(e.Licenses), Properties: e.properties,
	}
	if len(e.Locations) > 0 {
		c.Evidence = &cdxEvidence{}
		for _, location := range e.Locations {
			c.Evidence.Occurrences = append(c.Evidence.Occurrences, cdxOccurrence{location})
		}
	}
	return c
}

// cdxLicenses writes licenses as the format asks: either one expression, or a
// list of identifiers and names.
func cdxLicenses(texts []string) []cdxLicense {
	if len(texts) == 1 {
		if e, ok := license.Expression(texts[0]); ok && license.Compound(e) {
			return []cdxLicense{{Expression: e}}
		}
	}
	var out []cdxLicense
	for _, text := range texts {
		if id, ok := license.ID(text); ok {
			out = append(out, cdxLicense{License: &cdxNamedLicense{ID: id}})
		} else if text != "" {
			out = append(out, cdxLicense{License: &cdxNamedLicense{Name: text}})
		}
	}
	return out
}

// cdxDependencies lists what needs what: the artifact its system and what is
// installed beside it, the system its packages, and packages each other.
func (d *document) cdxDependencies() []cdxDependency {
	whole, system := cdxDependency{Ref: wholeRef}, cdxDependency{Ref: systemRef}
	if d.hasSystem() {
		whole.DependsOn = append(whole.DependsOn, systemRef)
	}
	var list []cdxDependency
	for i := range d.packages {
		e := &d.packages[i]
		if d.hasSystem() && e.OfSystem() {
			system.DependsOn = append(system.DependsOn, e.ref)
		} else {
			whole.DependsOn = append(whole.DependsOn, e.ref)
		}
		if len(e.requires) > 0 {
			list = append(list, cdxDependency{Ref: e.ref, DependsOn: d.refs(e.requires)})
		}
	}
	all := []cdxDependency{whole}
	if d.hasSystem() {
		all = append(all, system)
	}
	return append(all, list...)
}

func (d *document) refs(entries []int) []string {
	out := make([]string, len(entries))
	for i, index := range entries {
		out[i] = d.packages[index].ref
	}
	return out
}
