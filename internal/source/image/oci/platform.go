package oci

import (
	"fmt"
	"runtime"
	"strings"
)

// Platform is what an image runs on.
type Platform struct {
	OS           string `json:"os"`
	Architecture string `json:"architecture"`
	Variant      string `json:"variant,omitempty"`
}

// String is the usual form: "linux/arm64/v8".
func (p Platform) String() string {
	if p.OS == "" && p.Architecture == "" {
		return ""
	}
	text := p.OS + "/" + p.Architecture
	if p.Variant != "" {
		text += "/" + p.Variant
	}
	return text
}

// ParsePlatform reads "linux/amd64", "arm64" or "linux/arm/v7". Nothing means
// Linux on the processor that runs foil.
func ParsePlatform(text string) (Platform, error) {
	if text == "" {
		return Platform{OS: "linux", Architecture: runtime.GOARCH}, nil
	}
	parts := strings.Split(strings.ToLower(text), "/")
	if len(parts) == 1 {
		parts = []string{"linux", parts[0]}
	}
	if len(parts) > 3 || strings.Contains(text, "//") || strings.HasSuffix(text, "/") || strings.HasPrefix(text, "/") {
		return Platform{}, fmt.Errorf("the platform %q is not of the form OS/ARCHITECTURE[/VARIANT], such as linux/arm64", text)
	}
	p := Platform{OS: parts[0], Architecture: parts[1]}
	switch p.Architecture {
	case "x86_64", "x86-64":
		p.Architecture = "amd64"
	case "aarch64":
		p.Architecture = "arm64"
	}
	if len(parts) == 3 {
		p.Variant = parts[2]
	}
	return p, nil
}

// Runs reports whether an image of a platform is what was asked for.
func (p Platform) Runs(image Platform) bool {
	if p.OS != image.OS || p.Architecture != image.Architecture {
		return false
	}
	return p.Variant == "" || p.Variant == image.Variant || p.Architecture == "arm64" && p.Variant == "v8" && image.Variant == ""
}
