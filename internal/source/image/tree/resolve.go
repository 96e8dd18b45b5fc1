package tree

import (
	"errors"
	"fmt"
	"strings"
)

// MostLinks is how many links are followed on one way, as on Linux.
const MostLinks = 40

// Why a name leads nowhere.
var (
	ErrLoop     = errors.New("too many links on the way: they lead in a circle")
	ErrNotExist = errors.New("no such file")
)

// Lookup finds a path and follows links, inside the root: ".." at the root
// stays there.
func (t *Tree) Lookup(path string) (ID, error) { return t.resolve(path, MostLinks, true) }

// LookupLink finds a path, and does not follow a link in its last element.
func (t *Tree) LookupLink(path string) (ID, error) { return t.resolve(path, MostLinks, false) }

// LookupWithin is Lookup with another bound of links.
func (t *Tree) LookupWithin(path string, links int) (ID, error) { return t.resolve(path, links, true) }

func (t *Tree) resolve(path string, links int, last bool) (ID, error) {
	at, rest := Root, path
	for rest != "" {
		name, after, more := strings.Cut(rest, "/")
		rest = after
		switch name {
		case "", ".":
			continue
		case "..":
			at = t.Parent(at)
			continue
		}
		id, ok := t.Child(at, name)
		if !ok {
			return Root, fmt.Errorf("%s: %w", path, ErrNotExist)
		}
		kind := t.at(id).kind
		if kind != Symlink || !more && !last {
			if more && !kind.Folder() && strings.Trim(rest, "/") != "" {
				return Root, fmt.Errorf("%s: %w: %s is no folder", path, ErrNotExist, t.Path(id))
			}
			at = id
			continue
		}
		if links--; links < 0 || len(rest) > 2*LongestPath {
			return Root, fmt.Errorf("%s: %w", path, ErrLoop)
		}
		at, rest = t.follow(at, id, rest)
	}
	return at, nil
}

// follow goes on from a link in a folder, with the rest of the path behind it.
func (t *Tree) follow(folder, link ID, rest string) (at ID, path string) {
	target := t.Target(link)
	if strings.HasPrefix(target, "/") {
		folder = Root
	}
	if rest == "" {
		return folder, target
	}
	return folder, target + "/" + rest
}

// Place makes the folders on the way to a path, as unpacking it would: through
// the links that are there, and in place of files. It returns the folder of the
// last element.
func (t *Tree) Place(folder string) (ID, error) {
	at, rest, links := Root, folder, MostLinks
	for rest != "" {
		name, after, _ := strings.Cut(rest, "/")
		rest = after
		switch name {
		case "", ".":
			continue
		case "..":
			at = t.Parent(at)
			continue
		}
		if len(name) > LongestName {
			return Root, ErrLongName
		}
		id, err := t.Make(at, name)
		if err != nil {
			return Root, err
		}
		switch kind := t.at(id).kind; {
		case kind == Symlink:
			if links--; links < 0 || len(rest) > 2*LongestPath {
				return Root, fmt.Errorf("%s: %w", folder, ErrLoop)
			}
			at, rest = t.follow(at, id, rest)
			continue
		case !kind.Folder():
			t.Set(id, Node{Kind: Implied, Mode: 0o755})
		}
		at = id
	}
	return at, nil
}

// ErrLongName is what no file system could hold.
var ErrLongName = errors.New("the name is longer than a file system holds")
