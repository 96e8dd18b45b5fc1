// Package finding is the one kind of finding that everything in foil ends in:
// a rule, the node that breaks it, the evidence, and the changes that make it
// go away.
//
// It is vocabulary: analyzers and detectors make findings; ranking, reports,
// the store and responses read them. The package must not decide anything and
// touches no network, disk or clock.
package finding

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// Finding says that one node breaks one rule.
type Finding struct {
	Rule        string       // id of the Rule
	Node        graph.NodeID // what the finding is about
	Severity    Severity
	Message     lang.Text // what is wrong with this node, when it says more than the rule's title
	Evidence    []Evidence
	Fixes       []Fix
	Fingerprint Fingerprint
	State       State
	Exception   *Exception // why it is suppressed, when State is Excepted

	Vulnerability *Vulnerability // set for a flaw in a package
	Remedy        *Remedy        // set where the rule does not name the change
}

// Rule is what a finding's rule says to a person, whatever language the rule is
// written in (a control, a detection, a probe, an advisory).
type Rule struct {
	ID         string
	Aliases    []string  // ids of the same rule in other tools, for example "C-0057"
	Title      lang.Text // the fault, in a few words
	Risk       lang.Text // what an attacker gains
	Advice     lang.Text // what to do
	Severity   Severity
	Techniques []string // ids of the threat matrix
	Frameworks []Reference
	References []string // URLs
	Change     string   // id of the kind of change that removes it; see rule/control
	Category   string   // "workload", "access", "network", "control-plane", "secrets", "reliability", …
}

// Reference is the place of a rule in a framework: {"nsa", ""} or
// {"cis-v1.12", "5.2.2"}.
type Reference struct {
	Framework string `json:"framework" yaml:"framework"`
	Item      string `json:"item,omitempty" yaml:"item,omitempty"`
}

// State is where a finding stands in its life.
type State string

// The states. A scan without history knows Open and Excepted only.
const (
	Open     State = "open"
	Excepted State = "excepted"
	Known    State = "known" // open, and in the baseline that the scan was given
)

// Evidence is a fact that proves a finding and that a person can check.
type Evidence struct {
	// Node is the object that the fact is about; empty when it is the node of
	// the finding.
	Node graph.NodeID `json:"node,omitempty"`
	// Path is the field, "spec.containers[0].securityContext.privileged". The
	// field itself may be missing: the fault is then that it is not set.
	Path string `json:"path,omitempty"`
	// Value is the field as found; empty when it is not set or must not be
	// shown. It never holds the value of a Secret or of a credential.
	Value string `json:"value,omitempty"`
	// Unset says that the field is not set, and that this is the fault.
	Unset bool `json:"unset,omitempty"`
	// Position is the field, or the nearest thing around it that exists.
	Position graph.Position `json:"position,omitzero"`
	// Note says in words what the field does not say itself.
	Note lang.Text `json:"note,omitzero"`
}

// Fingerprint identifies a finding over time: two scans of an unchanged fault
// agree on it, and neither texts nor positions enter it.
type Fingerprint string

// fingerprintVersion is part of every fingerprint. To change it reopens every
// finding that anybody has, so it changes never without a migration.
const fingerprintVersion = "foil/1"

// NewFingerprint is the fingerprint of a rule broken by a node. Discriminator
// tells several findings of one rule on one node apart; mostly it is empty.
func NewFingerprint(rule string, node graph.NodeID, discriminator string) Fingerprint {
	h := sha256.New()
	for _, part := range []string{fingerprintVersion, rule, string(node), discriminator} {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	return Fingerprint(hex.EncodeToString(h.Sum(nil)[:16]))
}
