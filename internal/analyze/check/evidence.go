package check

import (
	"fmt"
	"strings"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// At is a field of the finding's own object.
func At(field graph.Value) finding.Evidence { return Of("", field) }

// Of is a field of another object.
func Of(node graph.NodeID, field graph.Value) finding.Evidence {
	return finding.Evidence{Node: node, Path: field.Path(), Value: summary(field), Position: field.Position()}
}

// Unset is a field of the finding's own object that is not there; parent is the
// nearest value around it that is.
func Unset(parent graph.Value, name string) finding.Evidence {
	return finding.Evidence{Path: join(parent.Path(), name), Position: parent.Position(), Unset: true}
}

// Object is another object as a whole.
func Object(n *graph.Node) finding.Evidence {
	return finding.Evidence{Node: n.ID, Position: n.Provenance.Position}
}

// Note is a fact in words about a node; empty for the finding's own.
func Note(node graph.NodeID, text lang.Text) finding.Evidence {
	return finding.Evidence{Node: node, Note: text}
}

// Say fills the placeholders of a sentence, in every language in the order of
// the arguments.
func Say(sentence lang.Text, args ...any) lang.Text {
	return lang.Text{EN: fmt.Sprintf(sentence.EN, args...), ZH: fmt.Sprintf(sentence.ZH, args...)}
}

// Name is the object as people write it: "Deployment shop/kitchen".
func Name(id graph.NodeID) string {
	_, kind, namespace, name, ok := id.Object()
	name, _, _ = strings.Cut(name, "@") // the origin of a second object of this name
	switch {
	case !ok:
		return string(id)
	case namespace == "":
		return kind + " " + name
	}
	return kind + " " + namespace + "/" + name
}

// maxSummary bounds how many members of a map or list a summary shows.
const maxSummary = 8

// summary is a scalar as written, and a short form of a map or list.
func summary(v graph.Value) string {
	var parts []string
	switch v.Kind() {
	case graph.Map:
		for key, field := range v.Fields() {
			parts = append(parts, key+"="+nested(field))
		}
	case graph.List:
		for _, item := range v.Items() {
			parts = append(parts, nested(item))
		}
	default:
		return v.Text()
	}
	if len(parts) > maxSummary {
		parts = append(parts[:maxSummary], "…")
	}
	return strings.Join(parts, ", ")
}

func nested(v graph.Value) string {
	if v.Kind() == graph.Map || v.Kind() == graph.List {
		return "{" + summary(v) + "}"
	}
	return v.Text()
}
