package vex

import (
	"time"

	"github.com/foilsec/foil/internal/purl"
)

// Status is what a statement says, in the words of OpenVEX.
type Status string

// The statuses.
const (
	NotAffected        Status = "not_affected"
	Affected           Status = "affected"
	Fixed              Status = "fixed"
	UnderInvestigation Status = "under_investigation"
)

// The justifications of NotAffected, the same in OpenVEX and CSAF.
const (
	ComponentNotPresent         = "component_not_present"
	CodeNotPresent              = "vulnerable_code_not_present"
	CodeNotInExecutePath        = "vulnerable_code_not_in_execute_path"
	CodeNotControlledByAttacker = "vulnerable_code_cannot_be_controlled_by_adversary"
	MitigationsExist            = "inline_mitigations_already_exist"
)

// Statement says how some products stand to one flaw.
type Statement struct {
	Vulnerability string
	Aliases       []string
	Products      []Product
	Status        Status
	Justification string // one of the above, of NotAffected
	Impact        string // why it is not affected, in words
	Action        string // what to do, in words
	Author        string
	Timestamp     time.Time
	Source        string // the document
	// Artifact limits a statement to the artifact with this reference: what an
	// image says holds for that image alone.
	Artifact string
}

// Product is a thing that a statement is about: an image, a platform or a
// package. With subcomponents, the statement is about these inside of it.
type Product struct {
	ID            string   // as it is written: a package URL, a reference of an image
	PURL          string   // empty when the document gives none
	CPE           string   // of a platform, "cpe:/o:redhat:enterprise_linux:9"
	Digests       []string // "sha256:…"
	Subcomponents []Product

	url *purl.URL // of PURL, set by prepare
}

// prepare reads the package URLs once. A product that has none, but is written
// as one, is taken at its word.
func (p *Product) prepare() {
	text := p.PURL
	if text == "" {
		text = p.ID
	}
	if purl.Is(text) {
		if u, err := purl.Parse(text); err == nil {
			p.url, p.PURL = &u, u.String()
		}
	}
	for i := range p.Subcomponents {
		p.Subcomponents[i].prepare()
	}
}

// usable reports whether anything can be compared with the product.
func (p *Product) usable() bool {
	return p.url != nil || p.CPE != "" || len(p.Digests) > 0 || p.ID != "" && isReference(p.ID)
}
