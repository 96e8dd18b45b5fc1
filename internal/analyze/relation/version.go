package relation

import (
	"regexp"
	"strconv"
)

// version is a version of three numbers.
type version struct{ major, minor, patch int }

var versionPattern = regexp.MustCompile(`^v?([0-9]{1,9})\.([0-9]{1,9})\.([0-9]{1,9})`)

// parseVersion reads "v1.22.1" with or without the letter and with anything
// behind it, as clouds append: "v1.22.1-gke.100".
func parseVersion(text string) (version, bool) {
	parts := versionPattern.FindStringSubmatch(text)
	if parts == nil {
		return version{}, false
	}
	var numbers [3]int
	for i := range numbers {
		numbers[i], _ = strconv.Atoi(parts[i+1]) // the pattern admits digits only
	}
	return version{numbers[0], numbers[1], numbers[2]}, true
}
