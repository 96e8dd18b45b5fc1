package tree

import (
	"errors"
	"hash/maphash"
	"io/fs"
	"strings"
)

// ID names a node of one tree.
type ID uint32

// Root is the top folder of every tree.
const Root ID = 0

// Kind is what a node is.
type Kind uint8

// The kinds.
const (
	Gone     Kind = iota // was removed, or never set
	detached             // gone, and not on the list of its folder
	Implied              // a folder that only stands in the names of others
	Folder               // a folder with an entry of its own
	Regular              // a file with content
	Symlink              // a symbolic link
	Pending              // a hard link whose target is not in this tree
	Special              // a device, a pipe, a socket
)

func (k Kind) gone() bool { return k <= detached }

// Longest are the bounds of names on Linux; longer ones can't exist there.
const (
	LongestName = 255
	LongestPath = 4096
)

// MostNodes bounds a tree.
const MostNodes = 1 << 30

// Node is what is known of a name.
type Node struct {
	Kind  Kind
	Layer uint16      // of an image; zero in the tree of one layer
	Mode  fs.FileMode // permissions, set-user-ID and the like; no type, but OtherName
	Size  int64
	// Entry numbers the entry of the archive that holds the content, so that the
	// names of one file share it.
	Entry uint32
}

// OtherName is set in the mode of a hard link: another name of a file that is
// in the archive already.
const OtherName = fs.ModeIrregular

type node struct {
	size          int64
	parent        ID
	child, next   ID // the first child, the next one of the same parent; Root for none
	name          uint32
	entry, target uint32
	mode          fs.FileMode
	layer         uint16
	length        uint8
	kind          Kind
}

const chunk = 1 << 12

// Tree is a set of names. The zero value is not usable; see [New].
type Tree struct {
	chunks  [][]node
	count   int
	names   text // the last elements of paths
	targets text // of links
	table   []ID // hash table from parent and name; Root is empty
	seed    maphash.Seed
}

// New makes a tree with nothing but its root.
func New() *Tree {
	t := &Tree{table: make([]ID, 64), seed: maphash.MakeSeed()}
	t.targets.addLong("") // what is no link leads to
	t.chunks = [][]node{make([]node, 0, 64)}
	t.push(node{kind: Implied, mode: 0o755})
	return t
}

// Len is how many nodes there are, the removed ones included.
func (t *Tree) Len() int { return t.count }

func (t *Tree) at(id ID) *node { return &t.chunks[id/chunk][id%chunk] }

// push appends a node. Chunks are not copied once they are full, so that growth
// needs no second copy of a large tree.
func (t *Tree) push(n node) ID {
	last := len(t.chunks) - 1
	if len(t.chunks[last]) == chunk {
		t.chunks = append(t.chunks, make([]node, 0, chunk))
		last++
	}
	t.chunks[last] = append(t.chunks[last], n)
	t.count++
	return ID(t.count - 1)
}

func (t *Tree) hash(parent ID, name string) uint64 {
	return maphash.String(t.seed, name) ^ uint64(parent)*0x9E3779B97F4A7C15
}

// slot is the place of a name in the table, taken or free.
func (t *Tree) slot(parent ID, name string) int {
	mask := len(t.table) - 1
	for i := int(t.hash(parent, name)) & mask; ; i = (i + 1) & mask {
		id := t.table[i]
		if id == Root {
			return i
		}
		if n := t.at(id); n.parent == parent && t.names.is(n.name, n.length, name) {
			return i
		}
	}
}

// Child is the node of a name in a folder.
func (t *Tree) Child(parent ID, name string) (ID, bool) {
	id := t.table[t.slot(parent, name)]
	return id, id != Root && !t.at(id).kind.gone()
}

// ErrFull is what stops a tree that has grown too large.
var ErrFull = errors.New("too many names")

// Make is the node of a name in a folder. A new one is gone until it is set.
func (t *Tree) Make(parent ID, name string) (ID, error) {
	i := t.slot(parent, name)
	if id := t.table[i]; id != Root {
		t.attach(id)
		return id, nil
	}
	if t.count >= MostNodes || !t.names.fits() {
		return Root, ErrFull
	}
	first := t.at(parent).child
	id := t.push(node{parent: parent, next: first, name: t.names.add(name), length: uint8(len(name))})
	t.at(parent).child = id
	t.table[i] = id
	if 4*t.count > 3*len(t.table) {
		t.grow()
	}
	return id, nil
}

func (t *Tree) grow() {
	t.table = make([]ID, 2*len(t.table))
	for id := Root + 1; id < ID(t.count); id++ {
		t.table[t.slot(t.at(id).parent, t.Name(id))] = id
	}
}

// Node is what is known of a node.
func (t *Tree) Node(id ID) Node {
	n := t.at(id)
	if n.kind.gone() {
		return Node{}
	}
	return Node{Kind: n.kind, Layer: n.layer, Mode: n.mode, Size: n.size, Entry: n.entry}
}

// Set says what a node is. It leaves the names below it alone.
func (t *Tree) Set(id ID, to Node) {
	n := t.at(id)
	n.kind, n.layer, n.mode, n.size, n.entry, n.target = to.Kind, to.Layer, to.Mode, to.Size, to.Entry, 0
}

// SetLink says what a node is, and where it leads.
func (t *Tree) SetLink(id ID, to Node, target string) error {
	if !t.targets.fits() {
		return ErrFull
	}
	t.Set(id, to)
	t.at(id).target = t.targets.addLong(target)
	return nil
}

// Target is where a link leads, as it is written.
func (t *Tree) Target(id ID) string { return t.targets.long(t.at(id).target) }

// Name is the last element of the path.
func (t *Tree) Name(id ID) string {
	n := t.at(id)
	return t.names.get(n.name, int(n.length))
}

// Parent is the folder of a node.
func (t *Tree) Parent(id ID) ID { return t.at(id).parent }

// Path is the whole name, without a leading slash; empty for the root.
func (t *Tree) Path(id ID) string {
	var parts [64]string
	n := len(parts)
	for ; id != Root && n > 0; id = t.Parent(id) {
		n--
		parts[n] = t.Name(id)
	}
	path := strings.Join(parts[n:], "/")
	if id == Root {
		return path
	}
	return t.Path(id) + "/" + path
}

// Folder reports whether a node can have names below it.
func (k Kind) Folder() bool { return k == Folder || k == Implied }
