package report

import (
	"strconv"
	"strings"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// Index finds the parts of a report that other parts name by identity. It
// reads the report and holds pointers into it.
type Index struct {
	rules    map[string]*Rule
	findings map[string]*Finding
}

// NewIndex indexes a report, which must not change while the index is in use.
func NewIndex(r *Report) *Index {
	x := &Index{
		rules:    make(map[string]*Rule, len(r.Rules)),
		findings: make(map[string]*Finding, len(r.Findings)),
	}
	for i := range r.Rules {
		x.rules[r.Rules[i].ID] = &r.Rules[i]
	}
	for i := range r.Findings {
		x.findings[r.Findings[i].Fingerprint] = &r.Findings[i]
	}
	return x
}

// Rule is the rule of that id. For an id that the report does not explain it
// is a rule that has nothing but the id, which is also its title.
func (x *Index) Rule(id string) *Rule {
	if rule, ok := x.rules[id]; ok {
		return rule
	}
	return &Rule{ID: id, Title: lang.Text{EN: id, ZH: id}}
}

// Finding is the finding of that fingerprint, nil when there is none.
func (x *Index) Finding(fingerprint string) *Finding { return x.findings[fingerprint] }

// Advice says what to do for a change: the advice of the rule of its first
// finding, which is the one with the highest score.
func (x *Index) Advice(c *Change) lang.Text {
	for _, fingerprint := range c.Fingerprints {
		if f := x.findings[fingerprint]; f != nil {
			return x.Rule(f.Rule).Advice
		}
	}
	return lang.Text{}
}

// Text says what is wrong: the message, or else the title of the rule.
func (x *Index) Text(f *Finding) lang.Text {
	if f.Message.EN != "" {
		return f.Message
	}
	return x.Rule(f.Rule).Title
}

// Unqueued lists the findings that no change names, in their order: those that
// are suppressed, and any for which there is no change.
func (r *Report) Unqueued() []*Finding {
	queued := make(map[string]bool, len(r.Findings))
	for i := range r.Changes {
		for _, fingerprint := range r.Changes[i].Fingerprints {
			queued[fingerprint] = true
		}
	}
	var rest []*Finding
	for i := range r.Findings {
		if !queued[r.Findings[i].Fingerprint] {
			rest = append(rest, &r.Findings[i])
		}
	}
	return rest
}

// Place is where a person would look first: the first evidence that stands in
// a file. It is the zero Position when the finding comes from no file.
func (f *Finding) Place() graph.Position {
	for i := range f.Evidence {
		if f.Evidence[i].Position.File != "" {
			return f.Evidence[i].Position
		}
	}
	return graph.Position{}
}

// FormatPosition writes a position as editors and compilers do, "file:line".
func FormatPosition(p graph.Position) string {
	if p.File == "" || p.Line <= 0 {
		return p.File
	}
	return p.File + ":" + strconv.Itoa(p.Line)
}

// FixCommand is the command that shows the diff of a change, as separate
// arguments that a shell reads as they are. It is nil when foil cannot write
// the change: when the change needs a person, or the report is not of files.
func FixCommand(t Target, c *Change) []string {
	fix := FixAllCommand(t)
	if !c.Automatic || fix == nil {
		return nil
	}
	return append(fix, "--change", shellQuote(c.ID))
}

// FixAllCommand is the command that shows the diff of all changes that foil
// can write; nil when the report is not of files.
func FixAllCommand(t Target) []string {
	if t.Kind != "files" {
		return nil
	}
	return append([]string{"foil", "fix"}, t.arguments()...)
}

// arguments are the paths of the target, for a shell.
func (t Target) arguments() []string {
	paths := t.Paths
	if len(paths) == 0 {
		paths = []string{t.Name}
	}
	quoted := make([]string, len(paths))
	for i, path := range paths {
		quoted[i] = shellQuote(path)
	}
	return quoted
}

// shellQuote quotes an argument for a POSIX shell, unless it needs no quotes.
func shellQuote(s string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./:_-@%+=,"
	if s != "" && strings.Trim(s, plain) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// ScanCommand is the command that scans the target again, as separate
// arguments; nil for standard input, which is gone.
func ScanCommand(t Target) []string {
	switch t.Kind {
	case "stdin":
		return nil
	case "cluster":
		if t.Name == "" {
			return []string{"foil", "scan", "cluster"}
		}
		return []string{"foil", "scan", "cluster", "--context", shellQuote(t.Name)}
	}
	return append([]string{"foil", "scan"}, t.arguments()...)
}

// NodeName is a node as people write it: "Deployment shop/kitchen", or the
// identity when it is no Kubernetes object. The origin that tells a second
// object of one name apart stands behind an @ and is not part of the name.
func NodeName(id graph.NodeID) string {
	first, _, _ := strings.Cut(string(id), "@")
	id = graph.NodeID(first)
	_, kind, namespace, name, ok := id.Object()
	if !ok {
		if kind, key, keyed := id.Keyed(); keyed && key != "" {
			return kind + " " + key
		}
		return string(id)
	}
	return Object{Kind: kind, Namespace: namespace, Name: name}.String()
}
