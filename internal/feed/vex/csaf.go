package vex

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// The fields of CSAF 2.0 that foil reads.
type (
	csafDocument struct {
		Document struct {
			Publisher struct {
				Name string `json:"name"`
			} `json:"publisher"`
			Tracking struct {
				Current string `json:"current_release_date"`
			} `json:"tracking"`
		} `json:"document"`
		Tree            csafTree   `json:"product_tree"`
		Vulnerabilities []csafFlaw `json:"vulnerabilities"`
	}
	csafFlaw struct {
		CVE string `json:"cve"`
		IDs []struct {
			Text string `json:"text"`
		} `json:"ids"`
		Status       csafStatus   `json:"product_status"`
		Flags        []csafRemark `json:"flags"`
		Threats      []csafRemark `json:"threats"`
		Remediations []csafRemark `json:"remediations"`
	}
	csafStatus struct {
		NotAffected        []string `json:"known_not_affected"`
		Affected           []string `json:"known_affected"`
		FirstAffected      []string `json:"first_affected"`
		LastAffected       []string `json:"last_affected"`
		Fixed              []string `json:"fixed"`
		FirstFixed         []string `json:"first_fixed"`
		UnderInvestigation []string `json:"under_investigation"`
	}
	// csafRemark is a flag, a threat or a remediation, of some products.
	csafRemark struct {
		Label    string   `json:"label"`
		Category string   `json:"category"`
		Details  string   `json:"details"`
		Products []string `json:"product_ids"`
		Groups   []string `json:"group_ids"`
	}
)

func csaf(data []byte) ([]Statement, error) {
	var d csafDocument
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, fmt.Errorf("read it as CSAF: %w", err)
	}
	products, err := d.Tree.products()
	if err != nil {
		return nil, err
	}
	r := csafReader{products: products, groups: d.Tree.groups(), author: d.Document.Publisher.Name, at: firstTime(d.Document.Tracking.Current)}
	for i := range d.Vulnerabilities {
		if r.flaw(&d.Vulnerabilities[i]); r.named > mostProducts {
			return nil, errTooMany
		}
	}
	return r.statements, nil
}

type csafReader struct {
	products   map[string]Product
	groups     map[string][]string
	author     string
	at         time.Time
	statements []Statement
	named      int // products, by remarks and statuses
}

// remarks are what a flaw says of one product beside the status.
type remarks struct{ justification, impact, action string }

func (r *csafReader) flaw(f *csafFlaw) {
	said := map[string]remarks{}
	r.each(f.Flags, said, func(m *remarks, text csafRemark) { m.justification = text.Label })
	r.each(f.Threats, said, func(m *remarks, text csafRemark) {
		if text.Category == "impact" {
			m.impact = text.Details
		}
	})
	r.each(f.Remediations, said, func(m *remarks, text csafRemark) { m.action = text.Details })
	for _, group := range []struct {
		status   Status
		products []string
	}{
		{NotAffected, f.Status.NotAffected}, {Affected, slices.Concat(f.Status.Affected, f.Status.FirstAffected, f.Status.LastAffected)},
		{Fixed, slices.Concat(f.Status.Fixed, f.Status.FirstFixed)}, {UnderInvestigation, f.Status.UnderInvestigation},
	} {
		r.status(f, group.status, group.products, said)
	}
}

// each notes remarks for the products that they are about.
func (r *csafReader) each(list []csafRemark, said map[string]remarks, set func(*remarks, csafRemark)) {
	for _, text := range list {
		ids := text.Products
		for _, group := range text.Groups {
			if r.named += len(r.groups[group]); r.named > mostProducts {
				return
			}
			ids = slices.Concat(ids, r.groups[group])
		}
		for _, id := range ids {
			m := said[id]
			set(&m, text)
			said[id] = m
		}
	}
}

// status makes one statement of all products with the same remarks.
func (r *csafReader) status(f *csafFlaw, status Status, ids []string, said map[string]remarks) {
	grouped := map[remarks][]Product{}
	r.named += len(ids)
	for _, id := range ids {
		m := said[id]
		if status != NotAffected {
			m.justification, m.impact = "", ""
		}
		if p, known := r.products[id]; known {
			grouped[m] = append(grouped[m], p)
		}
	}
	id, aliases := f.names()
	first := len(r.statements)
	for m, products := range grouped {
		r.statements = append(r.statements, Statement{
			Vulnerability: id, Aliases: aliases, Products: products, Status: status, Author: r.author, Timestamp: r.at,
			Justification: m.justification, Impact: m.impact, Action: m.action,
		})
	}
	slices.SortFunc(r.statements[first:], func(a, b Statement) int {
		return cmp.Or(cmp.Compare(a.Justification, b.Justification), cmp.Compare(a.Impact, b.Impact), cmp.Compare(a.Action, b.Action))
	})
}

func (f *csafFlaw) names() (id string, aliases []string) {
	id = f.CVE
	for _, other := range f.IDs {
		if id == "" {
			id = other.Text
		} else if other.Text != "" {
			aliases = append(aliases, other.Text)
		}
	}
	return id, aliases
}
