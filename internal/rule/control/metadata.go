package control

import (
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
)

// Metadata is what a control says about itself. In a ValidatingAdmissionPolicy
// it is the YAML text of the annotation [Annotation]; a control that is written
// in Go holds it as a value.
type Metadata struct {
	// ID is a short name in lower-case words, "privileged-container". It is in
	// every fingerprint and never changes.
	ID string `json:"id"`
	// Aliases are ids of the same check in other catalogues, "C-0057". Existing
	// exceptions and dashboards may go on to use them.
	Aliases []string `json:"aliases,omitempty"`
	// Title names the fault, not the rule: "Container runs privileged".
	Title lang.Text `json:"title"`
	// Risk says what an attacker gains from it.
	Risk lang.Text `json:"risk"`
	// Advice says what to do.
	Advice   lang.Text        `json:"advice"`
	Severity finding.Severity `json:"severity"`
	// Category groups controls for people: "workload", "access", "network",
	// "secrets", "control-plane", "supply-chain", "reliability".
	Category string `json:"category"`
	// Techniques are ids of the threat matrix, "MS-TA9018".
	Techniques []string `json:"techniques,omitempty"`
	// Frameworks lists the places in frameworks that ask for the control.
	Frameworks []finding.Reference `json:"frameworks,omitempty"`
	// References are URLs of public documentation.
	References []string `json:"references,omitempty"`
	// Fix says how the fault is removed.
	Fix Fix `json:"fix"`
	// Settings are the names of the settings that the control reads.
	Settings []string `json:"settings,omitempty"`
	// Scope limits the offline evaluation to objects that admission never sees
	// as such: "api-server", "controller-manager", "scheduler", "etcd" are the
	// static pods of the control plane. Empty for every other control.
	Scope string `json:"scope,omitempty"`
}

// Fix is the change that removes the fault: its kind, by which the queue groups
// findings, and the steps, if it can be written by a program.
type Fix struct {
	// Change is the kind of change, a key of content/changes.yaml:
	// "harden-containers". Findings with one kind of change and one place are
	// one line of the queue.
	Change string `json:"change"`
	// Steps make the change; a fix without steps is advice.
	Steps []Step `json:"steps,omitempty"`
}

// Step is one edit, relative to what failed.
type Step struct {
	Operation finding.Operation `json:"operation"`
	// On is where Path begins: "item" (each list element that failed, mostly a
	// container), "pod" (the pod spec), "template" (the object that holds the
	// pod spec), "object", or "namespace" (the Namespace object).
	On   string `json:"on,omitempty"`
	Path string `json:"path,omitempty"`
	// Value is YAML. "{namespace}" and "{name}" stand for those of the object.
	Value string `json:"value,omitempty"`
}

// Rule is the metadata as findings and reports carry it.
func (m *Metadata) Rule() finding.Rule {
	return finding.Rule{
		ID: m.ID, Aliases: m.Aliases, Title: m.Title, Risk: m.Risk, Advice: m.Advice,
		Severity: m.Severity, Techniques: m.Techniques, Frameworks: m.Frameworks,
		References: m.References, Change: m.Fix.Change, Category: m.Category,
	}
}
