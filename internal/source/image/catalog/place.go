package catalog

import "strings"

// IsTrial reports whether a file stands among tests, fixtures or examples below
// a folder: packages that it speaks of are not installed.
func IsTrial(below string) bool {
	for rest := below; rest != ""; {
		var segment string
		segment, rest, _ = strings.Cut(rest, "/")
		switch segment {
		case "test", "tests", "__tests__", "testdata", "test-data", "testing", "fixture", "fixtures", "__fixtures__", "test-fixtures",
			"spec", "specs", "example", "examples", "demo", "demos", "mock", "mocks", "__mocks__", "benchmark", "benchmarks":
			return true
		}
	}
	return false
}

// Inside cuts a path behind the last folder of a name: what it holds.
func Inside(path, folder string) (inside string, found bool) {
	if at := strings.LastIndex(path, "/"+folder+"/"); at >= 0 {
		return path[at+len(folder)+2:], true
	}
	if rest, found := strings.CutPrefix(path, folder+"/"); found {
		return rest, true
	}
	return path, false
}
