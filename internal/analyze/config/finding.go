package config

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/foilsec/foil/internal/analyze"
	"github.com/foilsec/foil/internal/derive/workload"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
)

// newFinding is the finding that a failed control makes on an object.
func (w *worker) newFinding(n *graph.Node, p *control.Program, message string, causes []control.Cause) finding.Finding {
	causes = slices.Clone(causes) // those of a memo are shared
	slices.SortStableFunc(causes, func(a, b control.Cause) int {
		return cmp.Or(a.Field.Compare(b.Field), slices.Compare(a.Missing, b.Missing))
	})
	return finding.Finding{
		Rule: p.ID, Node: n.ID, Severity: p.Severity, Message: lang.Text{EN: message, ZH: message},
		Evidence:    w.evidence(n, p, causes),
		Fixes:       w.fixes(n, &p.Metadata, causes),
		Fingerprint: finding.NewFingerprint(p.ID, n.ID, ""),
		State:       finding.Open,
	}
}

// evidence turns causes into facts. A failure without a cause still has one:
// the object itself.
func (w *worker) evidence(n *graph.Node, p *control.Program, causes []control.Cause) []finding.Evidence {
	if len(causes) == 0 {
		return []finding.Evidence{{Position: n.Object.Position()}}
	}
	facts := make([]finding.Evidence, 0, len(causes))
	for _, c := range causes {
		fact := finding.Evidence{Path: w.path(c.Field, c.Missing...), Position: c.Field.Position(), Unset: len(c.Missing) > 0}
		if len(c.Missing) == 0 && p.Category != "secrets" && n.Kind != "Secret" {
			fact.Value = w.strings.intern(shown(c.Field))
		}
		facts = append(facts, fact)
	}
	return facts
}

// shown is a value as evidence shows it: scalars as they are, short lists of
// scalars in one line, nothing for anything larger.
func shown(v graph.Value) string {
	const maxShown = 200
	text := v.Text()
	if v.Kind() == graph.List {
		var items []string
		for _, item := range v.Items() {
			if item.Kind() == graph.Map || item.Kind() == graph.List {
				return ""
			}
			items = append(items, item.Text())
		}
		text = "[" + strings.Join(items, ", ") + "]"
	}
	if len(text) > maxShown {
		text = strings.ToValidUTF8(text[:maxShown], "") + "…"
	}
	return text
}

// fixes are the steps of the control's fix, written for the fields that failed.
func (w *worker) fixes(n *graph.Node, m *control.Metadata, causes []control.Cause) []finding.Fix {
	if n.Kind == "Namespace" && analyze.OfTheSystem(n.Name) {
		return nil
	}
	var list []finding.Fix
	for _, step := range m.Fix.Steps {
		for _, f := range w.stepFixes(n, step, causes) {
			if !slices.Contains(list, f) {
				list = append(list, f)
			}
		}
	}
	return list
}

func (w *worker) stepFixes(n *graph.Node, step control.Step, causes []control.Cause) []finding.Fix {
	switch step.On {
	case "item":
		var list []finding.Fix
		for _, c := range causes {
			if c.Item.Exists() {
				list = append(list, w.newFix(n, step, c.Item, c.Field))
			}
		}
		return list
	case "pod", "template":
		v, ok := workload.Of(n)
		if !ok || !v.Template.Exists() {
			return nil
		}
		place := v.Template
		if step.On == "pod" {
			place = v.PodSpec
		}
		return []finding.Fix{w.newFix(n, step, place, graph.Value{})}
	case "namespace":
		f := w.newFix(n, step, graph.Value{}, graph.Value{})
		if n.Kind != "Namespace" {
			f.Node = graph.ObjectID("", "Namespace", "", n.Namespace)
		}
		return []finding.Fix{f}
	default:
		return []finding.Fix{w.newFix(n, step, graph.Value{}, graph.Value{})}
	}
}

func (w *worker) newFix(n *graph.Node, step control.Step, place, field graph.Value) finding.Fix {
	w.buffer = place.AppendPath(w.buffer[:0])
	if len(w.buffer) > 0 && step.Path != "" {
		w.buffer = append(w.buffer, '.')
	}
	w.buffer = append(w.buffer, step.Path...)
	return finding.Fix{Operation: step.Operation, Path: w.strings.internBytes(w.buffer), Value: filled(step.Value, n, field)}
}

// filled puts the names of the object into the value of a step.
func filled(value string, n *graph.Node, field graph.Value) string {
	if !strings.Contains(value, "{") {
		return value
	}
	return strings.NewReplacer(
		"{namespace}", scalar(n.Namespace), "{name}", scalar(n.Name), "{value}", scalar(field.Text()),
	).Replace(value)
}

// path is the path of a field, shared by all findings of the worker.
func (w *worker) path(v graph.Value, missing ...string) string {
	w.buffer = v.AppendPath(w.buffer[:0], missing...)
	return w.strings.internBytes(w.buffer)
}

// interner keeps one copy of each string: the paths in the findings of a large
// cluster are few and repeat a hundred thousand times. A copy also lets go of
// the document that a value was cut from.
type interner map[string]string

// maxInterned bounds what is kept; names that never repeat would fill it.
const maxInterned = 1 << 16

func (i interner) internBytes(b []byte) string {
	if s, ok := i[string(b)]; ok {
		return s
	}
	return i.keep(string(b))
}

func (i interner) intern(text string) string {
	if s, ok := i[text]; ok {
		return s
	}
	return i.keep(strings.Clone(text))
}

func (i interner) keep(s string) string {
	if len(i) < maxInterned {
		i[s] = s
	}
	return s
}

// scalar writes untrusted text so that YAML reads it as one string.
func scalar(text string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/"
	if text != "" && strings.Trim(text, plain) == "" && strings.IndexFunc(text, unicode.IsLetter) == 0 && !isWord(text) {
		return text
	}
	return strconv.Quote(text)
}

// isWord reports whether some reader of YAML takes the text for a boolean or
// null; namespaces may be called so.
func isWord(text string) bool {
	return slices.ContainsFunc([]string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}, func(word string) bool {
		return strings.EqualFold(text, word)
	})
}
