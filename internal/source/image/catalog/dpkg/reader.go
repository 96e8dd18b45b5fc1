package dpkg

import (
	"context"
	"strings"

	"github.com/foilsec/foil/internal/source/image/catalog"
)

// Readers are the readers of databases and of file lists.
func Readers() []catalog.Reader {
	return []catalog.Reader{
		{Version: "dpkg 1", Ecosystems: []string{"Debian", "Ubuntu"}, Wants: all(isDatabase), Read: readDatabase},
		{Version: "dpkg-list 1", Wants: all(isList), Read: readList},
	}
}

func all(is func(*catalog.Name) bool) func(*catalog.Name) catalog.Wish {
	return func(n *catalog.Name) catalog.Wish {
		if is(n) {
			return catalog.All
		}
		return catalog.Nothing
	}
}

func isDatabase(n *catalog.Name) bool {
	switch {
	case n.Base == "status":
		return n.Dir == "var/lib/dpkg" || isOpkg(n)
	case n.Dir != "var/lib/dpkg/status.d":
		return false
	}
	return !strings.HasSuffix(n.Base, ".md5sums")
}

func isOpkg(n *catalog.Name) bool {
	return n.Dir == "usr/lib/opkg" || n.Dir == "var/lib/opkg" || n.Dir == "var/lib/opkg/status.d"
}

func isList(n *catalog.Name) bool {
	switch {
	case strings.HasSuffix(n.Base, ".list"):
		return n.Dir == "var/lib/dpkg/info"
	case strings.HasSuffix(n.Base, ".md5sums"):
		return n.Dir == "var/lib/dpkg/status.d"
	}
	return false
}

func readDatabase(ctx context.Context, f *catalog.File) (catalog.Found, error) {
	name := f.Name()
	d := database{path: f.Path, kind: "deb", separate: name.Dir == "var/lib/dpkg/status.d"}
	if isOpkg(&name) {
		d.kind = "opkg"
	}
	err := d.read(ctx, f)
	return catalog.Found{Packages: d.settled()}, err
}
