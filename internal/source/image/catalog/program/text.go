package program

import (
	"bytes"
	"strings"

	"github.com/foilsec/foil/internal/source/image/catalog"
)

// text are the files by which runtimes say what release they are.
func text(n *catalog.Name) (mark, bool) {
	switch {
	case n.Base == "release" && n.Size < 64<<10:
		return mark{name: "java", whole: javaRelease}, true
	case n.Base == "OTP_VERSION" && n.Size < 1<<10:
		return mark{name: "erlang", whole: firstLine}, true
	case n.Base == "version.php" && n.Parent() == "wp-includes" && n.Size < 64<<10:
		return mark{name: "wordpress", before: "$wp_version = '", after: "'", parts: 2}, true
	case n.Base == "VERSION" && n.Parent() == "go" && n.Size < 1<<10:
		return mark{name: "go", before: "go", parts: 2}, true
	}
	return mark{}, false
}

// javaRelease reads the line JAVA_VERSION="17.0.15". Old releases call
// themselves 1.8.0_402.
func javaRelease(content []byte) string {
	for line := range bytes.Lines(content) {
		if value, found := strings.CutPrefix(strings.TrimSpace(string(line)), "JAVA_VERSION="); found {
			return strings.Trim(value, `"`)
		}
	}
	return ""
}

func firstLine(content []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(content)), "\n")
	if version := versionAt([]byte(line)); version == line {
		return version
	}
	return ""
}
