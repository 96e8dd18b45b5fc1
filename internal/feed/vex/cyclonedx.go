package vex

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

// The fields of CycloneDX that foil reads for its analyses.
type (
	cdxDocument struct {
		Metadata struct {
			Timestamp string       `json:"timestamp"`
			Component cdxComponent `json:"component"`
			Supplier  struct {
				Name string `json:"name"`
			} `json:"supplier"`
			Authors []struct {
				Name string `json:"name"`
			} `json:"authors"`
		} `json:"metadata"`
		Components      []cdxComponent `json:"components"`
		Vulnerabilities []cdxFlaw      `json:"vulnerabilities"`
	}
	cdxComponent struct {
		Ref        string         `json:"bom-ref"`
		Type       string         `json:"type"`
		Name       string         `json:"name"`
		Version    string         `json:"version"`
		PURL       string         `json:"purl"`
		Components []cdxComponent `json:"components"`
	}
	cdxFlaw struct {
		ID         string `json:"id"`
		References []struct {
			ID string `json:"id"`
		} `json:"references"`
		Published string `json:"updated"`
		Analysis  struct {
			State         string   `json:"state"`
			Justification string   `json:"justification"`
			Response      []string `json:"response"`
			Detail        string   `json:"detail"`
			First         string   `json:"firstIssued"`
			Last          string   `json:"lastUpdated"`
		} `json:"analysis"`
		Affects []struct {
			Ref string `json:"ref"`
		} `json:"affects"`
	}
)

func cycloneDX(data []byte) ([]Statement, error) {
	var d cdxDocument
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, fmt.Errorf("read it as CycloneDX: %w", err)
	}
	known := map[string]Product{}
	d.collect(d.Components, known, 0)
	d.collect([]cdxComponent{d.Metadata.Component}, known, 0)
	var list []Statement
	for i := range d.Vulnerabilities {
		if st := d.statement(&d.Vulnerabilities[i], known); st.Status != "" {
			list = append(list, st)
		}
	}
	return list, nil
}

const mostNesting = 50

func (d *cdxDocument) collect(list []cdxComponent, known map[string]Product, depth int) {
	if depth > mostNesting {
		return
	}
	for i := range list {
		if c := &list[i]; c.Ref != "" {
			known[c.Ref] = c.product()
		}
		d.collect(list[i].Components, known, depth+1)
	}
}

func (c *cdxComponent) product() Product {
	p := Product{PURL: c.PURL}
	if c.Type == "container" {
		p.ID = c.Name
		if strings.HasPrefix(c.Version, "sha256:") {
			p.ID, p.Digests = "", []string{c.Version}
		}
	}
	return p
}

func (d *cdxDocument) statement(f *cdxFlaw, known map[string]Product) Statement {
	a := &f.Analysis
	st := Statement{
		Vulnerability: f.ID, Status: cdxStatus(a.State), Author: d.author(), Timestamp: firstTime(a.Last, a.First, f.Published, d.Metadata.Timestamp),
		Action: strings.Join(a.Response, ", "),
	}
	for _, r := range f.References {
		if r.ID != "" && r.ID != f.ID {
			st.Aliases = append(st.Aliases, r.ID)
		}
	}
	if st.Status == NotAffected {
		st.Justification, st.Impact = cdxJustification(a.Justification), a.Detail
		if st.Justification == "" && a.State == "false_positive" && st.Impact == "" {
			st.Impact = a.State
		}
	}
	for _, affected := range f.Affects {
		st.Products = append(st.Products, cdxProduct(affected.Ref, known))
	}
	return st
}

func (d *cdxDocument) author() string {
	if len(d.Metadata.Authors) > 0 && d.Metadata.Authors[0].Name != "" {
		return d.Metadata.Authors[0].Name
	}
	return d.Metadata.Supplier.Name
}

// cdxProduct is the component behind a reference: of this document, of another
// one by BOM-Link, or a package URL.
func cdxProduct(ref string, known map[string]Product) Product {
	if p, ok := known[ref]; ok {
		return p
	}
	if strings.HasPrefix(ref, "urn:cdx:") {
		_, fragment, _ := strings.Cut(ref, "#")
		if decoded, err := url.PathUnescape(fragment); err == nil {
			fragment = decoded
		}
		if p, ok := known[fragment]; ok {
			return p
		}
		ref = fragment
	}
	return Product{PURL: ref}
}

func cdxStatus(state string) Status {
	switch state {
	case "resolved", "resolved_with_pedigree":
		return Fixed
	case "exploitable":
		return Affected
	case "in_triage":
		return UnderInvestigation
	case "false_positive", "not_affected":
		return NotAffected
	}
	return ""
}

func cdxJustification(text string) string {
	switch text {
	case "code_not_present":
		return CodeNotPresent
	case "code_not_reachable":
		return CodeNotInExecutePath
	case "requires_configuration", "requires_dependency", "requires_environment":
		return CodeNotControlledByAttacker
	case "protected_by_compiler", "protected_at_runtime", "protected_at_perimeter", "protected_by_mitigating_control":
		return MitigationsExist
	}
	return ""
}
