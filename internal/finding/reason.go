package finding

import "github.com/foilsec/foil/internal/lang"

// Reason is one factor of a finding's score, in words that a person can check.
type Reason struct {
	Factor   string    `json:"factor"` // "severity", "exposure", "privilege", …
	Value    float64   `json:"value"`  // what the score is multiplied by; of the first, severity, the base
	Sentence lang.Text `json:"sentence"`
}
