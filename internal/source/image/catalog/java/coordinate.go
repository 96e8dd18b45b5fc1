package java

import (
	"bytes"
	"slices"
	"strings"
)

// contents are the texts of one archive that say what it holds.
type contents struct {
	maven    []coordinate // of the archive itself, and of what was merged into it
	manifest map[string]string
}

func (c *contents) add(name string, text []byte) {
	if strings.HasSuffix(name, "/pom.properties") {
		p := properties(text)
		one := coordinate{p["groupId"], p["artifactId"], p["version"]}
		if one.group != "" && one.name != "" && plausible(one.version) && len(c.maven) < mostMerged && !slices.Contains(c.maven, one) {
			c.maven = append(c.maven, one)
		}
		return
	}
	c.manifest = attributes(text)
}

// coordinates are the packages of an archive with a name. Where Maven says
// nothing of the archive itself, the manifest and the name do.
func (c *contents) coordinates(file string) []coordinate {
	stem := file[:max(strings.LastIndexByte(file, '.'), 0)]
	for i := range c.maven {
		if strings.HasPrefix(stem, c.maven[i].name) {
			return c.maven
		}
	}
	own, ok := c.own(stem)
	if !ok {
		return c.maven
	}
	return append(c.maven, own)
}

func (c *contents) own(stem string) (coordinate, bool) {
	name, version := splitStem(stem)
	versioned := version != ""
	if !versioned {
		version = c.first("Implementation-Version", "Bundle-Version", "Specification-Version")
	}
	one := coordinate{name: name, version: version, group: c.group(name)}
	if !plausible(version) || name == "" || !versioned && one.group == "" {
		return coordinate{}, false
	}
	return one, true
}

// group finds the group of an archive that does not name it: well-known ones by
// the beginning of the name, others out of the manifest.
func (c *contents) group(name string) string {
	if group := knownGroup(name); group != "" {
		return group
	}
	symbolic, _, _ := strings.Cut(c.first("Bundle-SymbolicName"), ";")
	if group, found := strings.CutSuffix(strings.TrimSpace(symbolic), "."+name); found && strings.Contains(group, ".") {
		return group
	}
	if group := c.first("Implementation-Vendor-Id"); isGroup(group) {
		return group
	}
	return ""
}

func isGroup(text string) bool {
	return strings.Contains(text, ".") && !strings.ContainsAny(text, " /:") && strings.ToLower(text) == text
}

func (c *contents) first(keys ...string) string {
	for _, k := range keys {
		if v := c.manifest[k]; v != "" {
			return v
		}
	}
	return ""
}

// splitStem cuts "commons-lang3-3.12.0" before the first part that begins with
// a digit.
func splitStem(stem string) (name, version string) {
	for i := 1; i+1 < len(stem); i++ {
		if (stem[i] == '-' || stem[i] == '_') && '0' <= stem[i+1] && stem[i+1] <= '9' {
			return stem[:i], stem[i+1:]
		}
	}
	return stem, ""
}

// plausible tells versions from placeholders that were never filled in.
func plausible(version string) bool {
	return version != "" && len(version) < 128 && !strings.ContainsAny(version, "${} @")
}

// Limits of one text.
const (
	mostLines    = 1000
	mostMerged   = 2000
	longestValue = 8 << 10
)

// properties reads the lines key=value.
func properties(text []byte) map[string]string {
	out := map[string]string{}
	for line := range bytes.Lines(text) {
		key, value, found := strings.Cut(strings.TrimSpace(string(line)), "=")
		if found && !strings.HasPrefix(key, "#") && len(out) < mostLines {
			out[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	return out
}

// attributes reads the main section of a manifest: "Key: value", where a line
// that begins with a space continues the one before.
func attributes(text []byte) map[string]string {
	out := map[string]string{}
	key := ""
	for line := range bytes.Lines(text) {
		l := strings.TrimRight(string(line), "\r\n")
		switch name, value, found := strings.Cut(l, ": "); {
		case l == "":
			return out
		case l[0] == ' ':
			if key != "" && len(out[key]) < longestValue {
				out[key] += l[1:]
			}
		case found && len(out) < mostLines:
			key = name
			out[key] = strings.TrimSpace(value)
		default:
			key = ""
		}
	}
	return out
}
