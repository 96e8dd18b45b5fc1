// Package dockerfile judges the recipes that images are built by: who the
// container runs as, what it is built on, what is left in it, and what the build
// trusts.
//
// Each control is one file. The facts come from derive/build; the package reads
// no file and asks no registry. Whether the base image is still supported is a
// matter of analyze/eol.
package dockerfile

import (
	"github.com/foilsec/foil/internal/analyze"
	"github.com/foilsec/foil/internal/analyze/check"
	"github.com/foilsec/foil/internal/derive/build"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// New is the analyzer with all its controls.
func New() analyze.Analyzer {
	return check.New(newFacts,
		rootUser(),
		secretInBuild(),
		sensitiveFile(),
		pipeToShell(),
		unverifiedDownload(),
		remoteAdd(),
		baseNotPinned(),
		baseLatest(),
		setuid(),
		exposesSSH(),
		packageCache(),
		recommendedPackages(),
		noHealthcheck(),
	)
}

// facts are the recipes of a snapshot.
type facts struct{ files []build.File }

func newFacts(f *analyze.Facts) *facts {
	known := &facts{}
	for file := range build.All(f.Snapshot) {
		known.files = append(known.files, file)
	}
	return known
}

// each is a control that judges every recipe by itself. A nil fault is a pass.
func each(m control.Metadata, judge func(build.File) *check.Fault) check.Control[*facts] {
	m.Category = "supply-chain"
	m.Fix.Change = "harden-dockerfile"
	return check.Control[*facts]{Metadata: m, Judge: func(f *facts, v *check.Verdicts) {
		for _, file := range f.files {
			if len(file.Stages) == 0 {
				continue
			}
			if fault := judge(file); fault != nil {
				v.Fail(file.Node, *fault)
			} else {
				v.Pass(file.Node)
			}
		}
	}}
}

// faults are the places where one recipe breaks a rule.
type faults struct {
	count    int
	evidence []finding.Evidence // of the first places
	fixes    []finding.Fix
}

// maxEvidence bounds how many places a finding names.
const maxEvidence = 50

// add notes an instruction, with what is wrong in it.
func (f *faults) add(v graph.Value, en, zh string, args ...any) {
	if f.count++; f.count > maxEvidence {
		return
	}
	f.evidence = append(f.evidence, finding.Evidence{
		Path: v.Path(), Position: v.Position(), Note: check.Say(lang.Text{EN: en, ZH: zh}, args...),
	})
}

// fault is nil when nothing was noted. The message tells the first place and how
// many more there are.
func (f *faults) fault() *check.Fault {
	if len(f.evidence) == 0 {
		return nil
	}
	first := f.evidence[0]
	place := check.Say(lang.Text{EN: "line %d: ", ZH: "第 %d 行："}, first.Position.Line)
	message := lang.Text{EN: place.EN + first.Note.EN, ZH: place.ZH + first.Note.ZH}
	if more := f.count - 1; more > 0 {
		rest := check.Say(lang.Text{EN: " (and %d more)", ZH: "（另有 %d 处）"}, more)
		message = lang.Text{EN: message.EN + rest.EN, ZH: message.ZH + rest.ZH}
	}
	return &check.Fault{Message: message, Evidence: f.evidence, Fixes: f.fixes}
}
