package program

import (
	"strings"

	"github.com/foilsec/foil/internal/source/image/catalog"
)

// mark is how the version is written into a program.
type mark struct {
	name   string // of the package
	before string // what stands before the version
	kept   string // how the version goes on to begin, where that is known
	after  string // what stands behind it; nothing in particular when empty
	near   string // what stands somewhere behind it
	parts  int    // at least so many numbers with dots between
	whole  func(content []byte) string
}

// markOf is how a file is recognised.
func markOf(n *catalog.Name) (mark, bool) {
	if !n.Executable && !strings.Contains(n.Base, ".so") {
		return text(n)
	}
	for _, of := range []func(string) mark{server, interpreter, library} {
		if m := of(n.Base); m.name != "" {
			return m, true
		}
	}
	return text(n)
}

func server(base string) mark {
	switch base {
	case "redis-server", "redis-check-rdb":
		return mark{name: "redis", whole: redis}
	case "nginx":
		return mark{name: "nginx", before: "nginx version: nginx/", parts: 3}
	case "haproxy":
		return mark{name: "haproxy", before: " version ", near: ", released 20", parts: 3}
	case "httpd", "apache2":
		return mark{name: "httpd", before: "Apache/", parts: 3}
	case "postgres":
		return mark{name: "postgresql", before: "PostgreSQL ", near: " on ", parts: 2}
	case "mysqld":
		return mark{name: "mysql", before: "/mysql-", after: "/", parts: 3}
	case "mariadbd":
		return mark{name: "mariadb", after: "-MariaDB", parts: 3}
	case "memcached":
		return mark{name: "memcached", before: "memcached ", parts: 3}
	case "envoy":
		return mark{name: "envoy", after: "/Clean/RELEASE", parts: 3}
	}
	return mark{}
}

func interpreter(base string) mark {
	switch base {
	case "node", "nodejs":
		return mark{name: "node", before: "node.js/v", parts: 3}
	case "perl":
		return mark{name: "perl", before: "\x00v", kept: "5.", after: "\x00", parts: 3}
	case "ruby":
		return mark{name: "ruby", before: "ruby ", near: " (", parts: 3}
	case "php", "php-fpm", "libphp.so":
		return mark{name: "php", before: "X-Powered-By: PHP/", parts: 3}
	case "bash":
		return mark{name: "bash", before: "@(#)Bash version ", parts: 3}
	case "busybox":
		return mark{name: "busybox", before: "BusyBox v", parts: 3}
	case "curl":
		return mark{name: "curl", before: "curl ", near: " (", parts: 3}
	case "openssl":
		return mark{name: "openssl", before: "OpenSSL ", after: " ", parts: 3}
	}
	if minor, found := strings.CutPrefix(base, "python"); found {
		return python(minor)
	}
	if release, found := strings.CutPrefix(base, "php"); found && isNumbers(release) {
		return mark{name: "php", before: "X-Powered-By: PHP/", parts: 3}
	}
	return mark{}
}

func library(base string) mark {
	switch {
	case strings.HasPrefix(base, "libcrypto.so"):
		return mark{name: "openssl", before: "OpenSSL ", after: " ", parts: 3}
	case strings.HasPrefix(base, "libruby"):
		return mark{name: "ruby", before: "ruby ", near: " (", parts: 3}
	}
	rest, found := strings.CutPrefix(base, "libpython")
	minor, _, library := strings.Cut(rest, ".so")
	if found && library {
		return python(strings.TrimRight(minor, "mdu"))
	}
	return mark{}
}

// python looks for the release of a line such as 3.12. Linkers let the text end
// others, so that nothing in particular stands before.
func python(minor string) mark {
	if !isNumbers(minor) || !strings.Contains(minor, ".") {
		return mark{}
	}
	return mark{name: "python", kept: minor + ".", after: "\x00", parts: 3}
}

func isNumbers(text string) bool { return text != "" && strings.Trim(text, "0123456789.") == "" }
