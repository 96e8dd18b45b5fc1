package graph

// Document is one object as it was read: an immutable tree of maps, lists and
// scalars with the position of every field. The tree is kept flat, in
// preorder, without pointers: a cluster of 20,000 objects is a few large
// allocations that the garbage collector never scans.
//
// Documents are made by a [DocumentBuilder] and read through [Value].
type Document struct {
	nodes []node
	text  string
	files []string
}

// node is one element of the flat tree. Strings are offsets into the text of
// the document; a number keeps its 64 bits in value and size.
type node struct {
	key    uint32 // offset of the field name, when the parent is a map
	keyLen uint32
	value  uint32 // offset of a string; high half of a number
	size   uint32 // length of a string, low half of a number, count of children
	end    uint32 // index after the last node of this subtree
	line   uint32
	column uint16
	file   uint16
	kind   ValueKind
}

// ValueKind is the type of a value in a document.
type ValueKind uint8

// The kinds of value that YAML and JSON share. Absent is the kind of a value
// that is not there, as of a field that was not set.
const (
	Absent ValueKind = iota
	Null
	Bool
	Int
	Float
	String
	Map
	List
)

// Position says where a value stands in the file it came from. Line and Column
// count from 1; a zero Line means that the position is not known, as for
// objects read from an API server.
type Position struct {
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// Root is the top value of the document.
func (d *Document) Root() Value {
	if d == nil || len(d.nodes) == 0 {
		return Value{}
	}
	return Value{doc: d}
}

// Len is the number of values in the document, containers included.
func (d *Document) Len() int { return len(d.nodes) }

func (d *Document) str(offset, length uint32) string {
	return d.text[offset : offset+length]
}

// Extent is the size of a value in the measures that bound what an expression
// over it can cost.
type Extent struct {
	Values   int // values in and below it
	Children int // the largest number of children of any container
	Text     int // bytes of the longest string
	AllText  int // bytes of all strings together
}

// Extent measures a value; it is zero for an absent one.
func (v Value) Extent() (x Extent) {
	if v.doc == nil {
		return x
	}
	end := v.doc.nodes[v.index].end
	x.Values = int(end - v.index)
	for i := v.index; i < end; i++ {
		n := &v.doc.nodes[i]
		switch n.kind {
		case Map, List:
			x.Children = max(x.Children, int(n.size))
		case String:
			x.Text = max(x.Text, int(n.size))
			x.AllText += int(n.size)
		}
	}
	return x
}

// At is value number i of the document in the order of the text, 0 being the
// root; absent when there are not so many. With [Value.Index] it names a value
// across runs for as long as the document stays the same.
func (d *Document) At(i int) Value {
	if i < 0 || i >= len(d.nodes) {
		return Value{}
	}
	return Value{doc: d, index: uint32(i)}
}

// Index is the number of the value in its document; -1 for an absent value.
func (v Value) Index() int {
	if v.doc == nil {
		return -1
	}
	return int(v.index)
}
