// Package threat is the Kubernetes threat matrix: tactics (what an attacker
// wants) and techniques (how), joined with MITRE ATT&CK for containers.
//
// The data are the embedded matrix.json; NOTICE.md beside it names its sources
// and terms. The package is vocabulary: no logic, no input but the data file.
package threat

import (
	_ "embed"
	"encoding/json"
	"fmt"

	"github.com/foilsec/foil/internal/lang"
)

// Tactic is a column of the matrix.
type Tactic struct {
	ID      string    `json:"id"`  // ATT&CK id, "TA0004"
	Key     string    `json:"key"` // "privilege-escalation"
	Name    lang.Text `json:"name"`
	Summary lang.Text `json:"summary"`
}

// Technique is one cell or more of the matrix: a technique belongs to each of
// its tactics.
type Technique struct {
	ID          string    `json:"id"` // "MS-TA9018", or "T1611" for ATT&CK's own
	Name        lang.Text `json:"name"`
	Tactics     []string  `json:"tactics"` // tactic keys
	Attack      []Attack  `json:"attack,omitempty"`
	Summary     lang.Text `json:"summary"`
	Mitigations []string  `json:"mitigations,omitempty"` // "MS-M9001"
}

// Attack is a link from a technique of the matrix to ATT&CK.
type Attack struct {
	ID                 string `json:"id"` // "T1078.004"
	Name               string `json:"name"`
	InContainersMatrix bool   `json:"inContainersMatrix"`
}

// Matrix is the whole of it.
type Matrix struct {
	Tactics    []Tactic
	Techniques []Technique // the Kubernetes threat matrix, then ATT&CK for containers
	byID       map[string]int
}

//go:embed matrix.json
var matrixJSON []byte

// Load decodes the embedded matrix.
func Load() (*Matrix, error) {
	var file struct {
		Tactics          []Tactic    `json:"tactics"`
		Techniques       []Technique `json:"techniques"`
		AttackContainers []Technique `json:"attackContainers"`
	}
	if err := json.Unmarshal(matrixJSON, &file); err != nil {
		return nil, fmt.Errorf("decode the embedded threat matrix: %w", err)
	}
	m := &Matrix{Tactics: file.Tactics, Techniques: append(file.Techniques, file.AttackContainers...)}
	m.byID = make(map[string]int, len(m.Techniques))
	for i, t := range m.Techniques {
		m.byID[t.ID] = i
	}
	return m, nil
}

// Technique finds a technique by its id.
func (m *Matrix) Technique(id string) (Technique, bool) {
	i, ok := m.byID[id]
	if !ok {
		return Technique{}, false
	}
	return m.Techniques[i], true
}

// Tactic finds a tactic by its key.
func (m *Matrix) Tactic(key string) (Tactic, bool) {
	for _, t := range m.Tactics {
		if t.Key == key {
			return t, true
		}
	}
	return Tactic{}, false
}
