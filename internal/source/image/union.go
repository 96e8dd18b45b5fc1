package image

import (
	"cmp"
	"slices"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/layer"
	"github.com/foilsec/foil/internal/source/image/tree"
)

// content names the content of a file: the layer and the entry that hold it.
type content struct {
	layer uint16
	entry uint32
}

func contentOf(n tree.Node) content { return content{n.Layer, n.Entry} }

// union is the layers of an image laid over each other, with what the catalog
// said of their files.
type union struct {
	tree  *tree.Tree
	files []file
	of    map[content][]int // places in files
	seen  map[content]bool  // the catalog saw the content whole
	// before is the content that stood in the place of another one in the layers
	// below.
	before map[content]content
	gaps   []artifact.Gap
}

// file is what the catalog said of a file, and where it is in the union.
type file struct {
	layer.File
	content
	path    string // empty when it is not visible
	aliased bool   // the catalog was told another name, which leads to the file
}

func newUnion() *union {
	return &union{tree: tree.New(), of: map[content][]int{}, seen: map[content]bool{}, before: map[content]content{}}
}

// lay puts the next layer on top.
func (u *union) lay(n int, name string, r *layer.Result) error {
	for _, f := range r.Files {
		u.keep(f, uint16(n), false)
	}
	for _, entry := range r.Silent {
		u.seen[content{uint16(n), entry}] = true
	}
	u.gaps = append(u.gaps, r.Gaps...)
	r.Files = nil
	if n == 0 && r.Index.Settled() {
		u.tree = r.Index.Tree // nothing lies below: it is the union already
		return nil
	}
	dangling, err := u.tree.Lay(r.Index, uint16(n), u.replaced)
	for _, path := range dangling[:min(len(dangling), 8)] {
		u.gaps = append(u.gaps, artifact.Gap{Path: name + ": " + path, Reason: "it is a hard link to a file that is in no layer"})
	}
	return err
}

func (u *union) keep(f layer.File, n uint16, aliased bool) {
	at := content{n, f.Entry}
	u.seen[at] = true
	u.of[at] = append(u.of[at], len(u.files))
	u.files = append(u.files, file{File: f, content: at, aliased: aliased})
}

// replaced remembers what stood in the place of a file, where both say something.
func (u *union) replaced(old, by tree.Node) {
	was, is := contentOf(old), contentOf(by)
	if len(u.of[was]) > 0 && len(u.of[is]) > 0 && was.layer < is.layer {
		if _, known := u.before[is]; !known {
			u.before[is] = was
		}
	}
}

// locate finds the files that are visible. Of several names of one content the
// one counts that the catalog was told, else the first.
func (u *union) locate() {
	for id := range u.tree.All() {
		n := u.tree.Node(id)
		if n.Kind != tree.Regular {
			continue
		}
		for _, i := range u.of[contentOf(n)] {
			f := &u.files[i]
			path := u.tree.Path(id)
			switch {
			case f.aliased:
				f.path = f.Path
			case path == f.Path, f.path == "", f.path != f.Path && path < f.path:
				f.path = path
			}
		}
	}
}

// visible are the files that a container would see, by path.
func (u *union) visible() []*file {
	var list []*file
	for i := range u.files {
		if u.files[i].path != "" {
			list = append(list, &u.files[i])
		}
	}
	slices.SortFunc(list, func(a, b *file) int {
		return cmp.Or(cmp.Compare(a.path, b.path), cmp.Compare(a.layer, b.layer), cmp.Compare(a.entry, b.entry))
	})
	return list
}

// all are the files of all layers, from the lowest up, in the order of their
// archives.
func (u *union) all() []*file {
	list := make([]*file, len(u.files))
	for i := range u.files {
		list[i] = &u.files[i]
	}
	slices.SortStableFunc(list, func(a, b *file) int {
		return cmp.Or(cmp.Compare(a.layer, b.layer), cmp.Compare(a.entry, b.entry))
	})
	return list
}
