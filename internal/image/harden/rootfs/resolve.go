package rootfs

import (
	"errors"
	"fmt"
	"path"
	"strings"
)

// The reasons why a name can't be followed.
var (
	ErrNotExist = errors.New("no such file or folder in the image")
	ErrLoop     = errors.New("too many links")
)

// mostLinks is what Linux allows in one lookup.
const mostLinks = 40

// Resolve follows a name as a process in the image would, and says which links
// it went through. A relative name is taken from the root.
func (t *Tree) Resolve(name string) (real string, links []string, err error) {
	return t.walk(name)
}

// Locate follows all of a name but its last part: where an entry of that name
// is, or would be made.
func (t *Tree) Locate(name string) (string, error) {
	p := clean(name)
	if p == "" {
		return "", nil
	}
	folder, _, err := t.walk(parent(p))
	if errors.Is(err, ErrNotExist) {
		// What is missing is made as the name says, below what can be followed.
		return t.resolveMissing(p)
	}
	if err != nil {
		return "", err
	}
	return path.Join(folder, path.Base(p)), nil
}

// resolveMissing follows the part of a name that exists and adds the rest.
func (t *Tree) resolveMissing(p string) (string, error) {
	parts := strings.Split(p, "/")
	for n := len(parts) - 1; n > 0; n-- {
		folder, _, err := t.walk(strings.Join(parts[:n], "/"))
		if err == nil {
			return path.Join(folder, strings.Join(parts[n:], "/")), nil
		}
		if !errors.Is(err, ErrNotExist) {
			return "", err
		}
		if e := t.Lookup(strings.Join(parts[:n], "/")); e != nil && e.Kind == Link {
			return "", fmt.Errorf("%s: the link leads nowhere: %w", p, err)
		}
	}
	return p, nil
}

// walk follows a name part by part.
func (t *Tree) walk(name string) (string, []string, error) {
	rest, at := splitName(name), ""
	var links []string
	for len(rest) > 0 {
		part := rest[0]
		rest = rest[1:]
		if part == ".." {
			at = parent(at)
			continue
		}
		next := path.Join(at, part)
		e := t.entries[next]
		switch {
		case e == nil:
			return "", links, fmt.Errorf("%s: %w", name, ErrNotExist)
		case e.Kind != Link:
			at = next
			continue
		case len(links) == mostLinks:
			return "", links, fmt.Errorf("%s: %w", name, ErrLoop)
		}
		links = append(links, next)
		if path.IsAbs(e.Target) {
			at = ""
		}
		rest = append(splitName(e.Target), rest...)
	}
	return at, links, nil
}

// splitName is the parts of a name, without those that lead nowhere.
func splitName(name string) []string {
	var parts []string
	for part := range strings.SplitSeq(name, "/") {
		if part != "" && part != "." {
			parts = append(parts, part)
		}
	}
	return parts
}
