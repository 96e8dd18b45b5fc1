package sbom

import (
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/bill"
)

// The names under which other tools put what the formats have no field for.
const (
	trivy      = "aquasecurity:trivy:"
	syftPrefix = "syft:"
)

// property takes a property of a package over.
func (c *collector) property(p *artifact.Package, source *trivySource, name, value string) {
	switch {
	case strings.HasPrefix(name, bill.Prefix):
		bill.SetPackage(p, name, value)
	case strings.HasPrefix(name, trivy):
		c.trivyProperty(p, source, strings.TrimPrefix(name, trivy), value)
	case strings.HasPrefix(name, syftPrefix):
		c.syftProperty(p, strings.TrimPrefix(name, syftPrefix), value)
	}
}

// trivySource is the source of a package in trivy's parts.
type trivySource struct{ name, epoch, version, release string }

func (s *trivySource) apply(p *artifact.Package) {
	if s.name == "" {
		return
	}
	p.SourceName, p.SourceVersion = s.name, s.version
	if s.release != "" {
		p.SourceVersion += "-" + s.release
	}
	if s.epoch != "" && s.epoch != "0" {
		p.SourceVersion = s.epoch + ":" + p.SourceVersion
	}
}

func (c *collector) trivyProperty(p *artifact.Package, source *trivySource, name, value string) {
	switch name {
	case "SrcName":
		source.name = value
	case "SrcVersion":
		source.version = value
	case "SrcRelease":
		source.release = value
	case "SrcEpoch":
		source.epoch = value
	case "Modularitylabel":
		p.Module = value
	case "FilePath":
		p.Locations = append(p.Locations, c.path(value))
	case "LayerDiffID":
		p.Layer = c.layer(value)
	}
}

// layer is the index of a layer by its digest; -1 when it is not known.
func (c *collector) layer(digest string) int {
	if c.layers == nil {
		c.layers = map[string]int{}
		for i := range c.artifact.Layers {
			c.layers[c.artifact.Layers[i].Digest], c.layers[c.artifact.Layers[i].DiffID] = i, i
		}
	}
	if i, known := c.layers[digest]; known && digest != "" {
		return i
	}
	return -1
}

// syftProperty reads one of syft's.
func (c *collector) syftProperty(p *artifact.Package, name, value string) {
	switch name {
	case "metadata:source", "metadata:originPackage":
		p.SourceName, p.SourceVersion = value, ""
		settleSource(p)
	case "metadata:sourceVersion":
		p.SourceVersion = value
	case "metadata:sourceRpm":
		p.SourceName, p.SourceVersion = splitRPM(value)
	case "metadata:architecture":
		p.Architecture = value
	case "location:0:path":
		p.Locations = append([]string{c.path(value)}, p.Locations...)
	case "location:0:layerID":
		p.Layer = c.layer(value)
	}
}

// syftSystem reads what syft says of an operating system.
func syftSystem(o *artifact.OS, name, value string) {
	switch strings.TrimPrefix(name, "syft:distro:") {
	case "id":
		o.ID = systemID(value)
	case "versionID":
		o.VersionID = value
	case "versionCodename":
		o.Codename = value
	case "prettyName":
		o.Name = value
	}
}
