package control

import (
	"fmt"

	"sigs.k8s.io/yaml"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
)

// Framework is a catalogue of requirements by somebody else: a hardening guide
// or a benchmark. Its requirements that objects decide are the controls whose
// metadata name the framework; the others are listed here, so that a report
// can say what it did not evaluate.
type Framework struct {
	ID     string        `json:"id"` // "nsa", "cis-v1.12.0"
	Title  lang.Text     `json:"title"`
	Source string        `json:"source"` // URL of the document
	Others []Requirement `json:"others,omitempty"`
}

// Requirement is one requirement that no object decides.
type Requirement struct {
	Alias    string           `json:"alias,omitempty"` // id in another catalogue, "C-0069"
	Item     string           `json:"item,omitempty"`  // number in the document, "4.2.1"
	Title    lang.Text        `json:"title"`
	Class    string           `json:"class"` // "host", "cloud", "image" or "manual": what would decide it
	Severity finding.Severity `json:"severity"`
}

// ParseFrameworks reads content/frameworks.yaml: a map with the list
// "frameworks".
func ParseFrameworks(data []byte) ([]Framework, error) {
	var file struct {
		Frameworks []Framework `json:"frameworks"`
	}
	if err := yaml.UnmarshalStrict(data, &file); err != nil {
		return nil, fmt.Errorf("frameworks.yaml: %w", err)
	}
	return file.Frameworks, nil
}
