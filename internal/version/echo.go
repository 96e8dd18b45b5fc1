package version

import "strings"

// echo is the order of what Echo builds: packages of its own distribution, or
// of the ecosystem that the suffix names.
func echo(suffix string) Order {
	switch strings.ToLower(suffix) {
	case "npm":
		return EchoNPM
	case "pypi":
		return Python
	case "maven":
		return Maven
	}
	return Debian
}

// EchoNPM is Semver, where the number of a build "+echo.2" counts.
func EchoNPM(a, b string) (int, error) {
	x, y, err := parseSemvers(a, b)
	if err != nil {
		return 0, err
	}
	return firstOf(x.compare(&y, comparePreRelease), compareNumbers(echoBuild(x.build), echoBuild(y.build))), nil
}

func echoBuild(build string) string {
	rest, found := strings.CutPrefix(build, "echo.")
	if !found {
		return ""
	}
	number, _ := digits(rest)
	return number
}
