package vex

import (
	"encoding/json"
	"fmt"
	"time"
)

// The fields of OpenVEX 0.2.0 and of the versions before it. What was a text
// before may be an object now.
type (
	openVEXDocument struct {
		Author     string             `json:"author"`
		Timestamp  string             `json:"timestamp"`
		Updated    string             `json:"last_updated"`
		Statements []openVEXStatement `json:"statements"`
	}
	openVEXStatement struct {
		Vulnerability openVEXFlaw      `json:"vulnerability"`
		Timestamp     string           `json:"timestamp"`
		Updated       string           `json:"last_updated"`
		Products      []openVEXProduct `json:"products"`
		Subcomponents []openVEXProduct `json:"subcomponents"` // before 0.2.0, of all products
		Status        Status           `json:"status"`
		Justification string           `json:"justification"`
		Impact        string           `json:"impact_statement"`
		Action        string           `json:"action_statement"`
	}
	openVEXFlaw struct {
		ID      string   `json:"@id"`
		Name    string   `json:"name"`
		Aliases []string `json:"aliases"`
	}
	openVEXProduct struct {
		ID          string `json:"@id"`
		Identifiers struct {
			PURL  string `json:"purl"`
			CPE22 string `json:"cpe22"`
			CPE23 string `json:"cpe23"`
		} `json:"identifiers"`
		Hashes        map[string]string `json:"hashes"`
		Subcomponents []openVEXProduct  `json:"subcomponents"`
	}
)

// UnmarshalJSON reads the object, or the text that it was before 0.2.0.
func (f *openVEXFlaw) UnmarshalJSON(data []byte) error {
	type object openVEXFlaw
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &f.Name)
	}
	return json.Unmarshal(data, (*object)(f))
}

// UnmarshalJSON reads the object, or the text that it was before 0.2.0.
func (p *openVEXProduct) UnmarshalJSON(data []byte) error {
	type object openVEXProduct
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &p.ID)
	}
	return json.Unmarshal(data, (*object)(p))
}

func openVEX(data []byte) ([]Statement, error) {
	var d openVEXDocument
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, fmt.Errorf("read it as OpenVEX: %w", err)
	}
	list := make([]Statement, 0, len(d.Statements))
	named := 0
	for i := range d.Statements {
		e := &d.Statements[i]
		st := Statement{
			Vulnerability: e.Vulnerability.name(), Aliases: e.Vulnerability.Aliases, Status: e.Status,
			Justification: e.Justification, Impact: e.Impact, Action: e.Action, Author: d.Author,
		}
		st.Timestamp = firstTime(e.Updated, e.Timestamp, d.Updated, d.Timestamp)
		for _, p := range e.Products {
			if len(p.Subcomponents) == 0 {
				p.Subcomponents = e.Subcomponents
			}
			if named += 1 + len(p.Subcomponents); named > mostProducts {
				return nil, errTooMany
			}
			st.Products = append(st.Products, p.product())
		}
		list = append(list, st)
	}
	return list, nil
}

func (f *openVEXFlaw) name() string {
	if f.Name != "" {
		return f.Name
	}
	return f.ID
}

func (p *openVEXProduct) product() Product {
	out := Product{ID: p.ID, PURL: p.Identifiers.PURL, CPE: p.Identifiers.CPE23}
	if out.CPE == "" {
		out.CPE = p.Identifiers.CPE22
	}
	if sum := p.Hashes["sha-256"]; sum != "" {
		out.Digests = []string{"sha256:" + sum}
	}
	for i := range p.Subcomponents {
		inner := p.Subcomponents[i]
		inner.Subcomponents = nil // the form knows one level
		out.Subcomponents = append(out.Subcomponents, inner.product())
	}
	return out
}

// firstTime is the first of some times that can be read; the zero time when
// none can.
func firstTime(texts ...string) time.Time {
	for _, text := range texts {
		if at, err := time.Parse(time.RFC3339, text); err == nil {
			return at.UTC()
		}
	}
	return time.Time{}
}
