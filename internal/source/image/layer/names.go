package layer

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/source/image/tree"
)

// The names by which a layer takes away what is below it (OCI image spec).
const (
	whiteout  = ".wh."
	opaque    = ".wh..wh..opq"
	unionMeta = ".wh..wh." // bookkeeping of an old union file system
)

// names enters the names of an archive into an index, as unpacking it into an
// empty folder would.
type names struct {
	index *tree.Index
	// The folder of the entry before, since most entries lie beside it.
	folder string
	id     tree.ID
	path   string
	valid  bool

	refused []refusal
}

// refusal counts the entries that were refused for one reason.
type refusal struct {
	reason, first string
	count         int
}

// place is where an entry goes.
type place struct {
	id   tree.ID
	path string // through the links of this layer
}

// place finds where an entry goes. It is not ok when there is nothing to set,
// since the entry is a mark or was refused.
func (n *names) place(name string) (place, bool, error) {
	clean, reason := cleanName(name)
	if reason != "" {
		n.refuse(name, reason)
		return place{}, false, nil
	}
	if clean == "" {
		return place{id: tree.Root}, true, nil
	}
	folder, base := "", clean
	if i := strings.LastIndexByte(clean, '/'); i >= 0 {
		folder, base = clean[:i], clean[i+1:]
	}
	if ok, err := n.enter(name, folder); !ok || err != nil {
		return place{}, false, err
	}
	if strings.HasPrefix(base, whiteout) {
		n.mark(name, base)
		return place{}, false, nil
	}
	id, err := n.index.Make(n.id, base)
	if err != nil {
		return place{}, false, err
	}
	if n.path == "" {
		return place{id, base}, true, nil
	}
	if n.path == folder {
		return place{id, clean}, true, nil
	}
	return place{id, n.path + "/" + base}, true, nil
}

// enter goes to the folder of an entry.
func (n *names) enter(name, folder string) (bool, error) {
	if n.valid && n.folder == folder {
		return true, nil
	}
	id, err := n.index.Place(folder)
	switch {
	case errors.Is(err, tree.ErrFull):
		return false, err
	case err != nil:
		n.refuse(name, err.Error())
		return false, nil
	}
	n.folder, n.id, n.path, n.valid = strings.Clone(folder), id, n.index.Path(id), true
	return true, nil
}

// mark takes note of a whiteout. Only the exact base name counts.
func (n *names) mark(name, base string) {
	switch hidden := base[len(whiteout):]; {
	case base == opaque:
		n.index.Opaque = append(n.index.Opaque, n.path)
	case strings.HasPrefix(base, unionMeta):
	case hidden == "", hidden == ".", hidden == "..":
		n.refuse(name, "it would remove a folder from inside")
	default:
		n.index.Whiteouts = append(n.index.Whiteouts, tree.Whiteout{Folder: n.path, Name: strings.Clone(hidden)})
	}
}

func (n *names) set(at place, to tree.Node) error {
	if at.id == tree.Root {
		if to.Kind == tree.Folder {
			n.index.Set(tree.Root, to)
		}
		return nil
	}
	n.vacate(at.id, to.Kind)
	n.index.Set(at.id, to)
	return nil
}

// vacate removes a folder that something else takes the place of.
func (n *names) vacate(id tree.ID, by tree.Kind) {
	was := n.index.Node(id).Kind
	if was.Folder() && !by.Folder() {
		n.index.Clear(id, 0)
		n.valid = false
	}
	if was == tree.Symlink {
		n.valid = false
	}
}

func (n *names) link(at place, to tree.Node, target string) error {
	if at.id == tree.Root {
		n.refuse("/", "the root can't be a link")
		return nil
	}
	if len(target) > tree.LongestPath || strings.IndexByte(target, 0) >= 0 {
		n.refuse(at.path, "it leads to a name that can't exist")
		return nil
	}
	n.vacate(at.id, to.Kind)
	return n.index.SetLink(at.id, to, target)
}

// hardLink gives a file another name. The file may be one of a lower layer.
func (n *names) hardLink(at place, target string) error {
	clean, reason := cleanName(target)
	if reason != "" || clean == "" {
		n.refuse(at.path, "it is a hard link to a name that can't be in an image")
		return nil
	}
	id, err := n.index.LookupLink(clean)
	to := n.index.Node(id)
	switch {
	case at.id == tree.Root, err == nil && (id == at.id || to.Kind.Folder()):
		n.refuse(at.path, "it is a hard link to itself or to a folder")
		return nil
	case err != nil || to.Kind == tree.Pending:
		return n.link(at, tree.Node{Kind: tree.Pending}, clean)
	case to.Kind == tree.Symlink:
		return n.link(at, to, n.index.Target(id))
	}
	to.Mode |= tree.OtherName
	return n.set(at, to)
}

const mostRefusals = 16

func (n *names) refuse(name, reason string) {
	reason, _, _ = strings.Cut(reason, "\n")
	if i := slices.IndexFunc(n.refused, func(r refusal) bool { return r.reason == reason }); i >= 0 {
		n.refused[i].count++
	} else if len(n.refused) < mostRefusals {
		n.refused = append(n.refused, refusal{reason, name, 1})
	} else {
		n.refused[mostRefusals-1].count++
	}
}

// report makes a gap of each reason to refuse entries.
func (n *names) report(gap func(path, reason string)) {
	for _, r := range n.refused {
		text := "refused: " + r.reason
		if r.count > 1 {
			text = fmt.Sprintf("%s (and %d more entries)", text, r.count-1)
		}
		gap(fmt.Sprintf("%.200q", r.first), text)
	}
}

// cleanName is a name in the one form that names have in an index. It says why
// when the name can't be in an image.
func cleanName(name string) (clean, reason string) {
	if strings.IndexByte(name, 0) >= 0 {
		return "", "a zero byte is in the name"
	}
	name = strings.Trim(name, "/")
	if len(name) > tree.LongestPath {
		return "", tree.ErrLongName.Error()
	}
	if isClean(name) {
		return name, lengths(name)
	}
	parts := strings.Split(name, "/")
	if slices.Contains(parts, "..") {
		return "", `".." is in the name, which could lead out of the image`
	}
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" || p == "." })
	name = strings.Join(parts, "/")
	return name, lengths(name)
}

// isClean reports whether no element of a name is empty or made of dots only.
func isClean(name string) bool {
	for i := 0; i < len(name); {
		if name[i] == '/' || name[i] == '.' && strings.Trim(element(name[i:]), ".") == "" {
			return false
		}
		i += len(element(name[i:])) + 1
	}
	return true
}

func element(name string) string {
	if i := strings.IndexByte(name, '/'); i >= 0 {
		return name[:i]
	}
	return name
}

func lengths(name string) string {
	for part := range strings.SplitSeq(name, "/") {
		if len(part) > tree.LongestName {
			return tree.ErrLongName.Error()
		}
	}
	return ""
}
