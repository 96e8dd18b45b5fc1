package sbom

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/bill"
)

// The fields of CycloneDX 1.2 to 1.6 that foil reads, in JSON and in XML.
type (
	cdxDocument struct {
		Format          string          `json:"bomFormat" xml:"-"`
		Metadata        cdxMetadata     `json:"metadata" xml:"metadata"`
		Components      []cdxComponent  `json:"components" xml:"components>component"`
		Dependencies    []cdxDependency `json:"dependencies" xml:"dependencies>dependency"`
		Vulnerabilities []struct {
			ID string `json:"id" xml:"id"`
		} `json:"vulnerabilities" xml:"vulnerabilities>vulnerability"`
	}
	cdxMetadata struct {
		Component cdxComponent `json:"component" xml:"component"`
	}
	cdxComponent struct {
		Type       string         `json:"type" xml:"type,attr"`
		Ref        string         `json:"bom-ref" xml:"bom-ref,attr"`
		Group      string         `json:"group" xml:"group"`
		Name       string         `json:"name" xml:"name"`
		Version    string         `json:"version" xml:"version"`
		About      string         `json:"description" xml:"description"`
		PURL       string         `json:"purl" xml:"purl"`
		Licenses   cdxLicenses    `json:"licenses" xml:"licenses"`
		Evidence   cdxEvidence    `json:"evidence" xml:"evidence"`
		Properties []cdxProperty  `json:"properties" xml:"properties>property"`
		Components []cdxComponent `json:"components" xml:"components>component"`
	}
	cdxProperty struct {
		Name  string `json:"name" xml:"name,attr"`
		Value string `json:"value" xml:",chardata"`
	}
	cdxEvidence struct {
		Occurrences []struct {
			Location string `json:"location" xml:"location"`
		} `json:"occurrences" xml:"occurrences>occurrence"`
	}
	cdxDependency struct {
		Ref       string          `json:"ref" xml:"ref,attr"`
		DependsOn []string        `json:"dependsOn" xml:"-"`
		Nested    []cdxDependency `json:"-" xml:"dependency"`
	}
)

// mostNesting is how deep components may stand in components.
const mostNesting = 50

func (c *collector) cycloneDXJSON(data []byte) error {
	var d cdxDocument
	if err := json.Unmarshal(data, &d); err != nil {
		return fmt.Errorf("read it as CycloneDX: %w", err)
	}
	if len(d.Vulnerabilities) > 0 {
		c.artifact.Documents = append(c.artifact.Documents, artifact.Document{Path: c.name, Layer: -1, Kind: "cyclonedx", Content: data})
	}
	return c.cycloneDX(&d)
}

func (c *collector) cycloneDXML(data []byte) error {
	var d cdxDocument
	if err := xml.Unmarshal(data, &d); err != nil {
		return fmt.Errorf("read it as CycloneDX in XML: %w", err)
	}
	for i := range d.Dependencies {
		for _, to := range d.Dependencies[i].Nested {
			d.Dependencies[i].DependsOn = append(d.Dependencies[i].DependsOn, to.Ref)
		}
	}
	return c.cycloneDX(&d)
}

func (c *collector) cycloneDX(d *cdxDocument) error {
	c.cdxWhole(&d.Metadata.Component)
	if err := c.cdxComponents(d.Metadata.Component.Components, 1); err != nil {
		return err
	}
	if err := c.cdxComponents(d.Components, 0); err != nil {
		return err
	}
	for i := range d.Dependencies {
		for _, to := range d.Dependencies[i].DependsOn {
			c.require(d.Dependencies[i].Ref, to)
		}
	}
	return nil
}

// cdxWhole reads what the document is about.
func (c *collector) cdxWhole(whole *cdxComponent) {
	if whole.Type == "container" && whole.Name != "" {
		c.artifact.Reference = whole.Name
	}
	if strings.HasPrefix(whole.Version, "sha256:") {
		c.artifact.Digest = whole.Version
	}
	for _, p := range whole.Properties {
		c.whole(p.Name, p.Value)
	}
}

// whole takes a property of the artifact over.
func (c *collector) whole(name, value string) {
	switch {
	case strings.HasPrefix(name, bill.Prefix):
		c.own = true
		if _, err := bill.SetArtifact(c.artifact, name, value); err != nil {
			c.unread.add(err.Error())
		}
	case name == trivy+"DiffID":
		c.artifact.Layers = append(c.artifact.Layers, artifact.Layer{Index: len(c.artifact.Layers), DiffID: value})
	case name == trivy+"ImageID":
		c.artifact.ConfigID = value
	}
}

func (c *collector) cdxComponents(list []cdxComponent, depth int) error {
	if depth > mostNesting {
		return fmt.Errorf("components are nested more than %d deep", mostNesting)
	}
	for i := range list {
		if err := c.cdxComponent(&list[i]); err != nil {
			return err
		}
		if err := c.cdxComponents(list[i].Components, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (c *collector) cdxComponent(e *cdxComponent) error {
	switch {
	case e.Type == "operating-system":
		c.cdxSystem(e)
		return nil
	case e.Type == "file" && c.own:
		c.program(e)
		return nil
	case e.PURL == "" && !c.own && !cdxIsPackage(e):
		return nil
	}
	entry := component{ref: e.Ref, name: e.Name, version: e.Version, purl: e.PURL, licenses: e.Licenses.texts()}
	if e.Group != "" && !strings.HasPrefix(e.Name, e.Group) {
		entry.name = e.Group + "/" + e.Name
	}
	for _, o := range e.Evidence.Occurrences {
		entry.locations = append(entry.locations, c.path(o.Location))
	}
	entry.apply = func(p *artifact.Package) {
		var source trivySource
		for _, property := range e.Properties {
			c.property(p, &source, property.Name, property.Value)
		}
		source.apply(p)
	}
	return c.add(entry)
}

// cdxIsPackage tells packages from files, devices and data. A lock file that
// trivy lists as an application is none.
func cdxIsPackage(e *cdxComponent) bool {
	switch e.Type {
	case "library", "framework":
		return true
	case "application":
		for _, p := range e.Properties {
			if p.Name == trivy+"Class" || p.Name == trivy+"Type" {
				return false
			}
		}
		return true
	}
	return false
}

func (c *collector) cdxSystem(e *cdxComponent) {
	o := &c.artifact.OS
	if o.ID != "" {
		return
	}
	o.ID, o.VersionID = systemID(e.Name), e.Version
	if c.own {
		o.ID, o.Name = "", e.About
	}
	for _, p := range e.Properties {
		if !bill.SetSystem(o, p.Name, p.Value) {
			syftSystem(o, p.Name, p.Value)
		}
	}
}

// program reads what foil writes about an executable.
func (c *collector) program(e *cdxComponent) {
	p := artifact.Program{Path: e.Name, Layer: -1}
	for _, property := range e.Properties {
		if _, err := bill.SetProgram(&p, property.Name, property.Value); err != nil {
			c.unread.add(err.Error())
			return
		}
	}
	c.artifact.Programs = append(c.artifact.Programs, p)
}

// path is a path as artifacts write it, without a leading slash.
func (c *collector) path(text string) string {
	if c.own {
		return text
	}
	return strings.TrimPrefix(text, "/")
}
