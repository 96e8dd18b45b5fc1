package harden

import (
	"io"

	"github.com/foilsec/foil/internal/feed/vex"
)

// WriteVEX states as OpenVEX that the flaws of what went are not in the result.
// A scan of the result finds nothing there to match; the statements are for
// those who have a list of the flaws of the image before.
func (r *Report) WriteVEX(w io.Writer, version string) error {
	d := vex.Document{Author: "foil image harden", Role: "Document Creator", Tooling: "foil " + version, Timestamp: r.Created}
	at := map[string]int{} // by flaw: its statement
	for _, f := range r.Gone {
		n, known := at[f.ID]
		if !known {
			n = len(d.Statements)
			at[f.ID] = n
			d.Statements = append(d.Statements, r.absent(f.ID))
		}
		parts := &d.Statements[n].Products[0].Subcomponents
		*parts = append(*parts, vex.Product{ID: f.PURL, PURL: f.PURL})
	}
	return vex.WriteOpenVEX(w, d)
}

// absent is the statement about a flaw, without the packages.
func (r *Report) absent(flaw string) vex.Statement {
	product := vex.Product{ID: r.Reference, Digests: []string{r.Written}}
	if product.ID == "" {
		product.ID = r.Output
	}
	return vex.Statement{
		Vulnerability: flaw, Products: []vex.Product{product}, Status: vex.NotAffected, Justification: vex.ComponentNotPresent,
		Impact: "The package was removed from the image, since nothing in it used the package (evidence: " + r.Evidence + ").",
	}
}
