package osv

import "time"

// Advisory is one record.
type Advisory struct {
	ID        string     `json:"id"`
	Modified  time.Time  `json:"modified,omitzero"`
	Published time.Time  `json:"published,omitzero"`
	Withdrawn time.Time  `json:"withdrawn,omitzero"`
	Aliases   []string   `json:"aliases,omitempty"`  // other names of the same flaw
	Upstream  []string   `json:"upstream,omitempty"` // flaws that this record passes on downstream
	Related   []string   `json:"related,omitempty"`  // no identity, except for AlmaLinux, which puts its CVEs here
	Summary   string     `json:"summary,omitempty"`
	Details   string     `json:"details,omitempty"`
	Severity  []Severity `json:"severity,omitempty"`
	Affected  []Affected `json:"affected,omitempty"`
	// References are where to read more, most telling first.
	References []Reference `json:"references,omitempty"`
	// Rating is the publisher's own word for the severity, lower case: "high",
	// "unimportant", "negligible"; from database_specific or ecosystem_specific.
	Rating string `json:"rating,omitempty"`
	// CWEs are the kinds of weakness, "CWE-79".
	CWEs []string `json:"cwes,omitempty"`
}

// Severity is a score in a named system.
type Severity struct {
	Type  string `json:"type"`  // "CVSS_V2", "CVSS_V3", "CVSS_V4", "Ubuntu"
	Score string `json:"score"` // a CVSS vector, or a word
}

// Reference is a page about a flaw.
type Reference struct {
	Type string `json:"type"` // "ADVISORY", "FIX", "REPORT", "WEB", …
	URL  string `json:"url"`
}

// Affected says which versions of one package are affected.
type Affected struct {
	Ecosystem string   `json:"ecosystem"` // "Debian:12", "npm"
	Name      string   `json:"name"`
	Ranges    []Range  `json:"ranges,omitempty"`
	Versions  []string `json:"versions,omitempty"`
	// Severity is for this package, where it differs from the advisory's.
	Severity []Severity `json:"severity,omitempty"`
	Rating   string     `json:"rating,omitempty"`
	// State is why there is no fixed version, where the publisher says so.
	State FixState `json:"state,omitempty"`
	// Imports are the parts of a Go module that hold the flaw.
	Imports []Import `json:"imports,omitempty"`
	// Module is the RPM modularity label that must match; empty for none.
	Module string `json:"module,omitempty"`
	// Architectures, when there are any, are the only ones affected.
	Architectures []string `json:"architectures,omitempty"`
	// Systems, when there are any, are the only operating systems affected, in
	// the words of the publisher: "linux", "windows".
	Systems []string `json:"systems,omitempty"`
}

// Import is a Go package and its functions; none means the whole package.
type Import struct {
	Path    string   `json:"path"`
	Symbols []string `json:"symbols,omitempty"`
	GOOS    []string `json:"goos,omitempty"`
	GOARCH  []string `json:"goarch,omitempty"`
}

// RangeType is the order in which the events of a range are to be read.
type RangeType string

// The types of range.
const (
	Semver    RangeType = "SEMVER"    // Semantic Versioning 2.0.0
	Ecosystem RangeType = "ECOSYSTEM" // the order of the package's ecosystem
	Git       RangeType = "GIT"       // commits; says nothing about versions
)

// Range is a set of versions, as events along their order.
type Range struct {
	Type   RangeType `json:"type"`
	Events []Event   `json:"events"`
}

// Event is one event of a range; one field is set. "0" introduced is before
// every version.
type Event struct {
	Introduced   string `json:"introduced,omitempty"`
	Fixed        string `json:"fixed,omitempty"`
	LastAffected string `json:"last_affected,omitempty"`
	Limit        string `json:"limit,omitempty"`
}

// FixState says whether there is a version without the flaw.
type FixState string

// The states.
const (
	Fixed    FixState = "fixed"
	NotFixed FixState = "not-fixed"
	WontFix  FixState = "wont-fix"
	Unknown  FixState = "unknown"
)
