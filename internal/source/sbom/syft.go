package sbom

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/bill/license"
	"github.com/foilsec/foil/internal/purl"
)

// The fields of syft's own JSON that foil reads.
type (
	syftDocument struct {
		Artifacts     []syftPackage      `json:"artifacts"`
		Relationships []syftRelationship `json:"artifactRelationships"`
		Source        struct {
			Name     string          `json:"name"`
			Type     string          `json:"type"`
			Metadata json.RawMessage `json:"metadata"`
			Target   json.RawMessage `json:"target"` // before 2023
		} `json:"source"`
		Distro struct {
			ID        string          `json:"id"`
			VersionID string          `json:"versionID"`
			Codename  string          `json:"versionCodename"`
			Pretty    string          `json:"prettyName"`
			Like      json.RawMessage `json:"idLike"`
		} `json:"distro"`
	}
	syftPackage struct {
		ID        string            `json:"id"`
		Name      string            `json:"name"`
		Version   string            `json:"version"`
		PURL      string            `json:"purl"`
		Locations []syftLocation    `json:"locations"`
		Licenses  []json.RawMessage `json:"licenses"`
		Metadata  json.RawMessage   `json:"metadata"`
	}
	syftLocation struct {
		Path  string `json:"path"`
		Layer string `json:"layerID"`
	}
	syftRelationship struct {
		Parent string `json:"parent"`
		Child  string `json:"child"`
		Type   string `json:"type"`
	}
	syftImage struct {
		Input    string `json:"userInput"`
		ImageID  string `json:"imageID"`
		Manifest string `json:"manifestDigest"`
		Arch     string `json:"architecture"`
		OS       string `json:"os"`
		Layers   []struct {
			Digest string `json:"digest"`
			Size   int64  `json:"size"`
		} `json:"layers"`
	}
	syftMetadata struct {
		Source        string `json:"source"`
		SourceVersion string `json:"sourceVersion"`
		Origin        string `json:"originPackage"`
		SourceRPM     string `json:"sourceRpm"`
		Module        string `json:"modularityLabel"`
		Architecture  string `json:"architecture"`
	}
)

func (c *collector) syft(data []byte) error {
	var d syftDocument
	if err := json.Unmarshal(data, &d); err != nil {
		return fmt.Errorf("read it as JSON of syft: %w", err)
	}
	c.syftSource(&d)
	c.artifact.OS = artifact.OS{
		ID: systemID(d.Distro.ID), VersionID: d.Distro.VersionID, Codename: d.Distro.Codename, Name: d.Distro.Pretty, Like: oneOrMore(d.Distro.Like),
	}
	for i := range d.Artifacts {
		if err := c.syftPackage(&d.Artifacts[i]); err != nil {
			return err
		}
	}
	for _, r := range d.Relationships {
		c.syftRelationship(r)
	}
	return nil
}

// syftSource reads what the document is about. Folders and files keep the name
// of the document: theirs is a path of another machine.
func (c *collector) syftSource(d *syftDocument) {
	if d.Source.Type != "image" {
		return
	}
	metadata := d.Source.Metadata
	if metadata == nil {
		metadata = d.Source.Target
	}
	var image syftImage
	if json.Unmarshal(metadata, &image) != nil {
		return
	}
	a := c.artifact
	if image.Input != "" {
		a.Reference = image.Input
	}
	a.ConfigID, a.Digest = image.ImageID, image.Manifest
	if image.OS != "" {
		a.Platform = image.OS + "/" + image.Arch
	}
	for i, l := range image.Layers {
		a.Layers = append(a.Layers, artifact.Layer{Index: i, DiffID: l.Digest, Size: l.Size})
	}
}

func (c *collector) syftPackage(e *syftPackage) error {
	entry := component{ref: e.ID, name: e.Name, version: e.Version, purl: e.PURL}
	for _, l := range e.Locations {
		entry.locations = append(entry.locations, c.path(l.Path))
	}
	for _, raw := range e.Licenses {
		if text := syftLicense(raw); text != "" {
			entry.licenses = append(entry.licenses, text)
		}
	}
	entry.apply = func(p *artifact.Package) {
		if len(e.Locations) > 0 {
			p.Layer = c.layer(e.Locations[0].Layer)
		}
		var m syftMetadata
		if json.Unmarshal(e.Metadata, &m) == nil {
			m.apply(p)
		}
	}
	return c.add(entry)
}

// syftLicense is a license as older documents write it, a text, or as newer
// ones do, an object.
func syftLicense(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var object struct {
		Value      string `json:"value"`
		Expression string `json:"spdxExpression"`
	}
	if json.Unmarshal(raw, &object) != nil {
		return ""
	}
	if canonical, ok := license.Expression(object.Expression); ok {
		return canonical
	}
	return object.Value
}

func (m *syftMetadata) apply(p *artifact.Package) {
	if m.Module != "" {
		p.Module = m.Module
	}
	if p.Architecture == "" && p.OfSystem() {
		p.Architecture = m.Architecture
	}
	switch {
	case p.Type() == "deb" && m.Source != "":
		p.SourceName, p.SourceVersion = m.Source, m.SourceVersion
	case p.Type() == "apk" && m.Origin != "":
		p.SourceName, p.SourceVersion = m.Origin, ""
	case p.Type() == "rpm" && m.SourceRPM != "":
		p.SourceName, p.SourceVersion = splitRPM(m.SourceRPM)
		return
	default:
		return
	}
	settleSource(p)
}

func (c *collector) syftRelationship(r syftRelationship) {
	switch r.Type {
	case "dependency-of":
		c.require(r.Child, r.Parent)
	case "ownership-by-file-overlap":
		for _, owner := range c.byRef[r.Parent] {
			for _, owned := range c.byRef[r.Child] {
				if p := &c.artifact.Packages[owned]; p.Owner == "" && !p.OfSystem() {
					p.Owner = purl.Normal(c.artifact.Packages[owner].PURL)
				}
			}
		}
	}
}

// oneOrMore reads a text or a list of texts.
func oneOrMore(raw json.RawMessage) []string {
	var list []string
	if json.Unmarshal(raw, &list) == nil {
		return list
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return nil
	}
	return strings.Fields(text)
}
