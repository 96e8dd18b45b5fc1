package check

import (
	"strings"

	"github.com/foilsec/foil/internal/analyze"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// Verdicts takes what one control says about objects.
type Verdicts struct {
	metadata  *control.Metadata
	sink      analyze.Sink
	evaluated int
	noPass    bool
}

// Fault is what is wrong with one object.
type Fault struct {
	// Message says what is wrong in terms of this object.
	Message lang.Text
	// Evidence are the facts that show it.
	Evidence []finding.Evidence
	// Namespace is where a step on a namespace or a new object goes, when the
	// object is in none.
	Namespace string
	// Fixes take the place of the steps of the control, when set.
	Fixes []finding.Fix
}

// Pass says that an object is in order.
func (v *Verdicts) Pass(*graph.Node) {
	if !v.noPass {
		v.evaluated++
	}
}

// Fail says that an object has a fault.
func (v *Verdicts) Fail(n *graph.Node, f Fault) {
	v.evaluated++
	fixes := f.Fixes
	if fixes == nil {
		fixes = steps(v.metadata.Fix.Steps, n, f.Namespace)
	}
	v.sink.Finding(finding.Finding{
		Rule: v.metadata.ID, Node: n.ID, Severity: v.metadata.Severity,
		Message: f.Message, Evidence: f.Evidence, Fixes: fixes,
		Fingerprint: finding.NewFingerprint(v.metadata.ID, n.ID, ""),
		State:       finding.Open,
	})
}

// steps puts the steps of a control in terms of the object.
func steps(list []control.Step, n *graph.Node, namespace string) []finding.Fix {
	if namespace == "" {
		namespace = n.Namespace
	}
	names := strings.NewReplacer("{namespace}", namespace, "{name}", n.Name)
	fixes := make([]finding.Fix, 0, len(list))
	for _, step := range list {
		if closes := step.Operation == finding.Create || step.On == "namespace"; closes && analyze.OfTheSystem(namespace) {
			continue
		}
		fix := finding.Fix{Operation: step.Operation, Path: step.Path, Value: names.Replace(step.Value)}
		switch step.On {
		case "pod":
			fix.Path = join(podPath(n), step.Path)
		case "template":
			fix.Path = join(templatePath(n), step.Path)
		case "namespace":
			fix.Node = graph.ObjectID("", "Namespace", "", namespace)
		}
		fixes = append(fixes, fix)
	}
	return fixes
}

// templatePath is where the object keeps its pod template.
func templatePath(n *graph.Node) string {
	v, _ := workload.Of(n)
	return v.Template.Path()
}

func podPath(n *graph.Node) string { return join(templatePath(n), "spec") }

func join(parent, path string) string {
	if parent == "" || path == "" {
		return parent + path
	}
	return parent + "." + path
}
