package program

import (
	"bytes"
	"strings"
)

// redis finds the version of Redis. It stands by itself between two zeros, as
// those of libraries do; and it begins the mark of the build, which ends in the
// time: "7.2.4builder-1706123456000000000".
func redis(content []byte) string {
	const mostCandidates = 64
	candidates := 0
	for from := 0; candidates < mostCandidates; {
		next := bytes.IndexByte(content[from:], 0)
		if next < 0 {
			return ""
		}
		from += next + 1
		version := versionAt(content[from:min(from+32, len(content))])
		end := from + len(version)
		if strings.Count(version, ".") != 2 || end >= len(content) || content[end] != 0 {
			continue
		}
		if candidates++; beginsBuild(content, version) {
			return version
		}
	}
	return ""
}

func beginsBuild(content []byte, version string) bool {
	const digits = 10
	for from := 0; ; {
		next := bytes.Index(content[from:], []byte(version))
		if next < 0 {
			return false
		}
		from += next + len(version)
		end := from
		for end < len(content) && end-from < 200 && (isLetter(content[end]) || inVersion(content[end]) || content[end] == '-' || content[end] == '_') {
			end++
		}
		start := end
		for start > from && '0' <= content[start-1] && content[start-1] <= '9' {
			start--
		}
		if end-start >= digits {
			return true
		}
	}
}
