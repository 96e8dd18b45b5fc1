package prune

import (
	"fmt"
	"slices"
	"strings"
)

// Level is how much goes.
type Level string

// The levels.
const (
	// System removes whole packages that are not used and that nothing used
	// depends on. The base system stays complete.
	System Level = "system"
	// App keeps what the program uses, and nothing for administrators: no shell,
	// no package manager, unless the program uses them.
	App Level = "app"
)

// Levels lists the levels.
func Levels() []Level { return []Level{App, System} }

// ParseLevel reads a level.
func ParseLevel(text string) (Level, error) {
	if !slices.Contains(Levels(), Level(text)) {
		return "", fmt.Errorf("level %q: there are app and system", text)
	}
	return Level(text), nil
}

// pinned reports whether a package never goes as a whole: the C library, the
// release, users, names of services, certificates, time zones, name services.
func pinned(name string) bool {
	switch name {
	case "base-files", "base-passwd", "netbase", "ca-certificates", "tzdata", "libc6", "musl", "media-types",
		"alpine-baselayout", "alpine-baselayout-data", "alpine-release", "alpine-keys", "ca-certificates-bundle":
		return true
	}
	return strings.HasPrefix(name, "libnss-")
}
