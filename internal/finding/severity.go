package finding

import (
	"fmt"
	"strings"
)

// Severity is how bad a finding is in itself, wherever it is found. The order
// of work comes from ranking, not from severity alone.
type Severity uint8

// The severities, from least to worst. The names are those of PolicyReport and
// CVSS.
const (
	Info Severity = iota
	Low
	Medium
	High
	Critical
)

var severityNames = [...]string{"info", "low", "medium", "high", "critical"}

// Severities lists all severities, worst first.
func Severities() []Severity { return []Severity{Critical, High, Medium, Low, Info} }

// String is the lower-case name.
func (s Severity) String() string {
	if int(s) >= len(severityNames) {
		return fmt.Sprintf("severity(%d)", uint8(s))
	}
	return severityNames[s]
}

// ParseSeverity reads a name in any case.
func ParseSeverity(name string) (Severity, error) {
	for i, known := range severityNames {
		if strings.EqualFold(name, known) {
			return Severity(i), nil
		}
	}
	return 0, fmt.Errorf("unknown severity %q: want one of %s", name, strings.Join(severityNames[:], ", "))
}

// MarshalText writes the name.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the name.
func (s *Severity) UnmarshalText(text []byte) error {
	parsed, err := ParseSeverity(string(text))
	*s = parsed
	return err
}
