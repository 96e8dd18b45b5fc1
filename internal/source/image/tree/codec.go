package tree

import (
	"encoding/binary"
	"errors"
	"io/fs"
)

// ErrDamaged is the error of bytes that Append did not write.
var ErrDamaged = errors.New("the list of names is damaged")

// Append writes a tree to the end of a buffer, so that Decode can read it. What
// is gone is left out.
func (t *Tree) Append(buffer []byte) []byte {
	root := t.at(Root)
	buffer = append(buffer, byte(root.kind))
	buffer = binary.AppendUvarint(buffer, uint64(root.mode))
	return t.appendFolder(buffer)
}

// appendFolder writes the nodes folder by folder, each list ended by a zero.
func (t *Tree) appendFolder(buffer []byte) []byte {
	queue := []ID{Root}
	for len(queue) > 0 {
		folder := queue[0]
		queue = queue[1:]
		for id := range t.Children(folder) {
			n := t.at(id)
			buffer = append(buffer, byte(n.kind), n.length)
			buffer = append(buffer, t.names.bytes(n.name, int(n.length))...)
			buffer = binary.AppendUvarint(buffer, uint64(n.mode))
			switch n.kind {
			case Regular:
				buffer = binary.AppendUvarint(buffer, uint64(n.size))
				buffer = binary.AppendUvarint(buffer, uint64(n.entry))
			case Symlink, Pending:
				target := t.Target(id)
				buffer = binary.AppendUvarint(buffer, uint64(len(target)))
				buffer = append(buffer, target...)
			case Folder, Implied:
				queue = append(queue, id)
			}
		}
		buffer = append(buffer, 0)
	}
	return buffer
}

// Decode reads a tree and returns what follows it.
func Decode(buffer []byte) (*Tree, []byte, error) {
	d := decoder{rest: buffer}
	t := New()
	kind, mode := d.byte(), d.number()
	if !Kind(kind).Folder() {
		return nil, nil, ErrDamaged
	}
	t.Set(Root, Node{Kind: Kind(kind), Mode: fs.FileMode(mode)})
	queue := []ID{Root}
	for len(queue) > 0 && !d.bad {
		folder := queue[0]
		queue = queue[1:]
		for kind := d.byte(); kind != 0 && !d.bad; kind = d.byte() {
			id := d.node(t, folder, Kind(kind))
			if Kind(kind).Folder() {
				queue = append(queue, id)
			}
		}
	}
	if d.bad {
		return nil, nil, ErrDamaged
	}
	return t, d.rest, nil
}

type decoder struct {
	rest []byte
	bad  bool
}

func (d *decoder) node(t *Tree, folder ID, kind Kind) ID {
	name := d.text(int(d.byte()))
	n := Node{Kind: kind, Mode: fs.FileMode(d.number())}
	if kind > Special || name == "" {
		d.bad = true
		return Root
	}
	id, err := t.Make(folder, name)
	if err != nil {
		d.bad = true
		return Root
	}
	switch kind {
	case Regular:
		n.Size, n.Entry = int64(d.number()), uint32(d.number())
		t.Set(id, n)
	case Symlink, Pending:
		length := d.number()
		if length > LongestPath || t.SetLink(id, n, d.text(int(length))) != nil {
			d.bad = true
		}
	default:
		t.Set(id, n)
	}
	return id
}

func (d *decoder) byte() byte {
	if len(d.rest) == 0 {
		d.bad = true
		return 0
	}
	b := d.rest[0]
	d.rest = d.rest[1:]
	return b
}

func (d *decoder) number() uint64 {
	n, size := binary.Uvarint(d.rest)
	if size <= 0 {
		d.bad = true
		return 0
	}
	d.rest = d.rest[size:]
	return n
}

func (d *decoder) text(length int) string {
	if length > len(d.rest) {
		d.bad = true
		return ""
	}
	s := string(d.rest[:length])
	d.rest = d.rest[length:]
	return s
}
