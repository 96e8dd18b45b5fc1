package intake

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/foilsec/foil/internal/osv"
)

// csafDocument is a document of CSAF 2.0, as far as it is read.
type csafDocument struct {
	Document struct {
		Title     string `json:"title"`
		Severity  words  `json:"aggregate_severity"`
		Publisher struct {
			Namespace string `json:"namespace"`
		} `json:"publisher"`
		Tracking struct {
			ID      string    `json:"id"`
			Current time.Time `json:"current_release_date"`
			Initial time.Time `json:"initial_release_date"`
		} `json:"tracking"`
		References []csafReference `json:"references"`
	} `json:"document"`
	Tree struct {
		Branches      []csafBranch   `json:"branches"`
		Relationships []csafRelation `json:"relationships"`
	} `json:"product_tree"`
	Flaws []csafFlaw `json:"vulnerabilities"`
}

type words struct {
	Text string `json:"text"`
}

type csafReference struct {
	Category string `json:"category"`
	URL      string `json:"url"`
}

type csafBranch struct {
	Branches []csafBranch `json:"branches"`
	Product  struct {
		ID     string `json:"product_id"`
		Helper struct {
			CPE  string `json:"cpe"`
			PURL string `json:"purl"`
		} `json:"product_identification_helper"`
	} `json:"product"`
}

type csafRelation struct {
	Full struct {
		ID string `json:"product_id"`
	} `json:"full_product_name"`
	Component string `json:"product_reference"`
	Platform  string `json:"relates_to_product_reference"`
}

type csafFlaw struct {
	CVE    string              `json:"cve"`
	CWE    struct{ ID string } `json:"cwe"`
	Title  string              `json:"title"`
	Status struct {
		Fixed    []string `json:"fixed"`
		Affected []string `json:"known_affected"`
	} `json:"product_status"`
	Remedies []struct {
		Category string   `json:"category"`
		Products []string `json:"product_ids"`
	} `json:"remediations"`
	Scores []struct {
		V2 struct{ VectorString string } `json:"cvss_v2"`
		V3 struct{ VectorString string } `json:"cvss_v3"`
		V4 struct{ VectorString string } `json:"cvss_v4"`
	} `json:"scores"`
	Threats []struct {
		Category string `json:"category"`
		Details  string `json:"details"`
	} `json:"threats"`
}

// csafFeed is the feed that Red Hat's documents make up.
const csafFeed = "Red Hat CSAF"

// csaf reads a document of Red Hat: an advisory, or what is known of one CVE.
// Products of other publishers are named in ways that foil does not know.
func (r *Reader) csaf(data []byte, o Origin) error {
	var d csafDocument
	if err := json.Unmarshal(data, &d); err != nil {
		return fmt.Errorf("read the CSAF document: %w", err)
	}
	switch {
	case d.Document.Tracking.ID == "":
		return errors.New("the CSAF document has no tracking id")
	case d.Document.Publisher.Namespace != "https://www.redhat.com":
		return fmt.Errorf("the CSAF document is by %.60q: foil reads those of Red Hat", d.Document.Publisher.Namespace)
	case len(d.Flaws) == 0:
		return errors.New("the CSAF document names no vulnerability")
	}
	a := d.advisory()
	if len(a.Affected) == 0 { // says of everything that it is not affected
		return nil
	}
	t := r.feed(csafFeed, "Red Hat", o)
	t.sum.Write(data)
	return r.builder.Add(t.number, a)
}

func (d *csafDocument) advisory() *osv.Advisory {
	a := &osv.Advisory{
		ID: d.Document.Tracking.ID, Modified: d.Document.Tracking.Current, Published: d.Document.Tracking.Initial,
		Summary: d.Document.Title, Rating: strings.ToLower(d.Document.Severity.Text),
	}
	if strings.HasPrefix(a.ID, "CVE-") { // the name of the flaw itself belongs to nobody
		a.ID = "REDHAT-" + a.ID
	}
	for _, ref := range d.Document.References {
		if ref.Category == "self" {
			a.References = append(a.References, osv.Reference{Type: "ADVISORY", URL: ref.URL})
		}
	}
	p := d.products()
	for i := range d.Flaws {
		f := &d.Flaws[i]
		if f.CVE != "" && !slices.Contains(a.Upstream, f.CVE) {
			a.Upstream = append(a.Upstream, f.CVE)
		}
		f.describe(a)
		p.collect(f)
	}
	a.Affected = p.entries
	return a
}

// describe adds what is said of a flaw to the advisory.
func (f *csafFlaw) describe(a *osv.Advisory) {
	if f.CWE.ID != "" && !slices.Contains(a.CWEs, f.CWE.ID) {
		a.CWEs = append(a.CWEs, f.CWE.ID)
	}
	for _, t := range f.Threats {
		if t.Category == "impact" && a.Rating == "" {
			a.Rating = strings.ToLower(t.Details)
		}
	}
	if len(a.Severity) > 0 || len(f.Scores) == 0 {
		return
	}
	s := f.Scores[0]
	for kind, vector := range map[string]string{"CVSS_V2": s.V2.VectorString, "CVSS_V3": s.V3.VectorString, "CVSS_V4": s.V4.VectorString} {
		if vector != "" {
			a.Severity = append(a.Severity, osv.Severity{Type: kind, Score: vector})
		}
	}
	slices.SortFunc(a.Severity, func(x, y osv.Severity) int { return strings.Compare(y.Type, x.Type) })
}
