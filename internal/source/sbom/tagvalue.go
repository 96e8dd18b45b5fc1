package sbom

import (
	"bytes"
	"fmt"
	"strings"
)

// spdxTags reads SPDX 2 in its form of lines, "Tag: value". What belongs to a
// package follows its PackageName. A text in <text> tags may go over lines.
func (c *collector) spdxTags(data []byte) error {
	t := tagReader{inPackage: true}
	rest := string(data)
	for rest != "" {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		tag, value, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		value = strings.TrimSpace(value)
		if opened, found := strings.CutPrefix(value, "<text>"); found {
			if value, rest, ok = textOf(opened, rest); !ok {
				return fmt.Errorf("a <text> of the tag %s has no end", tag)
			}
		}
		t.set(strings.TrimSpace(tag), strings.TrimSpace(value))
	}
	if len(t.document.Packages) == 0 && !bytes.Contains(data, []byte("SPDXID")) {
		return fmt.Errorf("it holds no SPDX elements")
	}
	return c.spdx(&t.document)
}

// textOf reads a text to its end, in the line that opened it or a later one.
func textOf(opened, later string) (text, rest string, ok bool) {
	const end = "</text>"
	if text, _, ok = strings.Cut(opened, end); ok {
		return text, later, true
	}
	text, rest, ok = strings.Cut(later, end)
	_, rest, _ = strings.Cut(rest, "\n") // nothing follows in the line that ends it
	return opened + "\n" + text, rest, ok
}

type tagReader struct {
	document  spdxDocument
	inPackage bool // files and snippets have tags of the same names
}

func (t *tagReader) set(tag, value string) {
	switch tag {
	case "PackageName":
		t.inPackage = true
		t.document.Packages = append(t.document.Packages, spdxPackage{Name: value})
	case "FileName", "SnippetSPDXID":
		t.inPackage = false
	case "LicenseID":
		t.inPackage = false
		t.license(value, "", "")
	case "LicenseName":
		t.license("", value, "")
	case "ExtractedText":
		t.license("", "", value)
	case "Relationship":
		if f := strings.Fields(value); len(f) == 3 {
			t.document.Relationships = append(t.document.Relationships, spdxRelationship{From: f[0], Type: f[1], To: f[2]})
		}
	default:
		if n := len(t.document.Packages); n > 0 && t.inPackage {
			t.document.Packages[n-1].tag(tag, value)
		}
	}
}

// license begins a license with its id, or adds to the last one.
func (t *tagReader) license(id, name, text string) {
	list := &t.document.Licenses
	if id != "" {
		*list = append(*list, struct {
			ID   string `json:"licenseId"`
			Name string `json:"name"`
			Text string `json:"extractedText"`
		}{ID: id})
		return
	}
	if n := len(*list); n > 0 {
		last := &(*list)[n-1]
		last.Name, last.Text = last.Name+name, last.Text+text
	}
}

func (p *spdxPackage) tag(tag, value string) {
	switch tag {
	case "SPDXID":
		p.ID = value
	case "PackageVersion":
		p.Version = value
	case "PackageDescription":
		p.About = value
	case "PrimaryPackagePurpose":
		p.Purpose = value
	case "PackageSourceInfo":
		p.SourceInfo = value
	case "PackageLicenseDeclared":
		p.Declared = value
	case "PackageLicenseConcluded":
		p.Concluded = value
	case "PackageAttributionText":
		p.Attributions = append(p.Attributions, value)
	case "ExternalRef":
		if f := strings.Fields(value); len(f) == 3 {
			p.References = append(p.References, spdxReference{Type: f[1], Locator: f[2]})
		}
	}
}
