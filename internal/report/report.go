// Package report is what a scan tells the outside: one model, [Report], and in
// the folders below one writer for each form that people and programs read.
//
// The pipeline makes a Report from ranked findings; writers only turn it into
// bytes. They must not compute, sort or filter anything, so that every form
// says the same. The JSON form of the model is a public format: its schema is
// api/report.schema.json and [SchemaVersion] names its version.
package report

import (
	"io"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// SchemaVersion is the version of the JSON form. Fields may be added within a
// version; anything else makes a new one.
const SchemaVersion = "foil.report/v1"

// Writer turns a report into bytes of one form.
type Writer func(w io.Writer, r *Report, options Options) error

// Options are the choices that a reader makes about the form.
type Options struct {
	Language lang.Language
	Colour   bool // colour and links, for a terminal
	Width    int  // columns of the terminal; 0 means 80
	Verbose  bool // every finding, where the form would otherwise show the queue only
}

// Report is the result of one scan.
type Report struct {
	SchemaVersion string         `json:"schemaVersion"`
	Tool          Tool           `json:"tool"`
	Target        Target         `json:"target"`
	Summary       Summary        `json:"summary"`
	Coverage      Coverage       `json:"coverage"`
	Changes       []Change       `json:"changes"`  // the queue, first things first
	Findings      []Finding      `json:"findings"` // every finding, highest score first
	Rules         []Rule         `json:"rules"`    // the rules that findings and frameworks name, by id
	Frameworks    []Framework    `json:"frameworks,omitempty"`
	Exceptions    []ExceptionUse `json:"exceptions,omitempty"`
}

// Tool says who made the report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Target says what was scanned.
type Target struct {
	Kind string `json:"kind"` // "files", "cluster", "snapshot", "stdin"
	Name string `json:"name"` // path, or context of the kubeconfig
	// Paths are the paths one by one, when there is more than one.
	Paths []string `json:"paths,omitempty"`
}

// Summary counts. Findings that are excepted or known from the baseline are
// not in BySeverity.
type Summary struct {
	Objects    int            `json:"objects"`
	Workloads  int            `json:"workloads"`
	Open       int            `json:"open"`
	Excepted   int            `json:"excepted"`
	Known      int            `json:"known"`
	BySeverity map[string]int `json:"bySeverity"` // all five names are always there
	Changes    int            `json:"changes"`
}

// Coverage says what the result rests on. Complete is false when anything that
// the scan was asked for could not be read or evaluated; the exit code is then
// 3 where it would have been 0.
type Coverage struct {
	Complete     bool           `json:"complete"`
	Kinds        map[string]int `json:"kinds"` // objects read, by kind
	Gaps         []graph.Gap    `json:"gaps,omitempty"`
	NotEvaluated []NotEvaluated `json:"notEvaluated,omitempty"`
}

// NotEvaluated is a rule that gave no verdict, on some nodes or on all.
type NotEvaluated struct {
	Rule   string       `json:"rule"`
	Node   graph.NodeID `json:"node,omitempty"` // empty: for no node at all
	Reason string       `json:"reason"`
}

// Change is a line of the queue: one edit by one person, and all that it takes
// away.
type Change struct {
	ID           string         `json:"id"`    // stable: kind of change and its place
	Title        lang.Text      `json:"title"` // "Harden the containers of Deployment shop/kitchen"
	Kind         string         `json:"kind"`  // "harden-containers"
	Node         graph.NodeID   `json:"node"`  // where the edit is made
	Position     graph.Position `json:"position,omitzero"`
	Severity     string         `json:"severity"` // the worst of its findings
	Score        float64        `json:"score"`
	Reasons      []Reason       `json:"reasons"`
	Fingerprints []string       `json:"findings"` // findings that it removes, highest score first
	Workloads    []graph.NodeID `json:"workloads"`
	Automatic    bool           `json:"automatic"` // foil fix can write it
}

// Reason is one factor of a score, as ranking gave it.
type Reason = finding.Reason

// Finding is one fault of one object.
type Finding struct {
	Fingerprint string       `json:"fingerprint"`
	Rule        string       `json:"rule"`
	Severity    string       `json:"severity"`
	State       string       `json:"state"`
	Score       float64      `json:"score"`
	Reasons     []Reason     `json:"reasons"`
	Node        graph.NodeID `json:"node"`
	Object      Object       `json:"object"`
	Message     lang.Text    `json:"message,omitzero"`
	Evidence    []Evidence   `json:"evidence"`
	Fixes       []Fix        `json:"fixes,omitempty"`
	Change      string       `json:"change"` // id of its Change
	Exception   *Exception   `json:"exception,omitempty"`

	// Vulnerability is set for a flaw in a package, as the analyzer gave it.
	Vulnerability *finding.Vulnerability `json:"vulnerability,omitempty"`
}

// Object names a Kubernetes object; only Kind and Name are set for other nodes.
type Object struct {
	APIVersion string `json:"apiVersion,omitempty"`
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace,omitempty"`
	Name       string `json:"name"`
	UID        string `json:"uid,omitempty"` // of the live object, empty for files
}

// String is the object as people write it: "Deployment shop/kitchen".
func (o Object) String() string {
	if o.Namespace == "" {
		return o.Kind + " " + o.Name
	}
	return o.Kind + " " + o.Namespace + "/" + o.Name
}

// Evidence is one checkable fact, as the analyzer gave it.
type Evidence = finding.Evidence

// Fix is one step of a change, as the analyzer gave it.
type Fix = finding.Fix

// Exception is a decision that a finding is accepted.
type Exception struct {
	ID      string `json:"id"`
	Owner   string `json:"owner"`
	Reason  string `json:"reason"`
	Expires string `json:"expires,omitempty"` // RFC 3339 date
	Source  string `json:"source"`
}

// ExceptionUse is an exception and how many findings it suppressed.
type ExceptionUse struct {
	Exception
	Matches int `json:"matches"`
}

// Rule is what a reader needs to know about a rule.
type Rule struct {
	ID         string              `json:"id"`
	Aliases    []string            `json:"aliases,omitempty"`
	Title      lang.Text           `json:"title"`
	Risk       lang.Text           `json:"risk"`
	Advice     lang.Text           `json:"advice"`
	Severity   string              `json:"severity"`
	Category   string              `json:"category"`
	Techniques []Technique         `json:"techniques,omitempty"`
	Frameworks []finding.Reference `json:"frameworks,omitempty"`
	References []string            `json:"references,omitempty"`
}

// Technique is a cell of the threat matrix.
type Technique struct {
	ID      string      `json:"id"`
	Name    lang.Text   `json:"name"`
	Tactics []lang.Text `json:"tactics"`
}

// Framework is the compliance with one framework.
type Framework struct {
	ID       string             `json:"id"`
	Title    lang.Text          `json:"title"`
	Score    float64            `json:"score"` // 0 to 100, mean of its evaluated controls weighted by severity
	Controls []FrameworkControl `json:"controls"`
}

// FrameworkControl is one requirement of a framework.
type FrameworkControl struct {
	Item      string    `json:"item,omitempty"` // number in the framework
	Rule      string    `json:"rule,omitempty"` // empty when foil has no rule for it
	Title     lang.Text `json:"title"`
	Severity  string    `json:"severity,omitempty"`
	Status    string    `json:"status"` // "passed", "failed", "not-evaluated", "manual", "not-applicable"
	Reason    string    `json:"reason,omitempty"`
	Evaluated int       `json:"evaluated"`
	Failed    int       `json:"failed"`
	Excepted  int       `json:"excepted"`
	Score     float64   `json:"score"` // 0 to 100
}
