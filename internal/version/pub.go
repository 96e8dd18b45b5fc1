package version

// Pub is the order of Dart's packages: Semantic Versioning, where a build comes
// after the same version without one and builds are compared like pre-releases.
func Pub(a, b string) (int, error) {
	x, y, err := parseSemvers(a, b)
	if err != nil {
		return 0, err
	}
	if n := x.compare(&y, comparePreRelease); n != 0 {
		return n, nil
	}
	if x.build == "" || y.build == "" {
		return sign(len(x.build) - len(y.build)), nil
	}
	return comparePreRelease(x.build, y.build), nil
}
