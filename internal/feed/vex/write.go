package vex

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// Document is what WriteOpenVEX writes.
type Document struct {
	Author     string    // who states it
	Role       string    // "Document Creator"; may be empty
	Tooling    string    // "foil 1.0"; may be empty
	Timestamp  time.Time // of statements without their own too
	Statements []Statement
}

// The fields of OpenVEX 0.2.0 in the order in which they are written.
type (
	writtenDocument struct {
		Context    string             `json:"@context"`
		ID         string             `json:"@id"`
		Author     string             `json:"author"`
		Role       string             `json:"role,omitempty"`
		Timestamp  string             `json:"timestamp"`
		Version    int                `json:"version"`
		Tooling    string             `json:"tooling,omitempty"`
		Statements []writtenStatement `json:"statements"`
	}
	writtenStatement struct {
		Vulnerability writtenFlaw      `json:"vulnerability"`
		Timestamp     string           `json:"timestamp,omitempty"`
		Products      []writtenProduct `json:"products"`
		Status        Status           `json:"status"`
		Justification string           `json:"justification,omitempty"`
		Impact        string           `json:"impact_statement,omitempty"`
		Action        string           `json:"action_statement,omitempty"`
	}
	writtenFlaw struct {
		Name    string   `json:"name"`
		Aliases []string `json:"aliases,omitempty"`
	}
	writtenProduct struct {
		ID            string              `json:"@id"`
		Identifiers   *writtenIdentifiers `json:"identifiers,omitempty"`
		Hashes        *writtenHashes      `json:"hashes,omitempty"`
		Subcomponents []writtenProduct    `json:"subcomponents,omitempty"`
	}
	writtenIdentifiers struct {
		PURL string `json:"purl,omitempty"`
		CPE  string `json:"cpe23,omitempty"`
	}
	writtenHashes struct {
		SHA256 string `json:"sha-256"`
	}
)

// WriteOpenVEX writes a document as OpenVEX 0.2.0. The same document gives the
// same bytes: its id is made from the content. It refuses what the format
// forbids.
func WriteOpenVEX(w io.Writer, d Document) error {
	out := writtenDocument{
		Context: "https://openvex.dev/ns/v0.2.0", Author: d.Author, Role: d.Role, Version: 1, Tooling: d.Tooling,
		Timestamp: d.Timestamp.UTC().Format(time.RFC3339), Statements: []writtenStatement{},
	}
	if d.Author == "" {
		return fmt.Errorf("write VEX: it has no author: say who states it")
	}
	for i := range d.Statements {
		st := &d.Statements[i]
		if err := st.check(); err != nil {
			return fmt.Errorf("write VEX: statement %d (%s): %w", i+1, st.Vulnerability, err)
		}
		out.Statements = append(out.Statements, st.written())
	}
	data, err := encode(&out)
	if err != nil {
		return fmt.Errorf("write VEX: %w", err)
	}
	sum := sha256.Sum256(data)
	out.ID = "https://foil.dev/vex/" + hex.EncodeToString(sum[:])
	if data, err = encode(&out); err != nil {
		return fmt.Errorf("write VEX: %w", err)
	}
	if _, err := w.Write(data); err != nil {
		return fmt.Errorf("write VEX: %w", err)
	}
	return nil
}

func encode(document any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(document)
	return b.Bytes(), err
}

// check finds what OpenVEX forbids.
func (st *Statement) check() error {
	switch {
	case st.Vulnerability == "":
		return fmt.Errorf("it names no vulnerability")
	case len(st.Products) == 0:
		return fmt.Errorf("it names no product")
	}
	switch st.Status {
	case NotAffected:
		if st.Justification == "" && st.Impact == "" {
			return fmt.Errorf("%s needs a justification or an impact statement", st.Status)
		}
	case Affected:
		if st.Action == "" {
			return fmt.Errorf("%s needs an action statement", st.Status)
		}
	case Fixed, UnderInvestigation:
	default:
		return fmt.Errorf("unknown status %q", st.Status)
	}
	return nil
}

func (st *Statement) written() writtenStatement {
	out := writtenStatement{
		Vulnerability: writtenFlaw{st.Vulnerability, st.Aliases}, Status: st.Status, Justification: st.Justification, Impact: st.Impact, Action: st.Action,
	}
	if !st.Timestamp.IsZero() {
		out.Timestamp = st.Timestamp.UTC().Format(time.RFC3339)
	}
	for i := range st.Products {
		out.Products = append(out.Products, st.Products[i].written())
	}
	return out
}

func (p *Product) written() writtenProduct {
	out := writtenProduct{ID: p.ID}
	if out.ID == "" {
		out.ID = p.PURL
	}
	if out.ID == "" && len(p.Digests) > 0 {
		out.ID = p.Digests[0]
	}
	if p.PURL != "" && p.PURL != out.ID || p.CPE != "" {
		out.Identifiers = &writtenIdentifiers{p.PURL, p.CPE}
	}
	for _, digest := range p.Digests {
		if len(digest) > len("sha256:") && digest[:len("sha256:")] == "sha256:" {
			out.Hashes = &writtenHashes{digest[len("sha256:"):]}
		}
	}
	for i := range p.Subcomponents {
		out.Subcomponents = append(out.Subcomponents, p.Subcomponents[i].written())
	}
	return out
}
