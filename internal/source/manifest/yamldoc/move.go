package yamldoc

import "github.com/foilsec/foil/internal/graph"

// Mover copies documents to other positions, for text that was made out of
// another: a document that was decoded from a rendered template goes back to
// the lines of the template. The zero Mover is ready; it is not safe for
// concurrent use.
type Mover struct{ builder graph.DocumentBuilder }

// Move copies a document; place gives each value its new position.
func (m *Mover) Move(d *graph.Document, place func(graph.Value) graph.Position) (*graph.Document, error) {
	m.value("", d.Root(), place)
	return m.builder.Finish()
}

func (m *Mover) value(name string, v graph.Value, place func(graph.Value) graph.Position) {
	at := place(v)
	switch v.Kind() {
	case graph.Map:
		m.builder.OpenMap(name, at)
		for key, field := range v.Fields() {
			m.value(key, field, place)
		}
		m.builder.Close()
	case graph.List:
		m.builder.OpenList(name, at)
		for _, item := range v.Items() {
			m.value("", item, place)
		}
		m.builder.Close()
	case graph.String:
		m.builder.String(name, v.Str(), at)
	case graph.Bool:
		m.builder.Bool(name, v.True(), at)
	case graph.Int:
		n, _ := v.Int()
		m.builder.Int(name, n, at)
	case graph.Float:
		f, _ := v.Float()
		m.builder.Float(name, f, at)
	default:
		m.builder.Null(name, at)
	}
}
