package vex

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
)

// MostBytes is how large a document may be.
const MostBytes = 128 << 20

// mostProducts is how many products the statements of a document may name, one
// counted as often as it is named.
const mostProducts = 2_000_000

var errTooMany = fmt.Errorf("its statements name more than %d products: split it", mostProducts)

// ErrNotVEX says that a document is in none of the known forms.
var ErrNotVEX = errors.New("not OpenVEX, CSAF or CycloneDX")

// Read reads the statements of a document in any of the forms. The source is
// what they are said to come from: the name of a file. Statements about nothing
// that can be compared are counted in skipped.
func Read(data []byte, source string) (statements []Statement, skipped int, err error) {
	if len(data) > MostBytes {
		return nil, 0, fmt.Errorf("%s: a VEX document of more than %d bytes is not read", source, MostBytes)
	}
	read, err := readerOf(data)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", source, err)
	}
	all, err := read(data)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", source, err)
	}
	for _, st := range all {
		if st.Source = source; st.usable() {
			statements = append(statements, st)
		} else {
			skipped++
		}
	}
	return statements, skipped, nil
}

// readerOf finds the form of a document by its keys.
func readerOf(data []byte) (func([]byte) ([]Statement, error), error) {
	var keys struct {
		Context   json.RawMessage `json:"@context"`
		BOMFormat string          `json:"bomFormat"`
		Document  struct {
			Category string `json:"category"`
		} `json:"document"`
	}
	if err := json.Unmarshal(data, &keys); err != nil {
		return nil, fmt.Errorf("read it as JSON: %w", err)
	}
	switch {
	case strings.Contains(string(keys.Context), "openvex.dev/ns"):
		return openVEX, nil
	case strings.HasPrefix(keys.Document.Category, "csaf_"):
		return csaf, nil
	case keys.BOMFormat == "CycloneDX":
		return cycloneDX, nil
	}
	return nil, ErrNotVEX
}

// usable reports whether the statement can ever hold for anything.
func (st *Statement) usable() bool {
	switch st.Status {
	case NotAffected, Affected, Fixed, UnderInvestigation:
	default:
		return false
	}
	st.Products = cloneProducts(st.Products)
	kept := st.Products[:0]
	for _, p := range st.Products {
		if p.prepare(); p.usable() {
			kept = append(kept, p)
		}
	}
	st.Products = kept
	return st.Vulnerability != "" && len(st.Products) > 0
}

// FromArtifact reads the documents that travel inside an artifact. What they
// state holds for that artifact alone: whoever made it could state anything. A
// document that can't be read is an error beside the statements of the others.
func FromArtifact(a *artifact.Artifact) (statements []Statement, err error) {
	for _, d := range a.Documents {
		list, _, readErr := Read(d.Content, a.Reference+": "+d.Path)
		if readErr != nil && !errors.Is(readErr, ErrNotVEX) {
			err = errors.Join(err, readErr)
		}
		for i := range list {
			list[i].Artifact = a.Reference
		}
		statements = append(statements, list...)
	}
	return statements, err
}
