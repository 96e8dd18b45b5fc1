package version

import "strings"

// ForEcosystem is the order of an ecosystem as OSV names it, with or without a
// release: "Debian:12", "npm". It is false for one that foil does not know.
func ForEcosystem(ecosystem string) (Order, bool) {
	base, _, _ := strings.Cut(ecosystem, ":")
	switch base {
	case "Go", "npm", "crates.io", "Bitnami", "Kubernetes", "Hex", "SwiftURL":
		return Semver, true
	}
	return nil, false
}
